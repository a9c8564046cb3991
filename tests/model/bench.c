// SPDX-License-Identifier: GPL-2.0-only
/*
 * How fast is the model, and does it depend on the amount of RAM?
 *
 *   bench [EVALUATIONS]      default: 10000 for each machine
 *
 * Machines of 8 nodes with areas that just hold the memory map, "nokaslr".
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "model/boot.h"

#define NODES	8
#define GIB	(UINT64_C(1) << 30)
#define MIB	(UINT64_C(1) << 20)

static const struct boot_kernel kernel = {
	.arch = &kho_arch_x86_64, .page_bytes = 4096, .struct_page_bytes = 64,
	.pmd_bytes = 2 * MIB, .section_size_bits = 27, .max_physmem_bits = 52,
	.four_level_physmem_bits = 46, .vmemmap = true,
	.node_data_bytes = 0x4040, .mem_section_bytes = 16, .percpu_bytes = 130000,
	.percpu_reserved_bytes = 8 << 10, .percpu_dynamic_bytes = 28 << 10, .brk_tables = 16,
	.log_buf_bytes = 1 << 17, .log_info_bytes = 88, .log_cpu_bytes = 4096,
	.percpu_chunk_bytes = 128, .init_bytes = 0x10c7000,
	.align_bytes = 2 * MIB, .load_min_pa = 16 * MIB, .relocatable = true,
	.kernel_bytes = 0xe90000, .kaslr = true, .map_after_setup_arch = true,
};

/* 2 GiB below 4 GiB on node 0, all else above; each node a sixtyfourth and a bit in scratch. */
static void make_machine(uint64_t ram_bytes, struct boot_machine *m, struct boot_cpus *cpus)
{
	uint64_t node_bytes = ram_bytes / NODES, pa = 4 * GIB;
	int bad = 0;

	*m = (struct boot_machine){ .cpus = cpus, .nr_cpus = NODES, .nr_firmware_ranges = 16,
				    .five_level = true, .gbpages = true };
	bad |= kho_ranges_add(&m->ram, MIB, 2 * GIB, 0);
	bad |= kho_ranges_add(&m->scratch, GIB, GIB + 256 * MIB, KHO_NO_NODE);
	bad |= kho_ranges_add(&m->scratch, 4 * GIB + node_bytes / 2, 4 * GIB + node_bytes / 2 +
			      256 * MIB, KHO_NO_NODE);
	for (int node = 0; node < NODES; node++) {
		bad |= kho_ranges_add(&m->ram, pa, pa + node_bytes, node);
		bad |= kho_ranges_add(&m->scratch, pa, pa + node_bytes / 60 / (2 * MIB) * 2 * MIB +
				      64 * MIB, KHO_NO_NODE);
		cpus[node] = (struct boot_cpus){ node, 32 };
		pa += node_bytes;
	}
	if (bad)
		exit(99);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double measure(uint64_t ram_bytes, unsigned int n, const struct boot_kernel *k,
		      const char *cmdline)
{
	struct boot_load load = { .cmdline = cmdline, .initrd_bytes = 30 * MIB };
	struct boot_work *work = boot_work_create();
	struct boot_result r = { 0 };
	struct boot_cpus cpus[NODES];
	struct boot_machine m;
	double start;

	make_machine(ram_bytes, &m, cpus);
	if (!work || boot_follow(work, k, &m, &load, &r))
		exit(99);
	start = now();
	for (unsigned int i = 0; i < n; i++)
		if (boot_follow(work, k, &m, &load, &r))
			exit(99);
	start = now() - start;
	printf("%6" PRIu64 " GiB  %-9s %8.0f evaluations/s  %3zu stretches  %s, %" PRIu64
	       " runs for %" PRIu64 " slots, %" PRIu64 " MiB left\n", ram_bytes / GIB, cmdline, n / start, r.nr_allocs,
	       r.outcome == BOOT_UP ? "up" : "dead", r.runs,
	       r.slots, r.headroom_bytes / MIB);
	boot_result_deinit(&r);
	boot_work_destroy(work);
	kho_ranges_deinit(&m.ram);
	kho_ranges_deinit(&m.scratch);
	return start / n;
}

int main(int argc, char **argv)
{
	static const uint64_t sizes[] = { 64, 1024, 65536 };
	unsigned int n = argc > 1 ? (unsigned int)atoi(argv[1]) : 10000;
	struct boot_kernel old = kernel;
	double low = 0, high = 0;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		double t = measure(sizes[i] * GIB, n, &kernel, "nokaslr");

		low = !i || t < low ? t : low;
		high = t > high ? t : high;
	}
	printf("slowest to fastest: %.2f\n", high / low);
	old.sparse_buffer = true;
	old.map_after_setup_arch = false;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		measure(sizes[i] * GIB, n, &old, "nokaslr");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		measure(sizes[i] * GIB, 1, &kernel, "");
	return 0;
}
