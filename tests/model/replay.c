// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recorded boots against the model: the outcome of each, and, where memblock=debug
 * and nokaslr make it comparable, the address of each piece of the memory map.
 *
 *   replay [-v] [-i FOLDER] [FILE...]      default: all of tests/data/model
 *
 * -i: take the facts from the images in FOLDER, bzImage-RELEASE-kho or
 * Image.gz-RELEASE-kho, as the tool does, instead of from kernels.txt; then only the
 * outcomes are judged, as what an image does not tell is taken on the large side.
 */
#include "config.h"

#include <fcntl.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"
#include "model/boot-kernel.h"

struct piece {
	uint64_t start_pa;
	uint64_t bytes;
};

struct pieces {
	struct piece *p;
	size_t n;
};

static unsigned int tests, failures;
static uint64_t total, total_equal, others_total, others_equal;
static bool verbose;
static const char *images;

static void ok(bool passed, const char *name, const char *what)
{
	printf("%sok %u - %s: %s\n", passed ? "" : "not ", ++tests, name, what);
	failures += !passed;
}

static void add(struct pieces *list, uint64_t start_pa, uint64_t bytes)
{
	list->p = realloc(list->p, (list->n + 1) * sizeof(*list->p));
	if (!list->p)
		exit(99);
	list->p[list->n++] = (struct piece){ start_pa, bytes };
}

static int by_address(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	return x->start_pa < y->start_pa ? -1 : x->start_pa > y->start_pa;
}

static void predicted(const struct boot_result *r, struct pieces *list)
{
	for (size_t i = 0; i < r->nr_allocs; i++) {
		const struct boot_allocation *a = &r->alloc[i];
		uint64_t bytes = (a->range.end_pa - a->range.start_pa) / a->pieces;

		if (a->user != BOOT_MEMORY_MAP && a->user != BOOT_MAP_TABLES)
			continue;
		for (uint64_t k = 0; k < a->pieces; k++)
			add(list, a->range.start_pa + k * bytes, bytes);
	}
	if (list->n)
		qsort(list->p, list->n, sizeof(*list->p), by_address);
}

static void recorded(const struct fixture *f, struct pieces *list)
{
	for (size_t i = 0; i < f->nr_map; i++)
		for (uint64_t k = 0; k < f->map[i].count; k++)
			add(list, f->map[i].start_pa + k * f->map[i].bytes, f->map[i].bytes);
	if (list->n)
		qsort(list->p, list->n, sizeof(*list->p), by_address);
}

static void print_pieces(const char *what, const struct pieces *list)
{
	for (size_t i = 0, k; i < list->n; i = k) {
		for (k = i + 1; k < list->n && list->p[k].bytes == list->p[i].bytes &&
		     list->p[k].start_pa == list->p[k - 1].start_pa + list->p[i].bytes; k++)
			;
		printf("#   %s %zu of 0x%" PRIx64 " at 0x%" PRIx64 "\n", what, k - i,
		       list->p[i].bytes, list->p[i].start_pa);
	}
}

/* How many of @want are among @have, in the same place and of the same size? */
static uint64_t equal(const struct pieces *have, const struct pieces *want)
{
	uint64_t n = 0;

	for (size_t i = 0, k = 0; i < want->n; i++) {
		while (k < have->n && have->p[k].start_pa < want->p[i].start_pa)
			k++;
		n += k < have->n && have->p[k].start_pa == want->p[i].start_pa &&
		     have->p[k].bytes == want->p[i].bytes;
	}
	return n;
}

/* Is a piece of @user predicted to start at @start_pa? */
static bool starts_at(const struct boot_result *r, const struct fixture_alloc *want)
{
	for (size_t i = 0; i < r->nr_allocs; i++) {
		const struct boot_allocation *a = &r->alloc[i];
		uint64_t bytes = (a->range.end_pa - a->range.start_pa) / a->pieces;

		if (!strcmp(boot_user_key(a->user), want->user) &&
		    want->start_pa >= a->range.start_pa && want->start_pa < a->range.end_pa &&
		    (want->start_pa - a->range.start_pa) % bytes == 0)
			return true;
	}
	return false;
}

/*
 * What was given back again (a crash kernel whose low part failed, a log that was
 * tried twice) is recorded, but not in the result; arrays after the memory map may
 * be off by a page.  Two may be missed besides the first kind.
 */
static void others(const struct boot_result *r, const struct fixture *f, const char *name)
{
	size_t same = 0, missed = 0;
	char what[256];

	for (size_t i = 0; i < f->nr_allocs; i++) {
		if (starts_at(r, &f->alloc[i]))
			same++;
		else
			missed += strcmp(f->alloc[i].user, "crashkernel") &&
				  strcmp(f->alloc[i].user, "log_buf");
		if (verbose && !starts_at(r, &f->alloc[i]))
			printf("#   recorded %s at 0x%" PRIx64 "\n", f->alloc[i].user,
			       f->alloc[i].start_pa);
	}
	others_total += f->nr_allocs;
	others_equal += same;
	snprintf(what, sizeof(what), "%zu of %zu other allocations in place", same, f->nr_allocs);
	ok(missed <= 2, name, what);
}

/* Where no group fits, the log has a line for each page: so many must be predicted. */
static void percpu_pages(const struct boot_result *r, const struct fixture *f, const char *name)
{
	uint64_t want = 0, have = 0;
	char what[256];

	for (size_t i = 0; i < f->nr_allocs; i++)
		want += !strcmp(f->alloc[i].user, "percpu");
	for (size_t i = 0; i < r->nr_allocs; i++)
		have += r->alloc[i].user == BOOT_PERCPU ? r->alloc[i].pieces : 0;
	if (want <= f->machine.nr_cpus)
		return;
	snprintf(what, sizeof(what), "%" PRIu64 " pages of percpu memory, recorded %" PRIu64,
		 have, want);
	ok(have == want, name, what);
}

