// SPDX-License-Identifier: GPL-2.0-only
/* The gate between kexec's own code and its load syscalls.  doc/upstream.md has the places. */
#include "config.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "cli/command.h"
#include "cli/options.h"
#include "gate/load-syscall.h"
#include "linked/hook.h"

/* Set while kexec runs under the gate. */
static struct kho_gate *active_gate;
static int (*own_main)(int argc, char **argv);

/* Where it may not be made, *@result and errno are what kexec takes for those of its call. */
static bool may_load(const struct kho_load *load, int *result)
{
	enum kho_answer answer = kho_gate_decide(active_gate, load);

	if (answer == KHO_ALLOW)
		return true;
	/* What follows a successful load must not happen. */
	if (answer == KHO_PRETEND && !load->unload)
		exit(kho_exit_status(EXIT_SUCCESS));
	errno = EPERM;
	*result = answer == KHO_PRETEND ? 0 : -1;
	return false;
}

bool kho_may_load_segments(unsigned long nr_segments, unsigned long flags, int *result)
{
	struct kho_load load;

	if (!active_gate)
		return true;
	kho_load_by_segments(nr_segments, flags, &load);
	return may_load(&load, result);
}

/* What the kernel would find at these addresses and descriptors, for the gate. */
static int take_file_load(int kernel_fd, int initrd_fd, unsigned long cmdline_bytes,
			  const char *cmdline, unsigned long flags, struct kho_load *load,
			  char **ret_cmdline, struct kho_err *why)
{
	struct stat st = { 0 };
	int ret = 0;

	load->kernel_fd = kernel_fd;
	if (!(flags & KEXEC_FILE_NO_INITRAMFS)) {
		load->initrd_fd = initrd_fd;
		ret = fstat(initrd_fd, &st) ? errno : 0;
	}
	if (ret)
		return kho_load_unreadable("initrd", ret, why);
	load->initrd_bytes = (uint64_t)st.st_size;
	if (cmdline_bytes > KHO_CMDLINE_LIMIT_BYTES)
		return kho_load_unreadable("command line", E2BIG, why);
	*ret_cmdline = strndup(cmdline_bytes ? cmdline : "", cmdline_bytes);
	if (!*ret_cmdline)
		return kho_fail(why, ENOMEM, "out of memory");
	load->cmdline = *ret_cmdline;
	return 0;
}

bool kho_may_load_file(int kernel_fd, int initrd_fd, unsigned long cmdline_bytes,
		       const char *cmdline, unsigned long flags, int *result)
{
	struct kho_err why = { "" };
	struct kho_load load;
	char *copy = NULL;
	bool may;

	if (!active_gate)
		return true;
	kho_load_by_file(flags, &load);
	if (kho_load_is_checked(&load) && take_file_load(kernel_fd, initrd_fd, cmdline_bytes,
							 cmdline, flags, &load, &copy, &why))
		load.trouble = why.text;
	may = may_load(&load, result);
	free(copy);
	return may;
}

bool kho_is_dry_run(void)
{
	return active_gate && active_gate->policy->mode == KHO_MODE_REPORT;
}

void kho_usage(void)
{
	printf("\nKexec HandOver options:\n%s", kho_options_list);
}

int kho_exit_status(int status)
{
	struct kho_gate *gate = active_gate;

	active_gate = NULL;
	return gate ? kho_command_status(gate, status) : status;
}

static int run_kexec(int argc, char **argv, struct kho_gate *gate)
{
	int status;

	setenv("KEXEC_KHO", "off", 1);
	active_gate = gate;
	status = own_main(argc, argv);
	active_gate = NULL;
	return status;
}

int kho_main(int argc, char **argv, int (*kexec_main)(int argc, char **argv))
{
	own_main = kexec_main;
	return kho_command(argc, argv, run_kexec);
}
