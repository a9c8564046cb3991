// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/running-arch.h"
#include "machine/srat.h"

#define X86_64 "x86_64"
#define ARM64 "aarch64"

/* What tells one architecture from the other: KHO exists on these two only. */
struct evidence {
	const char *path;
	const char *arch;
	/* Does the file at @path hold @text?  NULL: that the path is there is enough. */
	bool (*holds)(const char *file, size_t bytes, const char *text);
	const char *text;
};

/* Is there a resource of this name: "fee00000-fee00fff : Local APIC"?  It may be nested. */
static bool has_resource(const char *file, size_t bytes, const char *name)
{
	size_t len = strlen(name);

	(void)bytes;
	for (const char *at = file; (at = strstr(at, " : ")); ) {
		at += 3;
		if (!strncmp(at, name, len) && (at[len] == '\n' || at[len] == ' ' || !at[len]))
			return true;
	}
	return false;
}

/* Does a line of /proc/cpuinfo begin with @key? */
static bool has_key(const char *file, size_t bytes, const char *key)
{
	size_t len = strlen(key);

	(void)bytes;
	for (const char *at = file; at; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (!strncmp(at, key, len) && strchr("\t :", at[len]))
			return true;
		if (!*at)
			return false;
	}
	return false;
}

static bool has_apic(const char *file, size_t bytes, const char *text)
{
	(void)text;
	return srat_has_processor((const uint8_t *)file, bytes, SRAT_PROCESSOR_APIC);
}

static bool has_gic(const char *file, size_t bytes, const char *text)
{
	(void)text;
	return srat_has_processor((const uint8_t *)file, bytes, SRAT_PROCESSOR_GIC);
}

/*
 * A device tree is none: x86-64 kernels with CONFIG_OF show an empty one
 * (drivers/of/base.c, of_core_init()).  Nor is "PCI Bus 0000:00", which both show.
 */
static const struct evidence all_evidence[] = {
	/* arch/x86/kernel/e820.c, e820__reserve_resources(); arch/x86/kernel/ksysfs.c */
	{ "sys/firmware/memmap", X86_64, NULL, NULL },
	{ "sys/kernel/boot_params", X86_64, NULL, NULL },
	/* arch/x86/kernel/probe_roms.c, arch/x86/kernel/apic/ */
	{ "proc/iomem", X86_64, has_resource, "System ROM" },
	{ "proc/iomem", X86_64, has_resource, "Local APIC" },
	{ "proc/iomem", X86_64, has_resource, "IOAPIC" },
	/* ACPI 6.5, 5.2.16 */
	{ "sys/firmware/acpi/tables/SRAT", X86_64, has_apic, NULL },
	{ "sys/firmware/acpi/tables/SRAT", ARM64, has_gic, NULL },
	/* drivers/irqchip/irq-gic-v3.c */
	{ "proc/iomem", ARM64, has_resource, "GICD" },
	{ "proc/iomem", ARM64, has_resource, "GICR" },
	/* arch/x86/kernel/cpu/proc.c, arch/arm64/kernel/cpuinfo.c */
	{ "proc/cpuinfo", X86_64, has_key, "cpuid level" },
	{ "proc/cpuinfo", ARM64, has_key, "CPU implementer" },
};

static int stop(const char *name, void *arg)
{
	(void)name;
	(void)arg;
	return 1;
}

/* 1: it speaks for its architecture; 0: it says nothing; -ENOMEM. */
static int speaks(const struct machine_tree *tree, const struct evidence *e)
{
	size_t bytes;
	char *file;
	int ret;

	if (!e->holds)
		return tree_list(tree, e->path, stop, NULL) == 1;
	ret = tree_read(tree, e->path, &file, &bytes);
	if (ret)
		return ret == -ENOMEM ? ret : 0;
	ret = e->holds(file, bytes, e->text);
	free(file);
	return ret;
}

static int contradict(struct machine *m, const struct evidence *e)
{
	int ret = kho_findings_add(&m->gaps, KHO_F_ARCH_UNKNOWN, "capture the machine again",
				   "/%s is of %s, /%s is of %s: the architecture of this machine is "
				   "not known", m->arch_source, m->arch, e->path, e->arch);

	m->arch[0] = '\0';
	m->arch_source = NULL;
	return ret;
}

int running_arch_read(const struct machine_tree *tree, struct machine *m)
{
	if (m->arch[0]) {
		m->arch_source = RUNNING_ARCH;
		return 0;
	}
	for (size_t i = 0; i < sizeof(all_evidence) / sizeof(all_evidence[0]); i++) {
		const struct evidence *e = &all_evidence[i];
		int ret = speaks(tree, e);

		if (ret < 0)
			return ret;
		if (!ret)
			continue;
		if (m->arch[0] && strcmp(m->arch, e->arch))
			return contradict(m, e);
		if (m->arch[0])
			continue;
		snprintf(m->arch, sizeof(m->arch), "%s", e->arch);
		m->arch_source = e->path;
	}
	return 0;
}
