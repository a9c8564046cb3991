// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where one run tells for many slots of KASLR: the same as when each slot is followed?
 * What all slots come to is compared, and the one that is shown.  Recorded boots, their
 * command lines without nokaslr, and machines made up at random, many of them near the
 * edge.
 *
 *   certain [MACHINES [SEED]]      default: 100, 1; 900 are 22,900 settings around an edge
 */
#include "config.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

#define GIB	(UINT64_C(1) << 30)
#define MIB	(UINT64_C(1) << 20)

static struct boot_work *work;
static struct boot_result quick, each;
static unsigned int tests, failures, decided, up, dead, edges, mixed, uneven;
static uint64_t runs, slots;

static uint64_t state;

/* xorshift64* */
static uint64_t dice(uint64_t sides)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * UINT64_C(0x2545f4914f6cdd1d) >> 33) % sides;
}

static bool same_list(const struct boot_result *a, const struct boot_result *b)
{
	if (a->nr_allocs != b->nr_allocs)
		return false;
	for (size_t i = 0; i < a->nr_allocs; i++) {
		const struct boot_allocation *x = &a->alloc[i], *y = &b->alloc[i];

		if (x->user != y->user || x->pieces != y->pieces ||
		    x->range.start_pa != y->range.start_pa || x->range.end_pa != y->range.end_pa)
			return false;
	}
	return true;
}

/* What all the slots come to: each count, and each shortfall's most, least and count. */
static bool same_fold(const struct boot_fold *a, const struct boot_fold *b)
{
	bool same = a->followed == b->followed && a->dying == b->dying && a->close == b->close;

	for (int i = 0; i < BOOT_SHORT_NR; i++)
		same &= a->shortfall[i].most == b->shortfall[i].most &&
			a->shortfall[i].least == b->shortfall[i].least &&
			a->shortfall[i].slots == b->shortfall[i].slots;
	return same;
}

static bool same(const struct boot_result *a, const struct boot_result *b)
{
	return a->outcome == b->outcome && a->failed == b->failed &&
	       a->failed_node == b->failed_node && a->headroom_bytes == b->headroom_bytes &&
	       a->lacking_bytes == b->lacking_bytes && a->map_bytes == b->map_bytes &&
	       a->kernel_pa == b->kernel_pa && a->slots == b->slots &&
	       a->map_off_node_bytes == b->map_off_node_bytes &&
	       a->map_in_pages_bytes == b->map_in_pages_bytes &&
	       a->buffers == b->buffers && a->buffers_failed == b->buffers_failed &&
	       a->swiotlb_wanted_bytes == b->swiotlb_wanted_bytes &&
	       a->swiotlb_bytes == b->swiotlb_bytes &&
	       a->crashkernel_bytes == b->crashkernel_bytes && a->hugepages == b->hugepages &&
	       a->log_buf_bytes == b->log_buf_bytes &&
	       a->depends_on_preserved == b->depends_on_preserved &&
	       same_fold(&a->fold, &b->fold) && same_list(a, b);
}

static void print(const char *which, const struct boot_result *r)
{
	printf("# %s: outcome %d, failed %d node %d, %" PRIu64 " of %" PRIu64 " slots (%" PRIu64
	       ") die, %" PRIu64 " close, %" PRIu64 " left, %" PRIu64 " lacking, at 0x%" PRIx64
	       ", %" PRIu64 " runs\n", which, r->outcome, r->failed, r->failed_node, r->fold.dying,
	       r->fold.followed, r->slots, r->fold.close, r->headroom_bytes, r->lacking_bytes,
	       r->kernel_pa, r->runs);
	for (int i = 0; i < BOOT_SHORT_NR; i++)
		printf("#   short %d: %" PRIu64 " to %" PRIu64 " in %" PRIu64 "\n", i,
		       r->fold.shortfall[i].least, r->fold.shortfall[i].most,
		       r->fold.shortfall[i].slots);
}

/* True: the same, or no answer in both. */
static bool compare(const struct boot_kernel *k, const struct boot_machine *m,
		    struct boot_load load)
{
	int a, b;

	load.each_slot = false;
	a = boot_follow(work, k, m, &load, &quick);
	load.each_slot = true;
	b = boot_follow(work, k, m, &load, &each);
	if (a || b)
		return a == b;
	decided += quick.kaslr && quick.one_tells;
	runs += quick.runs;
	slots += each.runs;
	up += each.outcome == BOOT_UP;
	dead += each.outcome == BOOT_DIES;
	if (same(&quick, &each))
		return true;
	print("one ", &quick);
	print("each", &each);
	return false;
}

static void ok(bool passed, const char *name)
{
	printf("%sok %u - %s\n", passed ? "" : "not ", ++tests, name);
	failures += !passed;
}

static void recorded(const char *dir, const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	struct fixture f;
	char *word;

	fixture_read(dir, path, &f);
	while ((word = strstr(f.cmdline, "nokaslr")))
		memset(word, ' ', strlen("nokaslr"));
	f.kernel.kaslr = true;
	ok(compare(&f.kernel, &f.machine, f.load), name);
	fixture_deinit(&f);
}

