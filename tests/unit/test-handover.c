// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is handed over, as debugfs shows it: trees written by libfdt in the way and
 * order in which the kernel writes them, in a folder with only what is needed.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "machine/handover/fdt.h"
#include "machine/handover/read.h"
#include "machine/read-machine.h"
#include "mkcore.h"
#include "unit.h"

#define GIB (UINT64_C(1) << 30)
#define DIRECT_MAP UINT64_C(0xffff888000000000)
#define TREE_PA UINT64_C(0x300000)
#define MAP_PA UINT64_C(0x200000)
#define OUT "sys/kernel/debug/kho/out"
#define IN "sys/kernel/debug/kho/in"

/* ---- trees ---- */

struct tree {
	uint64_t aligned[512];
	size_t bytes;
};

/* kho_out_fdt_setup() and kho_add_subtree() of 7.2, kho_finalize() of 6.18. */
static struct tree root_tree(const char *abi, size_t abi_bytes, uint64_t map_pa,
			     const char *const *producers, size_t n)
{
	struct tree t = { .bytes = 0 };
	void *fdt = t.aligned;
	uint64_t blob_pa = 0x500000, blob_bytes = 73;

	assert_int_equal(fdt_create(fdt, sizeof(t.aligned)), 0);
	assert_int_equal(fdt_finish_reservemap(fdt), 0);
	assert_int_equal(fdt_begin_node(fdt, ""), 0);
	assert_int_equal(fdt_property(fdt, "compatible", abi, abi_bytes), 0);
	assert_int_equal(fdt_property(fdt, "preserved-memory-map", &map_pa, 8), 0);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(fdt_begin_node(fdt, producers[i]), 0);
		assert_int_equal(fdt_property(fdt, "preserved-data", &blob_pa, 8), 0);
		assert_int_equal(fdt_property(fdt, "blob-size", &blob_bytes, 8), 0);
		assert_int_equal(fdt_end_node(fdt), 0);
	}
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_finish(fdt), 0);
	t.bytes = fdt_totalsize(fdt);
	return t;
}

static struct kho_bytes bytes_of(const struct tree *t)
{
	return (struct kho_bytes){ (const uint8_t *)t->aligned, t->bytes };
}

/* mm/memblock.c, prepare_kho_fdt(). */
static struct tree memblock_tree(void)
{
	struct tree t = { .bytes = 0 };
	void *fdt = t.aligned;

	assert_int_equal(fdt_create(fdt, sizeof(t.aligned)), 0);
	assert_int_equal(fdt_finish_reservemap(fdt), 0);
	assert_int_equal(fdt_begin_node(fdt, ""), 0);
	assert_int_equal(fdt_property_string(fdt, "compatible", "memblock-v1"), 0);
	assert_int_equal(fdt_begin_node(fdt, "state"), 0);
	assert_int_equal(fdt_property(fdt, "compatible", "reserve-mem-v2\0reserve-mem-v1", 30), 0);
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_begin_node(fdt, "trace"), 0);
	assert_int_equal(fdt_property_string(fdt, "compatible", "reserve-mem-v1"), 0);
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_finish(fdt), 0);
	t.bytes = fdt_totalsize(fdt);
	return t;
}

