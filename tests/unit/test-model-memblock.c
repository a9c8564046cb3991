// SPDX-License-Identifier: GPL-2.0-only
/*
 * memblock, rule by rule.  Expected addresses are worked out by hand from
 * mm/memblock.c, or stand in the boot log of a recorded handover.
 */
#include "config.h"

#include "model/toolbox/memblock.h"
#include "unit.h"

#define MIB	(UINT64_C(1) << 20)

static struct memblock mb;
static struct memblock_skips skips;

static int setup(void **state)
{
	memblock_init(&mb);
	skips = (struct memblock_skips){ .generation = 0 };
	mb.skips = &skips;
	return 0;
}

static int teardown(void **state)
{
	assert_int_equal(mb.error, 0);
	memblock_deinit(&mb);
	return 0;
}

static void reserve(struct memblock *m, uint64_t start_pa, uint64_t end_pa)
{
	memblock_reserve(m, &(struct memblock_range){ .start_pa = start_pa, .end_pa = end_pa });
}

static void release(struct memblock *m, uint64_t start_pa, uint64_t end_pa)
{
	memblock_free(m, &(struct memblock_range){ .start_pa = start_pa, .end_pa = end_pa });
}

static uint64_t alloc(uint64_t bytes, uint64_t align, uint64_t min_pa, int node)
{
	struct memblock_request req = {
		.bytes = bytes, .align = align, .min_pa = min_pa, .node = node,
	};
	struct memblock_range got;

	if (!memblock_alloc(&mb, &req, &got))
		return 0;
	assert_int_equal(got.end_pa - got.start_pa, bytes);
	return got.start_pa;
}

/* Two nodes: [32M, 48M) of node 0, [64M, 80M) of node 1. */
static void two_nodes(void)
{
	memblock_add(&mb, 32 * MIB, 48 * MIB, 0);
	memblock_add(&mb, 64 * MIB, 80 * MIB, 1);
}

static void test_top_down(void **state)
{
	two_nodes();
	assert_int_equal(alloc(0x1000, 0x1000, 0, KHO_NO_NODE), 80 * MIB - 0x1000);
	/* 100 bytes to a 64 byte boundary: 0x64 below, rounded down. */
	assert_int_equal(alloc(100, 64, 0, KHO_NO_NODE), 80 * MIB - 0x1000 - 128);
	assert_int_equal(alloc(2 * MIB, 2 * MIB, 0, KHO_NO_NODE), 76 * MIB);
}

static void test_bottom_up(void **state)
{
	two_nodes();
	mb.bottom_up = true;
	assert_int_equal(alloc(0x1000, 0x1000, 0, KHO_NO_NODE), 32 * MIB);
	assert_int_equal(alloc(2 * MIB, 2 * MIB, 0, KHO_NO_NODE), 34 * MIB);
	assert_int_equal(alloc(0x1000, 0x1000, 0, KHO_NO_NODE), 32 * MIB + 0x1000);
	assert_int_equal(alloc(0x1000, 0x1000, 0, 1), 64 * MIB);
}

static void test_wanted_node_then_any(void **state)
{
	two_nodes();
	assert_int_equal(alloc(16 * MIB, 2 * MIB, 0, 0), 32 * MIB);
	assert_int_equal(alloc(2 * MIB, 2 * MIB, 0, 0), 78 * MIB);
	assert_int_equal(alloc(16 * MIB, 2 * MIB, 0, 0), 0);
}

static void assert_reserved(size_t i, uint64_t start_pa, uint64_t end_pa)
{
	assert_int_equal(mb.reserved.r[i].start_pa, start_pa);
	assert_int_equal(mb.reserved.r[i].end_pa, end_pa);
}

/* Three units of 1 MiB, of which 64 KiB are used, between what stays as it is. */
static void test_ends_are_freed(void **state)
{
	two_nodes();
	reserve(&mb, 65 * MIB, 70 * MIB);
	memblock_free_ends(&mb, &(struct memblock_range){ .start_pa = 66 * MIB }, MIB, 0x10000, 3);
	assert_int_equal(mb.reserved.n, 4);
	assert_reserved(0, 65 * MIB, 66 * MIB + 0x10000);
	assert_reserved(1, 67 * MIB, 67 * MIB + 0x10000);
	assert_reserved(2, 68 * MIB, 68 * MIB + 0x10000);
	assert_reserved(3, 69 * MIB, 70 * MIB);
	/* At the end of what is reserved there is no rest. */
	reserve(&mb, 72 * MIB, 74 * MIB);
	memblock_free_ends(&mb, &(struct memblock_range){ .start_pa = 72 * MIB }, MIB, 0x10000, 2);
	assert_int_equal(mb.reserved.n, 6);
	assert_reserved(5, 73 * MIB, 73 * MIB + 0x10000);
	memblock_free_ends(&mb, &(struct memblock_range){ .start_pa = 72 * MIB }, 0x10000, 0, 1);
	assert_int_equal(mb.reserved.n, 5);
}

