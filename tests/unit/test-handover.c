// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is handed over, as debugfs shows it: trees written by libfdt in the way and
 * order in which the kernel writes them, in a folder with only what is needed.
 */
#include "config.h"

#include <elf.h>
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
#include "machine/handover/read-handover.h"
#include "machine/read-machine.h"
#include "mkcore.h"
#include "mktree.h"

#define GIB (UINT64_C(1) << 30)
#define DIRECT_MAP UINT64_C(0xffff888000000000)
#define TREE_PA UINT64_C(0x300000)
#define MAP_PA UINT64_C(0x200000)
#define OUT "sys/kernel/debug/kho/out"
#define IN "sys/kernel/debug/kho/in"

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
static void put_core_of(const struct tree *t, uint16_t elf_machine, const char *vmcoreinfo)
{
	struct mkcore mk;

	mkcore_init(&mk, create_file("proc/kcore"), 4096);
	mk.elf_machine = elf_machine;
	mk.vmcoreinfo = vmcoreinfo;
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

static void put_core(const struct tree *t)
{
	put_core_of(t, EM_X86_64, NULL);
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

/* The direct map is above 0xffff000000000000: 48 of the 52 bits that the kernel is built for. */
static void test_the_bits_of_addresses(void **state)
{
	struct tree t = root_tree("kho-v4", 7, MAP_PA, NULL, 0);
	struct machine m;

	put_areas();
	put_file(OUT "/fdt", t.aligned, t.bytes);
	put_core_of(&t, EM_AARCH64, "NUMBER(VA_BITS)=52\n");
	read_handover(&m);
	assert_true(m.lpa2_known && !m.lpa2);
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

/* What came in is named; only what its consumer leaves there is read (luo_early_startup() frees). */
static void test_what_came_in_may_be_freed(void **state)
{
	static const char *const names[] = { "LUO", "memblock", "kexec-metadata" };
	static const uint8_t luo[32] = "luo-v5";
	struct tree t = root_tree("kho-v4", 7, MAP_PA, names, 3);
	struct tree blob = root_tree("memblock-v1", 11, 0, NULL, 0);
	struct machine m;

	put_areas();
	put_file(IN "/fdt", t.aligned, t.bytes);
	put_metadata(1, "7.3.4", 3);
	put_file(IN "/sub_fdts/LUO", luo, sizeof(luo));
	put_file(IN "/sub_fdts/memblock", blob.aligned, blob.bytes);
	read_handover(&m);
	assert_int_equal(m.handover.in.nr_producers, 3);
	for (size_t i = 0; i < 3; i++) {
		const struct handover_producer *p = &m.handover.in.producer[i];

		assert_int_equal(p->read, strcmp(p->name, "kexec-metadata") ? HANDOVER_BLOB_UNREAD :
				 HANDOVER_BLOB_WHOLE);
		assert_int_equal(p->nr_compatibles, 0);
		assert_null(p->trouble);
	}
	assert_int_equal(m.handover.hops, 3);
	machine_deinit(&m);
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
			    "kho/out/fdt: not a valid device tree");
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
		cmocka_unit_test_setup_teardown(test_a_machine_that_was_booted_cold, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_the_bits_of_addresses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_copied_tree_has_no_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_came_in_may_be_freed, setup, teardown),
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
