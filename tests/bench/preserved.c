// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the map of preserved memory costs: reading it, against reading the pages of
 * the map once, plainly, in the same order, out of the same file.
 *
 *   preserved [GIB]     default: 64 GiB, page by page
 *
 * Once whole, and once every eighth page of half of it, which is a range each.
 */
#include "config.h"

#include <elf.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "machine/kcore.h"
#include "machine/handover/preserved.h"

#define GIB		(UINT64_C(1) << 30)
#define PAGE		4096
#define LEAF_BYTES	(PAGE * 8 * (uint64_t)PAGE)	/* that one leaf tells of */
#define TABLES		6				/* below the first: one of each level */
#define MAP_PA		GIB
#define DATA_OFFSET	PAGE
#define RUNS		11

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void put(int fd, uint64_t pa, const void *data, size_t bytes)
{
	if (pwrite(fd, data, bytes, DATA_OFFSET + pa) != (ssize_t)bytes)
		abort();
}

static void put_entry(int fd, uint64_t table_pa, uint64_t i, uint64_t child_pa)
{
	put(fd, table_pa + 8 * i, &child_pa, sizeof(child_pa));
}

/* RAM from 0 to twice as much; key 1 << 52 | page number: entry 2 of the root. */
static uint64_t make_core(int fd, uint64_t gib, uint8_t pattern)
{
	uint64_t leaves = gib * GIB / LEAF_BYTES, leaf_pa = MAP_PA + TABLES * PAGE;
	Elf64_Ehdr head = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB },
		.e_type = ET_CORE, .e_phoff = sizeof(head), .e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 1,
	};
	Elf64_Phdr ram = {
		.p_type = PT_LOAD, .p_offset = DATA_OFFSET, .p_filesz = 2 * gib * GIB + 2 * GIB,
		.p_align = PAGE,
	};
	uint8_t bits[PAGE];

	memset(bits, pattern, sizeof(bits));
	if (pwrite(fd, &head, sizeof(head), 0) != sizeof(head) ||
	    pwrite(fd, &ram, sizeof(ram), sizeof(head)) != sizeof(ram) ||
	    ftruncate(fd, DATA_OFFSET + ram.p_filesz))
		abort();
	put_entry(fd, MAP_PA, 2, MAP_PA + PAGE);
	for (int level = 1; level < 4; level++)
		put_entry(fd, MAP_PA + level * PAGE, 0, MAP_PA + (level + 1) * PAGE);
	for (uint64_t i = 0; i < leaves; i++) {
		put_entry(fd, MAP_PA + 4 * PAGE, i, leaf_pa + i * PAGE);
		put(fd, leaf_pa + i * PAGE, bits, sizeof(bits));
	}
	return leaves;
}

static double read_map(int fd, struct machine_handover *h)
{
	static char *text[] = { (char *)"kho-v4" };
	const struct kho_err none = { "" };
	struct kho_err err = { "" };
	struct kcore core;
	double start = now();

	*h = (struct machine_handover){ .out = { .state = HANDOVER_READ, .preserved_map_pa = MAP_PA,
						 .root = { NULL, text, 1 } } };
	if (kcore_init(dup(fd), &core, &err) || preserved_read(&core, &none, h))
		abort();
	kcore_close(&core);
	start = now() - start;
	h->out = (struct handover_tree){ .state = HANDOVER_ABSENT };
	return start;
}

static double read_plainly(int fd, uint64_t pages)
{
	double start = now();
	uint8_t page[PAGE];

	for (uint64_t i = 0; i < pages; i++)
		if (pread(fd, page, sizeof(page), DATA_OFFSET + MAP_PA + i * PAGE) != PAGE)
			abort();
	return now() - start;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void measure(const char *name, uint64_t gib, uint8_t pattern)
{
	int fd = memfd_create("kcore", MFD_CLOEXEC);
	uint64_t pages = make_core(fd, gib, pattern) + 5;
	double map[RUNS], plain[RUNS];
	struct machine_handover h;
	struct rusage usage;

	for (int i = 0; i < RUNS; i++) {
		map[i] = read_map(fd, &h);
		plain[i] = read_plainly(fd, pages);
		if (!h.preserved_known && !i)
			printf("%s: %s\n", name, h.preserved_trouble);
		if (!i)
			printf("%s: %zu ranges, %" PRIu64 " pages of the map; ", name,
			       h.preserved.n, pages);
		machine_handover_deinit(&h);
	}
	qsort(map, RUNS, sizeof(map[0]), compare);
	qsort(plain, RUNS, sizeof(plain[0]), compare);
	getrusage(RUSAGE_SELF, &usage);
	printf("map / plain read: %.1f (%.1f ms), at most %ld MiB\n",
	       map[RUNS / 2] / plain[RUNS / 2], map[RUNS / 2] * 1e3, usage.ru_maxrss >> 10);
	close(fd);
}

int main(int argc, char **argv)
{
	uint64_t gib = argc > 1 ? strtoull(argv[1], NULL, 0) : 64;

	if (gib < 2 || gib > 64)	/* one table of leaves */
		return 1;
	measure("every page", gib, 0xff);
	measure("every eighth page of half of it", gib / 2, 0x01);
	return 0;
}
