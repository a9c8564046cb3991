// SPDX-License-Identifier: GPL-2.0-only
/*
 * The areas of real cold boots against those that model/areas.c lays out: exactly.
 *
 *   layout [FILE...]                          default: all of tests/data/model/areas
 *   layout -m IMAGE MACHINE START [LO HI]     IMAGE booted MACHINE, a tree or a snapshot, from
 *                                             cold; it ran at START, its initrd was at LO to HI
 *   layout -w KERNEL IMAGE MACHINE START [LO HI]   write the same as a case; KERNEL is that of
 *                                             kernels.txt
 *
 * Where kernel and initrd were comes from /proc/iomem and the kernel's log: chance and the boot
 * loader choose it.  tests/vm/check-layout makes a call of -m for each recorded boot.
 */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"
#include "kernel/words.h"
#include "machine/snapshot/snapshot.h"
#include "model/areas.h"
#include "model/boot-kernel.h"
#include "model/boot-machine.h"

#define FOUR_GIB (UINT64_C(1) << 32)

static struct boot_work *work;
static int test_nr, failed;

static void report(bool ok, const char *name)
{
	printf("%sok %d - %s\n", ok ? "" : "not ", ++test_nr, name);
	failed += !ok;
}

/* The value of kho_scratch= in @cmdline, or the default. */
static struct boot_setting setting_of(const char *cmdline)
{
	struct boot_setting set = { .percent = BOOT_PERCENT_DEFAULT }, read;
	char value[64];
	struct param p;

	while (cmdline && (cmdline = param_next(cmdline, &p))) {
		if (!param_is(&p, "kho_scratch") || !p.value)
			continue;
		snprintf(value, sizeof(value), "%.*s", (int)p.value_bytes, p.value);
		if (boot_setting_parse(value, &read))
			set = read;
	}
	return set;
}

/*
 * Where it is not known what UEFI's boot services took, the areas below 4 GiB may lie lower than they are
 * laid out, and no higher.
 */
static bool is_same(const struct kho_range *was, const struct kho_range *now, bool may_be_lower)
{
	if (may_be_lower && was->end_pa <= FOUR_GIB && was->start_pa < now->start_pa) {
		printf("# %" PRIu64 "K lower, as UEFI's boot services may have it\n",
		       (now->start_pa - was->start_pa) >> 10);
		return was->end_pa - was->start_pa == now->end_pa - now->start_pa;
	}
	return was->start_pa == now->start_pa && was->end_pa == now->end_pa;
}

static void check(const char *name, const struct boot_kernel *kernel,
		  const struct boot_machine *machine, const struct boot_cold *cold,
		  bool may_be_lower)
{
	const struct boot_setting set = setting_of(cold->cmdline);
	struct boot_cold_memory memory;
	struct kho_ranges areas = { 0 };
	int ret = boot_cold_follow(work, kernel, machine, cold, NULL, &memory);
	bool same;

	if (!ret) {
		ret = boot_lay_out(&memory, &set, &areas);
		if (set.percent)
			printf("# taken %" PRIu64 " KiB below 4 GiB, %" PRIu64 " KiB in all\n",
			       memory.kernel_low_bytes >> 10, memory.kernel_bytes >> 10);
		boot_cold_deinit(&memory);
	}
	same = !ret && areas.n == machine->scratch.n;
	for (size_t i = 0; i < machine->scratch.n; i++) {
		const struct kho_range *was = &machine->scratch.r[i];
		const struct kho_range *now = i < areas.n ? &areas.r[i] : &(struct kho_range){ 0 };

		if (is_same(was, now, may_be_lower))
			continue;
		same = false;
		printf("# area %zu: is %" PRIx64 " + %" PRIu64 "K, laid out at %" PRIx64 " + %" PRIu64
		       "K\n", i, was->start_pa, (was->end_pa - was->start_pa) >> 10, now->start_pa,
		       (now->end_pa - now->start_pa) >> 10);
	}
	if (ret)
		printf("# %s\n", strerror(-ret));
	report(same, name);
	kho_ranges_deinit(&areas);
}

/* "# cold START LO HI", which fixture_read() takes for a comment. */
static void read_cold(const char *path, struct boot_cold *cold)
{
	char line[4096];
	FILE *f = fopen(path, "r");

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "# cold %" SCNx64 " %" SCNx64 " %" SCNx64, &cold->kernel_pa,
			   &cold->initrd.start_pa, &cold->initrd.end_pa) == 3)
			break;
	if (f)
		fclose(f);
}