static void test_exact_node(void **state)
{
	struct memblock_request req = {
		.bytes = 17 * MIB, .align = 2 * MIB, .node = 0, .exact_node = true,
	};
	struct memblock_range got;

	two_nodes();
	memblock_add(&mb, 96 * MIB, 128 * MIB, 1);
	assert_false(memblock_alloc(&mb, &req, &got));
	req.exact_node = false;
	assert_true(memblock_alloc(&mb, &req, &got));
	assert_int_equal(got.start_pa, 110 * MIB);
	assert_int_equal(got.node, 1);
}

/* memblock_alloc_internal(): below the lower limit rather than not at all. */
static void test_lower_limit_is_given_up(void **state)
{
	struct memblock_request req = {
		.bytes = 4 * MIB, .align = 4096, .min_pa = 16 * MIB, .node = KHO_NO_NODE,
	};
	struct memblock_range got;

	memblock_add(&mb, 8 * MIB, 18 * MIB, 0);
	req.strict_min = true;
	assert_false(memblock_alloc(&mb, &req, &got));
	req.strict_min = false;
	assert_true(memblock_alloc(&mb, &req, &got));
	assert_int_equal(got.start_pa, 14 * MIB);
}

/* Any node above the limit comes before the wanted node below it. */
static void test_any_node_before_the_limit_goes(void **state)
{
	memblock_add(&mb, 8 * MIB, 12 * MIB, 0);
	memblock_add(&mb, 64 * MIB, 80 * MIB, 1);
	assert_int_equal(alloc(2 * MIB, 2 * MIB, 16 * MIB, 0), 78 * MIB);
}

static void test_upper_limit(void **state)
{
	struct memblock_request req = {
		.bytes = MIB, .align = 4096, .max_pa = 70 * MIB, .node = KHO_NO_NODE,
	};
	struct memblock_range got;

	two_nodes();
	assert_true(memblock_alloc(&mb, &req, &got));
	assert_int_equal(got.start_pa, 69 * MIB);
	mb.limit_pa = 40 * MIB;
	assert_true(memblock_alloc(&mb, &req, &got));
	assert_int_equal(got.start_pa, 39 * MIB);
}

/* A piece never crosses from one region to the next, even where they touch. */
static void test_regions_of_two_nodes_do_not_join(void **state)
{
	memblock_add(&mb, 32 * MIB, 40 * MIB, 0);
	memblock_add(&mb, 40 * MIB, 48 * MIB, 1);
	assert_int_equal(alloc(10 * MIB, 2 * MIB, 0, KHO_NO_NODE), 0);
	memblock_add(&mb, 48 * MIB, 50 * MIB, 1);
	assert_int_equal(mb.memory.n, 2);
	assert_int_equal(alloc(10 * MIB, 2 * MIB, 0, KHO_NO_NODE), 40 * MIB);
}

static void test_add_over_what_is_there(void **state)
{
	memblock_add(&mb, 40 * MIB, 48 * MIB, 0);
	memblock_add(&mb, 56 * MIB, 64 * MIB, 0);
	memblock_add(&mb, 32 * MIB, 72 * MIB, 0);
	assert_int_equal(mb.memory.n, 1);
	assert_int_equal(mb.memory.r[0].start_pa, 32 * MIB);
	assert_int_equal(mb.memory.r[0].end_pa, 72 * MIB);
}

static void test_page_zero_is_never_given(void **state)
{
	memblock_add(&mb, 0, 0x2000, 0);
	assert_int_equal(alloc(0x1000, 0x1000, 0, KHO_NO_NODE), 0x1000);
	assert_int_equal(alloc(0x1000, 0x1000, 0, KHO_NO_NODE), 0);
}

/* Of 16 and 4 MiB on two nodes 3 are taken in the middle of the first: 5, 8 and 4 are left. */
static void test_what_is_left(void **state)
{
	uint64_t largest_bytes;

	assert_int_equal(memblock_left_bytes(&mb, &largest_bytes), 0);
	assert_int_equal(largest_bytes, 0);
	memblock_add(&mb, 32 * MIB, 48 * MIB, 0);
	memblock_add(&mb, 64 * MIB, 68 * MIB, 1);
	reserve(&mb, 37 * MIB, 40 * MIB);
	assert_int_equal(memblock_left_bytes(&mb, &largest_bytes), 17 * MIB);
	assert_int_equal(largest_bytes, 8 * MIB);
	mb.limit_pa = 45 * MIB;
	assert_int_equal(memblock_left_bytes(&mb, &largest_bytes), 10 * MIB);
	assert_int_equal(largest_bytes, 5 * MIB);
	reserve(&mb, 16 * MIB, 45 * MIB);
	assert_int_equal(memblock_left_bytes(&mb, &largest_bytes), 0);
}

