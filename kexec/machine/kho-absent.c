// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/kernel-log.h"
#include "machine/kho-absent.h"
#include "machine/remedy.h"
#include "kernel/words.h"
#include "base/unpack/unpack.h"

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
	static const struct {
		const char *before, *behind;
	} places[] = { { "boot/config-", "" }, { "lib/modules/", "/config" } };
	char path[160], *text;

	if (!release[0] || strchr(release, '/'))
		return 0;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int ret;

		snprintf(path, sizeof(path), "%s%s%s", places[i].before, release, places[i].behind);
		ret = tree_read(tree, path, &text, &config->size);
		if (ret == -ENOMEM)
			return ret;
		if (ret)
			continue;
		config->data = (uint8_t *)text;
		return 0;
	}
	config->size = 0;
	return 0;
}

/* What the kernel was built with; empty where that can't be read. */
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
				machine_remedy(m, REMEDY_KHO_LOG),
				"/" KHO_OUT ": no scratch areas: %s", why);
}

#define WITH_KHO "a kernel that has CONFIG_KEXEC_HANDOVER and CONFIG_KEXEC_HANDOVER_DEBUGFS"
#define FITS "boot this machine cold with a kho_scratch= that fits"

/* kernel/liveupdate/kexec_handover.c, kho_reserve_scratch(): all of its complaints. */
static int failed_by_log(struct machine *m, const char *line)
{
	char why[256];

	snprintf(why, sizeof(why), "the reservation failed: the kernel's log has \"%.200s\"", line);
	return off(m, why, FITS);
}

/* Neither the configuration nor the log is there: what the command line alone tells. */
static int explain_without_config(struct machine *m, int given)
{
	if (!m->cmdline)
		return unseen(m, "neither its command line nor its configuration can be read: whether "
			      "KHO is on is not known");
	if (given < 0)
		return unseen(m, "kho=on was not given, and whether KHO is on by default is not known: "
			      "its configuration can't be read");
	return unseen(m, "kho=on was given, so either it is built without KHO, or the reservation "
		      "failed, or KHO is on but debugfs does not show it");
}

/* Debugfs is there, and has nothing of KHO: off only where something says so. */
static int explain_absence(const struct kho_buffer *config, const char *line, struct machine *m)
{
	int given = param_switch(m->cmdline ? m->cmdline : "", "kho");
	bool by_default = says(config, "\nCONFIG_KEXEC_HANDOVER_ENABLE_DEFAULT=y\n");

	if (line)
		return failed_by_log(m, line);
	if (config->size && !says(config, "\nCONFIG_KEXEC_HANDOVER=y\n"))
		return off(m, "it is built without CONFIG_KEXEC_HANDOVER",
			   "boot this machine with kho=on " WITH_KHO);
	if (given == 0)
		return off(m, "it was booted with kho=off", "boot this machine with kho=on " WITH_KHO);
	if (!config->size)
		return explain_without_config(m, given);
	if (given < 0 && !by_default && m->cmdline)
		return off(m, "it was booted without kho=on, and KHO is off by default in it",
			   "boot this machine with kho=on " WITH_KHO);
	if (!m->cmdline && !by_default)
		return unseen(m, "its command line can't be read: whether kho=on was given is not known");
	if (!says(config, "\nCONFIG_KEXEC_HANDOVER_DEBUGFS=y\n"))
		return unseen(m, "it is built without CONFIG_KEXEC_HANDOVER_DEBUGFS");
	if (!m->cmdline)
		return unseen(m, "KHO is on by default, but the command line, which may have kho=off, "
			      "can't be read");
	return off(m, given < 0 ? "KHO is on by default in it, but the reservation failed" :
				  "kho=on was given, but the reservation failed", FITS);
}

int kho_absent(const struct machine_tree *tree, struct machine *m)
{
	static const char *const failed[2] = { "KHO: ", "ailed to reserve" };
	struct kho_buffer config = { .size = 0 };
	size_t entries = 0;
	char *line;
	int ret = tree_list(tree, DEBUGFS, count_entry, &entries);

	if (ret == -EACCES || ret == -EPERM)
		return kho_findings_add(&m->gaps, KHO_F_NOT_PERMITTED,
					machine_remedy(m, REMEDY_ROOT),
					"/" DEBUGFS ": the scratch areas are hidden from this user");
	if (ret || !entries)
		return kho_findings_add(&m->gaps, KHO_F_DEBUGFS_NOT_MOUNTED,
					machine_remedy(m, REMEDY_DEBUGFS),
					"/" DEBUGFS ": debugfs is not mounted, the scratch areas "
					"can't be read");
	ret = read_config(tree, m->release, &config);
	line = kernel_log_find(tree, failed);
	if (!ret)
		ret = explain_absence(&config, line, m);
	free(line);
	kho_buffer_deinit(&config);
	return ret;
}