static void check_file(const char *dir, const char *path)
{
	struct boot_cold cold = { .kernel_pa = 0 };
	struct fixture f;

	fixture_read(dir, path, &f);
	read_cold(path, &cold);
	cold.cmdline = f.cmdline;
	cold.release = f.release;
	check(strrchr(path, '/') ? strrchr(path, '/') + 1 : path, &f.kernel, &f.machine, &cold,
	      false);
	fixture_deinit(&f);
}

static int is_case(const struct dirent *e)
{
	const char *dot = strrchr(e->d_name, '.');

	return dot && !strcmp(dot, ".areas");
}

static void check_all(const char *dir)
{
	char path[8192], cases[4200];
	struct dirent **list;
	int n;

	snprintf(cases, sizeof(cases), "%s/areas", dir);
	n = scandir(cases, &list, is_case, alphasort);
	if (n <= 0) {
		printf("Bail out! %s: no cases\n", cases);
		exit(99);
	}
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", cases, list[i]->d_name);
		check_file(dir, path);
		free(list[i]);
	}
	free(list);
}

/* What was read of the machine, its areas as they are among it. */
static void write_case(const char *name, const struct boot_machine *m, const struct boot_cold *cold)
{
	printf("# cold %" PRIx64 " %" PRIx64 " %" PRIx64 "\nkernel %s\ncmdline %s\n",
	       cold->kernel_pa, cold->initrd.start_pa, cold->initrd.end_pa, name, cold->cmdline);
	for (size_t i = 0; i < m->ram.n; i++)
		printf("ram %" PRIx64 " %" PRIx64 " %d\n", m->ram.r[i].start_pa, m->ram.r[i].end_pa,
		       m->ram.r[i].node);
	for (size_t i = 0; i < m->boot_services.n; i++)
		printf("boot_services %" PRIx64 " %" PRIx64 "\n", m->boot_services.r[i].start_pa,
		       m->boot_services.r[i].end_pa);
	for (size_t i = 0; i < m->scratch.n; i++)
		printf("scratch %" PRIx64 " %" PRIx64 "\n", m->scratch.r[i].start_pa,
		       m->scratch.r[i].end_pa - m->scratch.r[i].start_pa);
	for (size_t i = 0; i < m->nr_cpus; i++)
		printf("cpus %d %u\n", m->cpus[i].node, m->cpus[i].count);
	for (size_t i = 0; i < m->nr_own_cpus; i++)
		printf("own_cpus %d %u\n", m->own_cpus[i].node, m->own_cpus[i].count);
	printf("firmware_ranges %u\n", m->nr_firmware_ranges);
}

/* 1 where something cannot be read.  @name NULL: check, else write. */
static int check_machine(const char *name, int argc, char **argv)
{
	struct boot_cold cold = { .kernel_pa = 0 };
	struct boot_machine machine;
	struct boot_kernel kernel;
	const char *missing;
	struct successor s;
	struct machine m;
	struct kho_err err = { "" };
	int fd = open(argv[0], O_RDONLY | O_CLOEXEC), bad;

	bad = fd < 0 || successor_read_fd(fd, &s, &err) || snapshot_or_tree(argv[1], &m, &err) ||
	      boot_kernel_from_successor(&s, &kernel, NULL, &missing) ||
	      boot_machine_init(&machine, &m);
	if (bad) {
		printf("Bail out! %s, %s: %s\n", argv[0], argv[1], err.text);
		return 1;
	}
	cold.cmdline = m.cmdline;
	cold.release = m.release;
	cold.kernel_pa = strtoull(argv[2], NULL, 16);
	if (argc > 4) {
		cold.initrd.start_pa = strtoull(argv[3], NULL, 16);
		cold.initrd.end_pa = strtoull(argv[4], NULL, 16);
	}
	if (name)
		write_case(name, &machine, &cold);
	else
		check(argv[1], &kernel, &machine, &cold, m.uefi && !m.boot_services_known);
	boot_machine_deinit(&machine);
	machine_deinit(&m);
	successor_deinit(&s);
	close(fd);
	return 0;
}

int main(int argc, char **argv)
{
	const char *srcdir = getenv("srcdir");
	char dir[4100];

	work = boot_work_create();
	if (!work)
		return 99;
	snprintf(dir, sizeof(dir), "%s/tests/data/model", srcdir ? srcdir : ".");
	if (argc > 5 && !strcmp(argv[1], "-w"))
		return check_machine(argv[2], argc - 3, argv + 3);
	if (argc > 4 && !strcmp(argv[1], "-m"))
		failed += check_machine(NULL, argc - 2, argv + 2);
	else if (argc == 1)
		check_all(dir);
	else
		for (int i = 1; i < argc; i++)
			check_file(dir, argv[i]);
	printf("1..%d\n", test_nr);
	boot_work_destroy(work);
	return failed ? 1 : 0;
}