static void test_a_root_tells_abi_map_and_producers(void **state)
{
	static const char *const names[] = { "memblock", "LUO", "kexec-metadata" };
	struct tree t = root_tree("kho-v5\0kho-v4", 14, 0x123456000, names, 3);
	struct handover_tree tree = { 0 };
	struct kho_err err = { "" };

	assert_int_equal(handover_fdt_root(bytes_of(&t), &tree, &err), 0);
	assert_int_equal(tree.root.nr_texts, 2);
	assert_string_equal(tree.root.text[0], "kho-v5");
	assert_string_equal(tree.root.text[1], "kho-v4");
	assert_int_equal(tree.preserved_map_pa, 0x123456000);
	assert_int_equal(tree.nr_producers, 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(tree.producer[i].name, names[i]);
	assert_int_equal(tree.producer[1].blob_bytes, 73);
	assert_false(tree.producer[1].read);
	handover_tree_deinit(&tree);
}

/* Cut at every length: what is not whole is told by its first properties, or refused. */
static void test_a_root_that_is_cut(void **state)
{
	static const char *const names[] = { "memblock", "LUO", "kexec-metadata" };
	struct tree t = root_tree("kho-v4", 7, 0x100081000, names, 3);
	size_t read = 0;

	for (size_t n = 0; n < t.bytes; n++) {
		/* On the heap, exactly as long: a read past it is seen. */
		uint8_t *copy = malloc(n + !n);
		struct handover_tree tree = { 0 };
		struct kho_err err = { "" };

		assert_non_null(copy);
		memcpy(copy, t.aligned, n);
		if (!handover_fdt_root((struct kho_bytes){ copy, n }, &tree, &err)) {
			assert_string_equal(tree.root.text[0], "kho-v4");
			assert_int_equal(tree.nr_producers, 0);
			read += tree.preserved_map_pa == 0x100081000;
		}
		handover_tree_deinit(&tree);
		free(copy);
	}
	/* Header and reservations 48 + 16, the node 8, two properties of 20 bytes. */
	assert_int_equal(read, t.bytes - (48 + 16 + 8 + 20 + 20));
}

static void test_a_blob_tells_each_node(void **state)
{
	struct tree t = memblock_tree();
	struct handover_tree tree = { 0 };
	struct handover_producer *p = handover_add_producer(&tree, "memblock");

	assert_int_equal(handover_fdt_blob(bytes_of(&t), p), 0);
	assert_int_equal(p->read, HANDOVER_BLOB_WHOLE);
	assert_true(p->is_fdt);
	assert_int_equal(p->blob_bytes, t.bytes);
	assert_int_equal(p->nr_compatibles, 3);
	assert_string_equal(p->compatible[0].node, "/");
	assert_string_equal(p->compatible[1].node, "/state");
	assert_int_equal(p->compatible[1].nr_texts, 2);
	assert_string_equal(p->compatible[1].text[1], "reserve-mem-v1");
	assert_string_equal(p->compatible[2].node, "/trace");
	assert_int_equal(p->nr_reserve_mem, 2);
	assert_string_equal(p->reserve_mem[0], "state");
	assert_string_equal(p->reserve_mem[1], "trace");
	handover_tree_deinit(&tree);
}

static void test_luo_may_be_a_struct(void **state)
{
	uint8_t luo[32] = "luo-v5";
	struct handover_producer *p;
	struct handover_tree tree = { 0 };

	p = handover_add_producer(&tree, "LUO");
	assert_int_equal(handover_fdt_blob((struct kho_bytes){ luo, sizeof(luo) }, p), 0);
	assert_false(p->is_fdt);
	assert_int_equal(p->nr_compatibles, 1);
	assert_string_equal(p->compatible[0].text[0], "luo-v5");
	p = handover_add_producer(&tree, "other");
	assert_int_equal(handover_fdt_blob((struct kho_bytes){ luo, sizeof(luo) }, p), 0);
	assert_int_equal(p->nr_compatibles, 0);
	handover_tree_deinit(&tree);
}

/* A tree with one node below the root, of these names and formats. */
static struct tree tree_of(const void *root, size_t root_bytes, const char *name,
			   const char *behind)
{
	struct tree t = { .bytes = 0 };
	void *fdt = t.aligned;

	assert_int_equal(fdt_create(fdt, sizeof(t.aligned)), 0);
	assert_int_equal(fdt_finish_reservemap(fdt), 0);
	assert_int_equal(fdt_begin_node(fdt, ""), 0);
	assert_int_equal(fdt_property(fdt, "compatible", root, root_bytes), 0);
	if (name) {
		assert_int_equal(fdt_begin_node(fdt, name), 0);
		assert_int_equal(fdt_end_node(fdt), 0);
		assert_int_equal(fdt_begin_node(fdt, "behind"), 0);
		assert_int_equal(fdt_property_string(fdt, "compatible", behind), 0);
		assert_int_equal(fdt_end_node(fdt), 0);
	}
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_finish(fdt), 0);
	t.bytes = fdt_totalsize(fdt);
	return t;
}