static void test_reserve_merges_and_free_splits(void **state)
{
	memblock_add(&mb, 32 * MIB, 48 * MIB, 0);
	reserve(&mb, 34 * MIB, 36 * MIB);
	reserve(&mb, 38 * MIB, 40 * MIB);
	assert_int_equal(mb.reserved.n, 2);
	reserve(&mb, 36 * MIB, 38 * MIB);
	assert_int_equal(mb.reserved.n, 1);
	reserve(&mb, 33 * MIB, 41 * MIB);
	assert_int_equal(mb.reserved.n, 1);
	assert_int_equal(memblock_free_bytes(&mb, KHO_NO_NODE), 8 * MIB);
	release(&mb, 35 * MIB, 37 * MIB);
	assert_int_equal(mb.reserved.n, 2);
	assert_int_equal(memblock_free_bytes(&mb, 0), 10 * MIB);
	assert_int_equal(memblock_free_bytes(&mb, 1), 0);
	release(&mb, 32 * MIB, 48 * MIB);
	assert_int_equal(mb.reserved.n, 0);
}

/*
 * 7.2-3G_5G-1.25, nokaslr: the first allocations of the successor, in the order
 * of its log, with the addresses of its log.
 */
static void test_recorded_sequence(void **state)
{
	memblock_add(&mb, 0xb3400000, 0xb6800000, 0);
	memblock_add(&mb, 0x234000000, 0x23ac00000, 1);
	reserve(&mb, 0xb66e4000, 0xb67f0000);
	reserve(&mb, 0xb67f0000, 0xb67f0040);
	reserve(&mb, 0xb67fa060, 0xb67fa0c0);
	reserve(&mb, 0x239a00000, 0x23a871000);
	assert_int_equal(alloc(0x4040, 64, 0, 0), 0xb67fbfc0);
	assert_int_equal(alloc(0x4040, 64, 0, 1), 0x23abfbfc0);
	assert_int_equal(alloc(73, 64, 0, KHO_NO_NODE), 0x23abfbf40);
	assert_int_equal(alloc(75, 64, 0, KHO_NO_NODE), 0x23abfbec0);
	assert_int_equal(alloc(576, 64, 0, KHO_NO_NODE), 0x23abfbc80);
	for (int i = 0; i < 8; i++)
		assert_int_equal(alloc(104, 64, 0, KHO_NO_NODE),
				 UINT64_C(0x23abfbc00) - (uint64_t)i * 128);
	assert_int_equal(alloc(1048576, 64, 0, KHO_NO_NODE), 0x23aafb880);
	assert_int_equal(alloc(4096, 64, 0, 0), 0xb67fafc0);
	assert_int_equal(alloc(2112, 64, 0, 0), 0xb67fa780);
	assert_int_equal(alloc(4096, 4096, 16 * MIB, 0), 0xb67f9000);
	assert_int_equal(alloc(2 * MIB, 2 * MIB, 16 * MIB, 0), 0xb6400000);
}

static void test_run_is_one_stretch(void **state)
{
	struct memblock_request req = { .bytes = 2 * MIB, .align = 2 * MIB, .node = 0 };
	struct memblock_range got;

	two_nodes();
	/* One less than there is room for. */
	req.node = 1;
	assert_int_equal(memblock_alloc_run(&mb, &req, 7, 0, &got), 7);
	assert_int_equal(got.start_pa, 66 * MIB);
	memblock_free(&mb, &got);
	req.node = 0;
	reserve(&mb, 39 * MIB, 41 * MIB);
	/* [42, 48) first, then [32, 38), then the other node. */
	assert_int_equal(memblock_alloc_run(&mb, &req, 10, 0, &got), 3);
	assert_int_equal(got.start_pa, 42 * MIB);
	assert_int_equal(got.end_pa, 48 * MIB);
	assert_int_equal(memblock_alloc_run(&mb, &req, 7, 0, &got), 3);
	assert_int_equal(got.start_pa, 32 * MIB);
	assert_int_equal(memblock_alloc_run(&mb, &req, 4, 0, &got), 4);
	assert_int_equal(got.start_pa, 72 * MIB);
	assert_int_equal(got.node, 1);
}