static void make_kernel(struct boot_kernel *k)
{
	static const struct boot_kernel plain = {
		.arch = &kho_arch_x86_64, .page_bytes = 4096, .struct_page_bytes = 64,
		.pmd_bytes = 2 * MIB, .section_size_bits = 27, .max_physmem_bits = 52,
		.four_level_physmem_bits = 46, .vmemmap = true, .node_data_bytes = 0x4040,
		.mem_section_bytes = 16, .percpu_bytes = 130000, .percpu_dynamic_bytes = 28 << 10,
		.brk_tables = 16,
		.log_buf_bytes = 1 << 17, .log_info_bytes = 88, .log_cpu_bytes = 4096,
		.percpu_chunk_bytes = 128, .dma_cma = true, .init_bytes = 0x10c7000, .align_bytes = 2 * MIB,
		.load_min_pa = 16 * MIB, .relocatable = true, .kernel_bytes = 0xe90000,
		.kaslr = true, .numa_emulation = true,
	};

	*k = plain;
	k->sparse_buffer = dice(3) == 0;
	k->map_after_setup_arch = dice(3);
	k->usage_by_node_data = !k->map_after_setup_arch;
	k->extends_scratch = !k->sparse_buffer && dice(3) == 0;
	if (dice(4) == 0)
		k->align_bytes = 16 * MIB;
	if (dice(4) == 0)
		k->struct_page_bytes = 80;
	if (dice(4) == 0)
		k->payload_offset_bytes = 0x400000;
}

static void add(struct kho_ranges *ranges, uint64_t start_pa, uint64_t end_pa, int node)
{
	if (kho_ranges_add(ranges, start_pa, end_pa, node))
		exit(99);
}

/* An area that ends at @end_pa. */
static void add_area(struct boot_machine *m, uint64_t end_pa, uint64_t bytes)
{
	bytes = (bytes + 2 * MIB - 1) / (2 * MIB) * (2 * MIB);
	add(&m->scratch, end_pa - bytes, end_pa, KHO_NO_NODE);
}

/* Up to four nodes of some GiB; areas of about what the memory map takes. */
static void make_machine(struct boot_machine *m, struct boot_cpus *cpus,
			 struct kho_ranges *preserved)
{
	int nodes = 1 + (int)dice(4);
	uint64_t pa = 4 * GIB, node_bytes = (4 + dice(13)) * GIB;
	uint64_t percent = 60 + dice(dice(4) ? 160 : 600);

	*m = (struct boot_machine){ .cpus = cpus, .nr_cpus = nodes, .nr_firmware_ranges = 16,
				    .five_level = dice(2), .gbpages = dice(2) };
	add(&m->ram, 0, 0x9fc00, 0);
	add(&m->ram, MIB, 3 * GIB, 0);
	add_area(m, 3 * GIB - dice(64) * MIB, (4 + dice(dice(2) ? 80 : 900)) * MIB);
	add_area(m, pa + node_bytes * nodes - 512 * MIB, (20 + dice(300)) * MIB);
	for (int node = 0; node < nodes; node++) {
		if (dice(6) == 0) {
			add(&m->ram, pa, pa + GIB - dice(200) * MIB, node);
			add(&m->ram, pa + GIB, pa + node_bytes, node);
		} else {
			add(&m->ram, pa, pa + node_bytes, node);
		}
		add_area(m, pa + node_bytes / 2, node_bytes / 64 * percent / 100 + MIB);
		cpus[node] = (struct boot_cpus){ node, 1 + (unsigned int)dice(100) };
		pa += node_bytes;
	}
	for (uint64_t at = 4 * GIB; at < pa; at += (1 + dice(3)) * GIB)
		add(preserved, at + dice(1000) * MIB, at + 1001 * MIB, KHO_NO_NODE);
	m->preserved = dice(2) ? preserved : NULL;
}

/* Does it boot without KASLR, with a global area of so many steps of 2 MiB? */
static bool boots(const struct boot_kernel *k, struct boot_machine *m, struct boot_load load,
		  uint64_t steps)
{
	struct boot_kernel still = *k;

	still.kaslr = false;
	m->scratch.r[1].start_pa = m->scratch.r[1].end_pa - steps * 2 * MIB;
	return !boot_follow(work, &still, m, &load, &quick) && quick.outcome == BOOT_UP;
}

static bool lack_differs(const struct boot_fold *fold)
{
	for (int i = 0; i < BOOT_SHORT_NR; i++)
		if (fold->shortfall[i].slots && fold->shortfall[i].least < fold->shortfall[i].most)
			return true;
	return false;
}

/* Around the smallest global area with which it boots, slots do not all agree. */
static bool compare_at_edge(const struct boot_kernel *k, struct boot_machine *m,
			    struct boot_load load)
{
	uint64_t low = 1, high = 400;
	bool good = true;

