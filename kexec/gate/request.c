// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#ifdef HAVE_SECCOMP

#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "gate/remote.h"
#include "gate/request.h"

static const char *syscall_name(const struct seccomp_data *call, char **to_free)
{
	uint32_t arch = call->arch;

	/* x32 shares AUDIT_ARCH_X86_64 and marks its numbers. */
	if (arch == SCMP_ARCH_X86_64 && call->nr & 0x40000000)
		arch = SCMP_ARCH_X32;
	*to_free = seccomp_syscall_resolve_num_arch(arch, call->nr);
	return *to_free ? *to_free : "";
}

bool kho_request_init(const struct seccomp_notif *notif, struct kho_request *request)
{
	const __u64 *args = notif->data.args;
	char *to_free;
	const char *name = syscall_name(&notif->data, &to_free);
	bool known = true;

	*request = (struct kho_request){
		.id = notif->id, .tid = (pid_t)notif->pid, .call = notif->data,
	};
	if (!strcmp(name, "kexec_file_load"))
		kho_load_by_file(args[4], &request->load);
	else if (!strcmp(name, "kexec_load"))
		kho_load_by_segments(args[1], args[3], &request->load);
	else
		known = false;
	free(to_free);
	return known;
}

bool kho_request_waits(int notify_fd, uint64_t id)
{
	return !ioctl(notify_fd, SECCOMP_IOCTL_NOTIF_ID_VALID, &id);
}

static int fetch_image(struct kho_request *r)
{
	int fd = remote_fd(r->tid, (int)r->call.args[0]);

	if (fd < 0)
		return fd;
	r->load.kernel_fd = fd;
	return fstat(fd, &r->image) ? -errno : 0;
}

static int fetch_initrd(struct kho_request *r)
{
	int fd = remote_fd(r->tid, (int)r->call.args[1]);

	if (fd < 0)
		return fd;
	r->load.initrd_fd = fd;
	return fstat(fd, &r->initrd) ? -errno : 0;
}

static int fetch(struct kho_request *r)
{
	const __u64 *args = r->call.args;
	int ret = fetch_image(r);

	if (ret)
		return kho_load_unreadable("image", -ret, &r->why);
	if (!(args[4] & KEXEC_FILE_NO_INITRAMFS))
		ret = fetch_initrd(r);
	if (ret)
		return kho_load_unreadable("initrd", -ret, &r->why);
	ret = remote_text(r->tid, args[3], args[2], KHO_CMDLINE_LIMIT_BYTES, &r->cmdline);
	return ret ? kho_load_unreadable("command line", -ret, &r->why) : 0;
}

void kho_request_fetch(struct kho_request *request)
{
	struct kho_load *load = &request->load;

	if (kho_load_is_checked(load) && fetch(request)) {
		load->trouble = request->why.text;
		load->remedy = "run as the same user as the loader, on Linux 5.6 or later";
	}
	load->initrd_bytes = (uint64_t)request->initrd.st_size;
	load->cmdline = request->cmdline;
}

void kho_request_deinit(struct kho_request *request)
{
	if (request->load.kernel_fd >= 0)
		close(request->load.kernel_fd);
	if (request->load.initrd_fd >= 0)
		close(request->load.initrd_fd);
	free(request->cmdline);
	*request = (struct kho_request){ .load = { .kernel_fd = -1, .initrd_fd = -1 } };
}

#endif