static void test_capacity(void **state)
{
	struct memblock_request req = {
		.bytes = 2 * MIB, .align = 2 * MIB, .min_pa = 34 * MIB, .node = 0,
	};

	two_nodes();
	reserve(&mb, 39 * MIB, 39 * MIB + 1);
	/* [34, 38) and [40, 48). */
	assert_int_equal(memblock_capacity(&mb, &req), 6);
}

/* A small generator of its own: the same numbers on every machine. */
static uint64_t next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *seed >> 33;
}

static void random_memblock(struct memblock *m, uint64_t *seed)
{
	uint64_t pa = 0x1000 + next_random(seed) % 64 * 4096;

	memblock_reset(m);
	for (int i = 0; i < 6; i++) {
		uint64_t end = pa + (1 + next_random(seed) % 4096) * 4096;

		memblock_add(m, pa, end, (int)(next_random(seed) % 3));
		if (next_random(seed) & 1)
			reserve(m, pa + next_random(seed) % (end - pa), end - 64);
		pa = end + next_random(seed) % 3 * 4096;
	}
}

/* A run places what single requests place, in the same places. */
static void test_run_equals_single_requests(void **state)
{
	struct memblock other;
	uint64_t seed = 1;

	memblock_init(&other);
	for (int round = 0; round < 500; round++) {
		uint64_t same, count = 1 + next_random(&seed) % 300;
		struct memblock_request req = {
			.bytes = UINT64_C(4096) << next_random(&seed) % 4, .node = round % 3,
			.min_pa = next_random(&seed) % 2 * 0x400000,
		};

		req.align = req.bytes;
		same = seed;
		random_memblock(&mb, &seed);
		random_memblock(&other, &same);
		mb.bottom_up = other.bottom_up = round & 8;
		for (uint64_t done = 0; done < count; ) {
			struct memblock_range got, one;
			uint64_t n = memblock_alloc_run(&mb, &req, count - done, 0, &got);

			for (uint64_t i = 0; i < n; i++) {
				assert_true(memblock_alloc(&other, &req, &one));
				assert_int_equal(one.start_pa, mb.bottom_up ?
						 got.start_pa + i * req.bytes :
						 got.end_pa - (i + 1) * req.bytes);
				assert_int_equal(one.node, got.node);
			}
			done += n;
			if (!n) {
				assert_false(memblock_alloc(&other, &req, &one));
				break;
			}
		}
	}
	memblock_deinit(&other);
}

/* Nothing is given twice, nothing lies outside memory, sums hold. */
static void test_random_requests(void **state)
{
	uint64_t seed = 7;

	for (int round = 0; round < 300; round++) {
		random_memblock(&mb, &seed);
		for (int i = 0; i < 60; i++) {
			uint64_t before = memblock_free_bytes(&mb, KHO_NO_NODE);
			struct memblock_request req = {
				.bytes = 1 + next_random(&seed) % 100000,
				.align = UINT64_C(1) << next_random(&seed) % 14,
				.node = (int)(next_random(&seed) % 4) - 1,
				.exact_node = next_random(&seed) & 1,
			};
			struct memblock_range got;
			bool inside = false;

			if (!memblock_alloc(&mb, &req, &got))
				continue;
			assert_int_equal(got.start_pa % req.align, 0);
			assert_int_equal(before - memblock_free_bytes(&mb, KHO_NO_NODE), req.bytes);
			for (size_t k = 0; k < mb.memory.n; k++)
				inside |= mb.memory.r[k].start_pa <= got.start_pa &&
					  got.end_pa <= mb.memory.r[k].end_pa &&
					  mb.memory.r[k].node == got.node;
			assert_true(inside);
			if (req.exact_node && req.node != KHO_NO_NODE)
				assert_int_equal(got.node, req.node);
			if (next_random(&seed) % 4 == 0) {
				memblock_free(&mb, &got);
				assert_int_equal(before, memblock_free_bytes(&mb, KHO_NO_NODE));
			}
		}
		for (size_t k = 1; k < mb.reserved.n; k++)
			assert_true(mb.reserved.r[k - 1].end_pa < mb.reserved.r[k].start_pa);
	}
}

/* The ends of units lie above what the search had come to. */
static void test_ends_are_found_again(void **state)
{
	struct memblock_range units = { 80 * MIB - 0x40000, 80 * MIB, 1, 0, 0 };

	two_nodes();
	assert_int_equal(alloc(0x40000, 0x1000, 0, KHO_NO_NODE), units.start_pa);
	assert_int_equal(alloc(0x8000, 0x1000, 0, KHO_NO_NODE), units.start_pa - 0x8000);
	memblock_free_ends(&mb, &units, 0x10000, 0x4000, 4);
	assert_int_equal(alloc(0x8000, 0x1000, 0, KHO_NO_NODE), 80 * MIB - 0x8000);
}