static void print_result(const struct boot_result *r)
{
	for (size_t i = 0; i < r->nr_allocs; i++) {
		const struct boot_allocation *a = &r->alloc[i];

		printf("#   %-30s wanted %2d got %2d %6" PRIu64 " pieces [0x%" PRIx64
		       ", 0x%" PRIx64 ")\n", boot_user_text(a->user), a->wanted_node,
		       a->range.node, a->pieces, a->range.start_pa, a->range.end_pa);
	}
}

static void facts_from_image(struct fixture *f)
{
	static const char *const names[] = { "bzImage", "Image.gz" };
	const char *missing = "the image";
	struct boot_bases bases = { 0 };
	struct kho_err err = { 0 };
	struct successor s;
	int fd = -1;

	for (int i = 0; i < 2 && fd < 0; i++) {
		char path[4200];

		snprintf(path, sizeof(path), "%s/%s-%s-kho", images, names[i], f->release);
		fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (fd < 0 || successor_read_fd(fd, &s, &err)) {
		printf("Bail out! %s: %s\n", f->release, fd < 0 ? "no image" : err.text);
		exit(99);
	}
	/* The shape of sparsemem is another test's matter. */
	kho_fact_claim(&s.fact[KHO_FACT_STRUCT_PAGE_BYTES], KHO_SRC_GIVEN,
		       f->kernel.struct_page_bytes);
	kho_fact_claim(&s.fact[KHO_FACT_SECTION_SIZE_BITS], KHO_SRC_GIVEN,
		       f->kernel.section_size_bits);
	kho_fact_claim(&s.fact[KHO_FACT_VMEMMAP], KHO_SRC_GIVEN, f->kernel.vmemmap);
	if (boot_kernel_from_successor(&s, &f->kernel, &bases, &missing)) {
		printf("Bail out! %s: no facts (%s)\n", f->release, missing);
		exit(99);
	}
	for (size_t i = 0; verbose && i < bases.n; i++)
		printf("#   %s: %s\n", bases.basis[i].what, bases.basis[i].how);
	close(fd);
	successor_deinit(&s);
}

static void replay(struct boot_work *work, const char *dir, const char *path)
{
	static const char *const text[] = { "up", "load fails", "dead" };
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	struct boot_result r = { 0 };
	struct pieces have = { 0 }, want = { 0 };
	struct fixture f;
	uint64_t same;
	char what[256];
	bool right;

	fixture_read(dir, path, &f);
	if (images)
		facts_from_image(&f);
	if (boot_follow(work, &f.kernel, &f.machine, &f.load, &r)) {
		ok(false, name, "no answer");
		return;
	}
	/* Over all slots of KASLR: the one that was taken must not be worse than the worst. */
	right = r.outcome == f.outcome ||
		(r.kaslr && f.outcome == BOOT_UP && r.fold.dying && r.fold.dying < r.slots) ||
		/* "unknown": it dies when it looks for what was handed over, if that is cut off. */
		(r.cut_bytes && r.outcome == BOOT_UP && f.outcome == BOOT_DIES);
	snprintf(what, sizeof(what), "%s; predicted %s, %" PRIu64 " of %" PRIu64
		 " slots die, %" PRIu64 " KiB left", text[f.outcome], text[r.outcome],
		 r.fold.dying, r.slots, r.headroom_bytes >> 10);
	ok(right, name, what);
	if (verbose)
		print_result(&r);
	recorded(&f, &want);
	if (want.n && !r.kaslr && !images) {
		predicted(&r, &have);
		same = equal(&have, &want);
		total += want.n > have.n ? want.n : have.n;
		total_equal += same;
		snprintf(what, sizeof(what), "%" PRIu64 " of %zu pieces of the memory map in place",
			 same, want.n);
		ok(same == want.n && same == have.n, name, what);
		if (verbose && (same != want.n || same != have.n)) {
			print_pieces("predicted", &have);
			print_pieces("recorded ", &want);
		}
	}
	if (f.nr_allocs && !r.kaslr && !images)
		others(&r, &f, name);
	if (f.nr_allocs && !r.kaslr && !images && f.outcome == BOOT_UP)
		percpu_pages(&r, &f, name);
	free(have.p);
	free(want.p);
	boot_result_deinit(&r);
	fixture_deinit(&f);
}

int main(int argc, char **argv)
{
	const char *top = getenv("top_srcdir");
	struct boot_work *work = boot_work_create();
	char dir[4096], pattern[4200];
	glob_t found = { 0 };
	int first = 1;

	if (argc > first && !strcmp(argv[first], "-v"))
		verbose = first++;
	if (argc > first + 1 && !strcmp(argv[first], "-i")) {
		images = argv[first + 1];
		first += 2;
	}
	snprintf(dir, sizeof(dir), "%s/tests/data/model", top ? top : ".");
	snprintf(pattern, sizeof(pattern), "%s/*.boot", dir);
	if (!work)
		return 99;
	for (int i = first; i < argc; i++)
		replay(work, dir, argv[i]);
	if (first == argc && !glob(pattern, 0, NULL, &found))
		for (size_t i = 0; i < found.gl_pathc; i++)
			replay(work, dir, found.gl_pathv[i]);
	globfree(&found);
	boot_work_destroy(work);
	if (first == argc && !images)
		ok(others_equal * 100 >= others_total * 97, "all", "97 of 100 others in place");
	printf("# memory map: %" PRIu64 " of %" PRIu64 " pieces in place; others: %" PRIu64
	       " of %" PRIu64 "\n", total_equal, total, others_equal, others_total);
	printf("1..%u\n", tests);
	return failures != 0;
}