static void expect_part(const struct tree *t, size_t formats, const char *trouble)
{
	struct handover_tree tree = { 0 };
	struct handover_producer *p = handover_add_producer(&tree, "x");

	assert_int_equal(handover_fdt_blob(bytes_of(t), p), 0);
	assert_int_equal(p->read, HANDOVER_BLOB_PART);
	assert_string_equal(p->trouble, trouble);
	assert_int_equal(p->nr_compatibles, formats);
	handover_tree_deinit(&tree);
}

static void test_formats_that_are_none(void **state)
{
	static const char longest[256] = { [0 ... 254] = 'x' }, longer[257] = { [0 ... 255] = 'x' };
	static const char most[64] = { [0] = 'x', [2] = 'x', [4] = 'x', [6] = 'x' };
	const struct kho_bytes none[] = {
		{ (const uint8_t *)"", 0 },
		{ (const uint8_t *)"", 1 },
		{ (const uint8_t *)"memblock-v1", 11 },
		{ (const uint8_t *)"memblock-v1\0", 13 },
		{ (const uint8_t *)"memblock-v1\0x", 13 },
		{ (const uint8_t *)"memblock-\1", 11 },
		{ (const uint8_t *)longer, sizeof(longer) },
		{ (const uint8_t *)most, sizeof(most) },
	};
	struct tree t = tree_of(longest, sizeof(longest), NULL, NULL);
	struct handover_tree tree = { 0 };

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct tree bad = tree_of(none[i].data, none[i].size, NULL, NULL);
		struct kho_err err = { "" };

		expect_part(&bad, 0, "/: \"compatible\" is no list of formats");
		assert_int_equal(handover_fdt_root(bytes_of(&bad), &tree, &err), -EBADMSG);
		assert_int_equal(tree.root.nr_texts, 0);
		handover_tree_deinit(&tree);
	}
	assert_int_equal(handover_fdt_root(bytes_of(&t), &tree, NULL), 0);
	assert_string_equal(tree.root.text[0], longest);
	handover_tree_deinit(&tree);
}

/* A format behind what can't be read is not looked at: what was read is a part. */
static void test_a_blob_is_read_whole_or_in_part(void **state)
{
	static const char name[301] = { [0 ... 299] = 'n' };
	struct tree t = tree_of("x-v1", 5, name, "x-v9");
	struct tree cut = tree_of("x-v1", 5, NULL, NULL);

	expect_part(&t, 1, "the path of a node is longer than 256");
	/* Header and reservations 48 + 16, the node 8, a property 20, two ends, the name 11. */
	assert_int_equal(cut.bytes, 48 + 16 + 8 + 20 + 8 + 11);
	cut.bytes -= 4;
	expect_part(&cut, 0, "a device tree of which 107 of 111 bytes are there");
	t = tree_of("x-v1", 5, "n", "");
	expect_part(&t, 1, "/behind: \"compatible\" is no list of formats");
}

static void test_nodes_that_go_too_deep_are_a_part(void **state)
{
	struct tree t = { .bytes = 0 };

	assert_int_equal(fdt_create(t.aligned, sizeof(t.aligned)), 0);
	assert_int_equal(fdt_finish_reservemap(t.aligned), 0);
	for (int i = 0; i < 20; i++)
		assert_int_equal(fdt_begin_node(t.aligned, i ? "n" : ""), 0);
	for (int i = 0; i < 20; i++)
		assert_int_equal(fdt_end_node(t.aligned), 0);
	assert_int_equal(fdt_finish(t.aligned), 0);
	t.bytes = fdt_totalsize(t.aligned);
	expect_part(&t, 0, "nodes deeper than 16");
}

/* ---- folders ---- */

static char root_folder[64];

