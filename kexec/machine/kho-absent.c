// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/kho-absent.h"
#include "model/params.h"
#include "successor/unpack.h"

#define DEBUGFS "sys/kernel/debug"
#define KHO_OUT DEBUGFS "/kho/out"
#define CONFIG "proc/config.gz"

/* A distribution's configuration has a quarter of a MiB. */
#define CONFIG_LIMIT_BYTES (UINT64_C(8) << 20)

static int count_entry(const char *name, void *arg)
{
	++*(size_t *)arg;
	return 0;
}

/* Where distributions put it; a name that is more than one component is none of theirs. */
static int read_installed_config(const struct machine_tree *tree, const char *release,
				 struct kho_buffer *config)
{
	char path[sizeof("boot/config-") + 128], *text;
	int ret;

	if (!release[0] || strchr(release, '/'))
		return 0;
	snprintf(path, sizeof(path), "boot/config-%s", release);
	ret = tree_read(tree, path, &text, &config->size);
	if (ret)
		return ret == -ENOMEM ? ret : 0;
	config->data = (uint8_t *)text;
	return 0;
}

/* What the kernel was built with; empty where that can't be had. */
static int read_config(const struct machine_tree *tree, const char *release,
		       struct kho_buffer *config)
{
	const struct unpack_format *format;
	struct kho_bytes in;
	struct kho_err err;
	char *packed;
	int ret = tree_read(tree, CONFIG, &packed, &in.size);

	if (ret)
		return ret == -ENOMEM ? ret : read_installed_config(tree, release, config);
	in.data = (const uint8_t *)packed;
	format = unpack_by_magic(in);
	if (format)
		ret = unpack(format, in, 0, CONFIG_LIMIT_BYTES, config, &err);
	free(packed);
	return ret == -ENOMEM ? ret : 0;
}

static bool says(const struct kho_buffer *config, const char *line)
{
	return config->size && memmem(config->data, config->size, line, strlen(line));
}

static int off(struct machine *m, const char *why, const char *remedy)
{
	return kho_findings_add(&m->gaps, KHO_F_KHO_OFF, remedy,
				"/" KHO_OUT ": no scratch areas, KHO is off on the running kernel: %s",
				why);
}

static int unseen(struct machine *m, const char *why)
{
	return kho_findings_add(&m->gaps, KHO_F_KHO_UNSEEN,
				"look for \"KHO:\" in the kernel's log, and boot a kernel that has "
				"CONFIG_KEXEC_HANDOVER_DEBUGFS",
				"/" KHO_OUT ": no scratch areas: %s", why);
}

/* Debugfs is there, and has nothing of KHO. */
static int explain(const struct kho_buffer *config, struct machine *m)
{
	int given = param_switch(m->cmdline ? m->cmdline : "", "kho");
	bool on = given == 1 ||
		  (given < 0 && says(config, "\nCONFIG_KEXEC_HANDOVER_ENABLE_DEFAULT=y\n"));

	if (config->size && !says(config, "\nCONFIG_KEXEC_HANDOVER=y\n"))
		return off(m, "it is built without CONFIG_KEXEC_HANDOVER",
			   "boot a kernel that has CONFIG_KEXEC_HANDOVER and "
			   "CONFIG_KEXEC_HANDOVER_DEBUGFS with kho=on");
	if (!on && m->cmdline)
		return off(m, given ? "it was booted without kho=on" : "it was booted with kho=off",
			   "boot with kho=on a kernel that has CONFIG_KEXEC_HANDOVER and "
			   "CONFIG_KEXEC_HANDOVER_DEBUGFS");
	if (!on)
		return unseen(m, "whether kho=on was given is not known");
	if (!config->size)
		return unseen(m, "kho=on was given, so either it is built without KHO, or the "
			      "reservation failed, or KHO is on and only not shown");
	if (says(config, "\n# CONFIG_KEXEC_HANDOVER_DEBUGFS is not set\n"))
		return unseen(m, "it is built without CONFIG_KEXEC_HANDOVER_DEBUGFS");
	return off(m, "kho=on was given, but the reservation failed",
		   "look for \"KHO:\" in the kernel's log, and give a kho_scratch= that fits");
}

int kho_absent(const struct machine_tree *tree, struct machine *m)
{
	struct kho_buffer config = { .size = 0 };
	size_t entries = 0;
	int ret = tree_list(tree, DEBUGFS, count_entry, &entries);

	if (ret == -EACCES || ret == -EPERM)
		return kho_findings_add(&m->gaps, KHO_F_NOT_PERMITTED, "run as root",
					"/" DEBUGFS ": the scratch areas are hidden from this user");
	if (ret || !entries)
		return kho_findings_add(&m->gaps, KHO_F_DEBUGFS_NOT_MOUNTED,
					"mount -t debugfs debugfs /" DEBUGFS,
					"/" DEBUGFS ": debugfs is not mounted, the scratch areas "
					"can't be read");
	ret = read_config(tree, m->release, &config);
	if (!ret)
		ret = explain(&config, m);
	kho_buffer_deinit(&config);
	return ret;
}