#define REQUESTS	60

/* A request at random. */
static struct memblock_range ask(struct memblock *m, uint64_t *seed)
{
	static const uint64_t sizes[] = { 64, 73, 96, 576, 4096, 4160, 5000, 0x8000, 2 * MIB, 3 * MIB };
	struct memblock_request req = {
		.bytes = sizes[next_random(seed) % 10], .node = (int)(next_random(seed) % 3) - 1,
		.exact_node = next_random(seed) % 4 == 0,
		.max_pa = next_random(seed) % 4 ? 0 : 70 * MIB,
	};
	uint64_t count = 1 + next_random(seed) % 3;
	struct memblock_range got = { 0 };

	req.align = req.bytes >= 4096 && next_random(seed) % 2 ? 4096 : 64;
	return memblock_alloc_run(m, &req, count, 0, &got) ? got : (struct memblock_range){ 0 };
}

/* Two nodes and a kernel, which moves; of what is got some is given back later. */
static void ask_all(struct memblock *m, struct shift *moving, uint64_t kernel_pa, uint64_t seed,
		    int n, struct memblock_range got[REQUESTS])
{
	bool back[REQUESTS] = { false };

	memblock_reset(m);
	m->shift = moving;
	memblock_add(m, 32 * MIB, 48 * MIB, 0);
	memblock_add(m, 64 * MIB, 80 * MIB, 1);
	memblock_reserve(m, &(struct memblock_range){ kernel_pa, kernel_pa + MIB, KHO_NO_NODE, 1, 1 });
	for (int i = 0; i < n; i++) {
		uint64_t any = next_random(&seed) % (4 * REQUESTS);

		got[i] = ask(m, &seed);
		if (any > (uint64_t)i || back[any])
			continue;
		memblock_free(m, &got[any]);
		back[any] = true;
	}
}

static void assert_same(const struct memblock_range *a, const struct memblock_range *b, int n,
			int64_t shift)
{
	for (int i = 0; i < n; i++) {
		assert_int_equal(a[i].start_pa + (uint64_t)(a[i].start_moves * shift), b[i].start_pa);
		assert_int_equal(a[i].end_pa + (uint64_t)(a[i].end_moves * shift), b[i].end_pa);
	}
}

/* What was learnt of requests before changes nothing: not here, and not where the run is the same. */
static void test_what_was_learnt(void **state)
{
	static struct memblock_range here[REQUESTS], plain[REQUESTS], there[REQUESTS];
	uint64_t seed = 7, moved = 0;

	for (int round = 0; round < 2000; round++) {
		const int n = 1 + round % REQUESTS;
		struct shift moving = { 4096, -16 * (int64_t)MIB, 16 * (int64_t)MIB };
		uint64_t kernel_pa = 34 * MIB + next_random(&seed) % 6 * 2 * MIB;

		mb.skips = &skips;
		ask_all(&mb, &moving, kernel_pa, seed, n, here);
		mb.skips = NULL;
		ask_all(&mb, NULL, kernel_pa, seed, n, plain);
		assert_same(here, plain, n, 0);
		for (int64_t part = -4; part <= 4; part++) {
			int64_t end = part < 0 ? -moving.low : moving.high, by = end * part / 4 / 4096 * 4096;

			ask_all(&mb, NULL, kernel_pa + (uint64_t)by, seed, n, there);
			assert_same(here, there, n, by);
			moved += by != 0;
		}
	}
	assert_true(moved > 1000);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_top_down),
		TEST(test_bottom_up),
		TEST(test_wanted_node_then_any),
		TEST(test_ends_are_freed),
		TEST(test_exact_node),
		TEST(test_lower_limit_is_given_up),
		TEST(test_any_node_before_the_limit_goes),
		TEST(test_upper_limit),
		TEST(test_regions_of_two_nodes_do_not_join),
		TEST(test_add_over_what_is_there),
		TEST(test_page_zero_is_never_given),
		TEST(test_what_is_left),
		TEST(test_reserve_merges_and_free_splits),
		TEST(test_recorded_sequence),
		TEST(test_run_is_one_stretch),
		TEST(test_capacity),
		TEST(test_run_equals_single_requests),
		TEST(test_random_requests),
		TEST(test_ends_are_found_again),
		TEST(test_what_was_learnt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