static int setup(void **state)
{
	strcpy(root_folder, "/tmp/kho-handover-XXXXXX");
	return !mkdtemp(root_folder);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static int teardown(void **state)
{
	return nftw(root_folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static int create_file(const char *path)
{
	char full[512];
	int fd;

	snprintf(full, sizeof(full), "%s/%s", root_folder, path);
	for (char *at = strchr(full + strlen(root_folder) + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		mkdir(full, 0700);
		*at = '/';
	}
	fd = open(full, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	return fd;
}

static void put_file(const char *path, const void *data, size_t bytes)
{
	int fd = create_file(path);

	assert_int_equal(write(fd, data, bytes), bytes);
	close(fd);
}

static void put_text(const char *path, const char *text)
{
	put_file(path, text, strlen(text));
}

static void put_areas(void)
{
	put_text(OUT "/scratch_phys", "0x40000000\n0x80000000\n");
	put_text(OUT "/scratch_len", "0x1000000\n0x1000000\n");
}

/* RAM, and the kernel's image with a word that points to the tree. */
static void put_core(const struct tree *t)
{
	struct mkcore mk;

	mkcore_init(&mk, create_file("proc/kcore"), 4096);
	mkcore_segment(&mk, 0x100000, DIRECT_MAP + 0x100000, GIB);
	mkcore_segment(&mk, 0x1000000, UINT64_C(0xffffffff81000000), 0x200000);
	mkcore_headers(&mk);
	/* Order 0 at the tree itself: key 1 << 52 | 0x300. */
	mkcore_put_u64(&mk, MAP_PA + 2 * 8, MAP_PA + 0x1000);
	for (uint64_t pa = MAP_PA + 0x1000; pa < MAP_PA + 0x5000; pa += 0x1000)
		mkcore_put_u64(&mk, pa, pa + 0x1000);
	mkcore_set_bit(&mk, MAP_PA + 0x5000, TREE_PA >> 12);
	mkcore_put(&mk, TREE_PA, t->aligned, t->bytes);
	mkcore_put_u64(&mk, 0x1000000 + 0x12340, DIRECT_MAP + 0x301000);	/* not it */
	mkcore_put_u64(&mk, 0x1000000 + 0x1fff8, DIRECT_MAP + TREE_PA);
	close(mk.fd);
}

static void read_handover(struct machine *m)
{
	struct kho_err err = { "" };

	assert_int_equal(machine_read(root_folder, m, &err), 0);
}

static void assert_preserved(const struct machine_handover *h)
{
	assert_null(h->preserved_trouble);
	assert_true(h->preserved_known);
	assert_int_equal(h->preserved.n, 1);
	assert_int_equal(h->preserved.r[0].start_pa, TREE_PA);
	assert_int_equal(h->preserved.r[0].end_pa, TREE_PA + 4096);
	assert_int_equal(kho_ranges_bytes(&h->preserved_map), 6 * 4096);
}

static void test_a_machine_that_was_booted_cold(void **state)
{
	static const char *const names[] = { "memblock" };
	struct tree t = root_tree("kho-v4", 7, MAP_PA, names, 1), blob = memblock_tree();
	struct machine m;

	put_areas();
	put_file(OUT "/fdt", t.aligned, t.bytes);
	put_file(OUT "/sub_fdts/memblock", blob.aligned, blob.bytes);
	put_text(OUT "/sub_fdts/late", "no device tree");
	put_core(&t);
	read_handover(&m);
	assert_int_equal(m.handover.out.state, HANDOVER_READ);
	assert_string_equal(m.handover.out.source, OUT "/fdt");
	assert_int_equal(m.handover.out.nr_producers, 2);
	assert_true(m.handover.out.producer[0].is_fdt);
	assert_string_equal(m.handover.out.producer[1].name, "late");
	assert_true(m.handover.out.producer[1].read);
	assert_false(m.handover.out.producer[1].is_fdt);
	assert_int_equal(m.handover.in.state, HANDOVER_ABSENT);
	assert_int_equal(m.handover.hops, 0);
	assert_int_equal(m.handover.finalized, FINALIZED_NOT_WANTED);
	assert_preserved(&m.handover);
	machine_deinit(&m);
}

static void test_a_copied_tree_has_no_memory(void **state)
{
	struct tree t = root_tree("kho-v4", 7, MAP_PA, NULL, 0);
	struct machine m;

	put_areas();
	put_file(OUT "/fdt", t.aligned, t.bytes);
	read_handover(&m);
	assert_false(m.handover.preserved_known);
	assert_string_equal(m.handover.preserved_trouble,
			    "proc/kcore: No such file or directory");
	machine_deinit(&m);
}

/* struct kho_kexec_metadata, packed: version, release, count. */
static void put_metadata(uint32_t version, const char *release, uint32_t count)
{
	uint8_t blob[73] = { (uint8_t)version };

	memcpy(blob + 4, release, strlen(release));
	blob[69] = (uint8_t)count;
	put_file(IN "/sub_fdts/kexec-metadata", blob, sizeof(blob));
}

/* No kho/out/fdt: it is found in memory, through the kernel's pointer to it. */
static void test_a_machine_that_a_handover_started(void **state)
{
	static const char *const names[] = { "kexec-metadata" };
	struct tree t = root_tree("kho-v4", 7, MAP_PA, names, 1);
	struct machine m;

	put_areas();
	put_file(IN "/fdt", t.aligned, t.bytes);
	put_metadata(1, "7.3.4", 3);
	put_core(&t);
	read_handover(&m);
	assert_int_equal(m.handover.out.state, HANDOVER_READ);
	assert_string_equal(m.handover.out.source, "proc/kcore");
	assert_int_equal(m.handover.in.state, HANDOVER_READ);
	assert_string_equal(m.handover.previous_release, "7.3.4");
	assert_int_equal(m.handover.hops, 3);
	assert_preserved(&m.handover);
	machine_deinit(&m);

	put_metadata(2, "7.3.4", 3);
	read_handover(&m);
	assert_null(m.handover.previous_release);
	assert_int_equal(m.handover.hops, -1);
	machine_deinit(&m);
}

static void test_a_tree_that_nothing_points_to(void **state)
{
	struct tree t = root_tree("kho-v4", 7, MAP_PA, NULL, 0);
	struct machine m;

	put_areas();
	((uint8_t *)t.aligned)[0] = 0;
	put_core(&t);
	read_handover(&m);
	assert_int_equal(m.handover.out.state, HANDOVER_ABSENT);
	assert_string_equal(m.handover.preserved_trouble,
			    "no kho/out/fdt on a Linux 7.x that a handover started; proc/kcore: "
			    "nothing in the kernel's data points to the tree");
	machine_deinit(&m);
}

static void test_a_handover_that_is_not_finalized(void **state)
{
	struct machine m;

	put_areas();
	put_text(OUT "/finalize", "0\n");
	read_handover(&m);
	assert_int_equal(m.handover.finalized, FINALIZED_NO);
	assert_string_equal(m.handover.preserved_trouble,
			    "the map is written when the handover is finalized");
	machine_deinit(&m);

	put_text(OUT "/finalize", "1\n");
	put_text(OUT "/fdt", "no device tree");
	read_handover(&m);
	assert_int_equal(m.handover.finalized, FINALIZED_YES);
	assert_int_equal(m.handover.out.state, HANDOVER_MALFORMED);
	assert_string_equal(m.handover.preserved_trouble,
			    "kho/out/fdt: no device tree that makes sense");
	machine_deinit(&m);
}

static const struct handover_producer *find_producer(const struct machine *m, const char *name)
{
	for (size_t i = 0; i < m->handover.out.nr_producers; i++)
		if (!strcmp(m->handover.out.producer[i].name, name))
			return &m->handover.out.producer[i];
	fail_msg("%s is not listed", name);
	return NULL;
}

static void assert_unread(const struct machine *m, const char *name, const char *trouble)
{
	const struct handover_producer *p = find_producer(m, name);

	assert_int_equal(p->read, HANDOVER_BLOB_UNREAD);
	assert_string_equal(p->trouble, trouble);
}

static void in_folder(char *path, size_t bytes, const char *name)
{
	snprintf(path, bytes, "%s/" OUT "/sub_fdts/%s", root_folder, name);
}

/* The root does not name them, and their blobs can't be read: they are there all the same. */
static void test_producers_that_cannot_be_read_are_named(void **state)
{
	struct tree t = root_tree("kho-v4", 7, MAP_PA, NULL, 0);
	struct machine m;
	char path[512];
	int fd;

	put_areas();
	put_file(OUT "/fdt", t.aligned, t.bytes);
	fd = create_file(OUT "/sub_fdts/large");
	assert_int_equal(ftruncate(fd, (16 << 20) + 1), 0);
	close(fd);
	in_folder(path, sizeof(path), "pipe");
	assert_int_equal(mkfifo(path, 0600), 0);
	in_folder(path, sizeof(path), "loop");
	assert_int_equal(symlink("loop", path), 0);
	in_folder(path, sizeof(path), "dangling");
	assert_int_equal(symlink("nowhere", path), 0);
	in_folder(path, sizeof(path), "folder");
	assert_int_equal(mkdir(path, 0700), 0);
	read_handover(&m);
	assert_null(m.handover.out.producers_trouble);
	assert_int_equal(m.handover.out.nr_producers, 5);
	assert_unread(&m, "large", "more than 16 MiB");
	assert_unread(&m, "pipe", "not a regular file");
	assert_unread(&m, "loop", "Too many levels of symbolic links");
	assert_unread(&m, "dangling", "No such file or directory");
	assert_unread(&m, "folder", "not a regular file");
	machine_deinit(&m);
}

static void test_more_producers_than_are_looked_at(void **state)
{
	struct tree t = root_tree("kho-v4", 7, MAP_PA, NULL, 0);
	struct machine m;
	char path[64];

	put_areas();
	put_file(OUT "/fdt", t.aligned, t.bytes);
	for (int i = 0; i < 256; i++) {
		snprintf(path, sizeof(path), OUT "/sub_fdts/p%d", i);
		put_text(path, "x");
	}
	read_handover(&m);
	assert_int_equal(m.handover.out.nr_producers, 256);
	assert_null(m.handover.out.producers_trouble);
	machine_deinit(&m);
	put_text(OUT "/sub_fdts/p256", "x");
	read_handover(&m);
	assert_int_equal(m.handover.out.nr_producers, 256);
	assert_non_null(strstr(m.handover.out.producers_trouble,
			       "/out/sub_fdts: more than 256 producers, p"));
	machine_deinit(&m);
}

/* A whole root names its producers, one that is cut leaves that to the folder. */
static void test_a_cut_root_without_a_folder(void **state)
{
	static const char *const names[] = { "memblock" };
	struct tree t = root_tree("kho-v4", 7, MAP_PA, names, 1);
	struct machine m;
	char path[512];

	put_areas();
	put_file(OUT "/fdt", t.aligned, t.bytes);
	read_handover(&m);
	assert_null(m.handover.out.producers_trouble);
	assert_int_equal(m.handover.out.nr_producers, 1);
	machine_deinit(&m);
	put_file(OUT "/fdt", t.aligned, t.bytes - 40);
	read_handover(&m);
	assert_int_equal(m.handover.out.state, HANDOVER_READ);
	assert_int_equal(m.handover.out.nr_producers, 0);
	assert_string_equal(m.handover.out.producers_trouble,
			    OUT "/sub_fdts: No such file or directory");
	machine_deinit(&m);
	in_folder(path, sizeof(path), "");
	assert_int_equal(mkdir(path, 0700), 0);
	read_handover(&m);
	assert_null(m.handover.out.producers_trouble);
	machine_deinit(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_root_tells_abi_map_and_producers),
		cmocka_unit_test(test_a_root_that_is_cut),
		cmocka_unit_test(test_a_blob_tells_each_node),
		cmocka_unit_test(test_luo_may_be_a_struct),
		cmocka_unit_test(test_formats_that_are_none),
		cmocka_unit_test(test_a_blob_is_read_whole_or_in_part),
		cmocka_unit_test(test_nodes_that_go_too_deep_are_a_part),
		cmocka_unit_test_setup_teardown(test_a_machine_that_was_booted_cold, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_a_copied_tree_has_no_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_machine_that_a_handover_started, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_a_tree_that_nothing_points_to, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_a_handover_that_is_not_finalized, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_producers_that_cannot_be_read_are_named,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_more_producers_than_are_looked_at, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_a_cut_root_without_a_folder, setup, teardown),
	};

	return cmocka_run_group_tests_name("handover", tests, NULL, NULL);
}