	while (low + 1 < high) {
		uint64_t mid = (low + high) / 2;

		if (boots(k, m, load, mid))
			high = mid;
		else
			low = mid;
	}
	for (uint64_t steps = low > 2 ? low - 2 : 1; steps < high + 24; steps++) {
		m->scratch.r[1].start_pa = m->scratch.r[1].end_pa - steps * 2 * MIB;
		good &= compare(k, m, load);
		edges++;
		mixed += each.fold.dying && each.fold.dying < each.fold.followed;
		uneven += lack_differs(&each.fold);
	}
	return good;
}

static void make_up(unsigned int number)
{
	static const char *const cmdlines[] = {
		"", "", "", "", "crashkernel=64M", "crashkernel=256M", "crashkernel=400M",
		"crashkernel=128M,high", "crashkernel=64M,high crashkernel=0,low",
		"crashkernel=32M crashkernel=256M,cma",
		"hugepagesz=1G hugepages=2", "log_buf_len=8M", "numa=off", "numa=fake=3", "mem=9G",
		"mem=6G", "memmap=256M$5G", "memmap=1G$0x180000000", "cma=32M", "swiotlb=65536",
	};
	struct kho_ranges preserved = { 0 };
	struct boot_load load = { 0 };
	struct boot_machine m;
	struct boot_kernel k;
	struct boot_cpus cpus[4];
	char name[64];
	bool good;

	make_kernel(&k);
	make_machine(&m, cpus, &preserved);
	load.cmdline = cmdlines[dice(sizeof(cmdlines) / sizeof(cmdlines[0]))];
	load.initrd_bytes = dice(3) * dice(60) * MIB;
	snprintf(name, sizeof(name), "machine %u: \"%s\"", number, load.cmdline);
	good = compare(&k, &m, load);
	ok(compare_at_edge(&k, &m, load) && good, name);
	kho_ranges_deinit(&m.ram);
	kho_ranges_deinit(&m.scratch);
	kho_ranges_deinit(&preserved);
}

/*
 * What must lie below 4 GiB: with ample room above, the low area has some for a crash kernel
 * unless the kernel is in it, too.
 */
static void below_4g(void)
{
	bool good = true, differ = false;
	struct boot_load load = { .cmdline = "crashkernel=64M" };
	struct boot_cpus cpus = { 0, 4 };
	struct boot_kernel k;

	make_kernel(&k);
	k.align_bytes = 2 * MIB;
	for (uint64_t mib = 64; mib < 160; mib += 8) {
		struct boot_machine m = {
			.cpus = &cpus, .nr_cpus = 1, .nr_firmware_ranges = 16,
		};

		add(&m.ram, 0, 0x9fc00, 0);
		add(&m.ram, MIB, 3 * GIB, 0);
		add(&m.ram, 4 * GIB, 16 * GIB, 0);
		add_area(&m, 3 * GIB, mib * MIB);
		add_area(&m, 16 * GIB, 2 * GIB);
		good &= compare(&k, &m, load);
		differ |= lack_differs(&each.fold) ||
			  (each.fold.shortfall[BOOT_SHORT_CRASHKERNEL].slots &&
			   each.fold.shortfall[BOOT_SHORT_CRASHKERNEL].slots < each.fold.followed);
		kho_ranges_deinit(&m.ram);
		kho_ranges_deinit(&m.scratch);
	}
	ok(good, "a request with an upper limit");
	ok(differ, "which is met in some slots only");
}

int main(int argc, char **argv)
{
	unsigned int machines = argc > 1 ? (unsigned int)atoi(argv[1]) : 100;
	const char *top = getenv("top_srcdir");
	char dir[4096], pattern[4200];
	glob_t found = { 0 };

	state = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	state = state * 2654435761u + 88172645463325252u;
	work = boot_work_create();
	if (!work)
		return 99;
	snprintf(dir, sizeof(dir), "%s/tests/data/model", top ? top : ".");
	snprintf(pattern, sizeof(pattern), "%s/*.boot", dir);
	if (!glob(pattern, 0, NULL, &found))
		for (size_t i = 0; i < found.gl_pathc; i++)
			recorded(dir, found.gl_pathv[i]);
	globfree(&found);
	for (unsigned int i = 0; i < machines; i++)
		make_up(i);
	below_4g();
	/* Else this would have compared nothing. */
	ok(decided * 50 > tests + edges, "one run was enough for a fiftieth at least");
	ok(mixed > edges / 1000 && uneven > edges / 50, "slots differ in deaths and in what is short");
	printf("# %u of %u decided by one run; %u come up, %u die; of %u at an edge %u die in some "
	       "slots only, and in %u slots lack more or less\n# %" PRIu64 " runs for %" PRIu64
	       " slots\n1..%u\n", decided, tests + edges, up, dead, edges, mixed, uneven, runs, slots,
	       tests);
	boot_result_deinit(&quick);
	boot_result_deinit(&each);
	boot_work_destroy(work);
	return failures != 0;
}
