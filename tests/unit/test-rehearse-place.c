// SPDX-License-Identifier: GPL-2.0-only
/* Where the guest's kernel runs, what stands in the guest for that, and what QEMU is given. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "model-fixture.h"
#include "rehearse/bytes.h"
#include "rehearse/place.h"

#define KERNEL_BYTES	(4 * MIB)
#define PROTECTED_BYTES	(64u << 10)

static int cpu_node[] = { 0 };
static struct machine machine;
static struct rehearse_load load;
static const struct firmware no_firmware;
static struct kho_err err;

static void add(struct kho_ranges *ranges, uint64_t start_pa, uint64_t bytes)
{
	assert_int_equal(kho_ranges_add(ranges, start_pa, start_pa + bytes, KHO_NO_NODE), 0);
}

static void put_segment(int user, uint64_t start_pa, uint64_t bytes)
{
	load.segments.seg[load.segments.n++] = (struct segment){
		.user = user, .bytes = bytes, .got = { start_pa, start_pa + bytes, KHO_NO_NODE },
	};
}

/* RAM below 3 GiB and up to 8 GiB; the load's kernel at 256 MiB, the rest behind it. */
static void make_load(void)
{
	machine = (struct machine){ .possible_cpus = 1, .cpu_node = cpu_node };
	load = (struct rehearse_load){ .machine = &machine, .initrd_fd = -1, .cmdline = "",
				       .firmware = &no_firmware, .initrd_bytes = 4096,
				       .kernel_pa = 256 * MIB };
	add(&machine.memory, MIB, 3 * GIB - MIB);
	add(&machine.memory, 4 * GIB, 4 * GIB);
	add(&machine.scratch, 256 * MIB, 64 * MIB);
	put_segment(BOOT_KERNEL, 256 * MIB, KERNEL_BYTES);
	put_segment(BOOT_INITRD, 270 * MIB, 4096);
	put_segment(BOOT_PARAMS, 280 * MIB, 8192);
	put_segment(BOOT_SCRATCH_LIST, 290 * MIB, 4096);
	load.setup_data_pa = 280 * MIB + 4096;
}

static void drop_load(void)
{
	kho_ranges_deinit(&machine.memory);
	kho_ranges_deinit(&machine.scratch);
}

/* Documentation/arch/x86/boot.rst: one sector of setup, and what is checked of its header. */
static void make_image(uint8_t image[1024 + PROTECTED_BYTES])
{
	memset(image, 0, 1024);
	image[0x1f1] = 1;
	memcpy(image + 0x1fe, "\x55\xaa", 2);
	image[0x201] = 0x6a;
	memcpy(image + 0x202, "HdrS", 4);
	put_le(image + 0x238, 2047, 4);
	memset(image + 1024, 0xc5, PROTECTED_BYTES);
	load.image = (struct kho_bytes){ image, 1024 + PROTECTED_BYTES };
}

static uint64_t read_u64(int fd, uint64_t offset)
{
	uint8_t at[8];
	uint64_t value = 0;

	assert_int_equal(pread(fd, at, 8, (off_t)offset), 8);
	for (int i = 7; i >= 0; i--)
		value = value << 8 | at[i];
	return value;
}

/* As the CPU walks it, from the tables' address in the ROM's code: 2 MiB pages. */
static uint64_t walk(int ram_fd, uint64_t pa)
{
	uint64_t entry = 0x10000;

	for (int shift = 39; shift >= 21; shift -= 9) {
		entry = read_u64(ram_fd, (entry & ~UINT64_C(0xfff)) + (pa >> shift & 511) * 8);
		assert_true(entry & 1);
	}
	assert_true(entry & 0x80);
	return (entry & ~UINT64_C(0x1fffff)) | (pa & 0x1fffff);
}

static void test_the_kernel_is_where_it_is_forced(void **state)
{
	/* Behind the hole: 1 GiB less in the file. */
	const uint64_t forced_pa = 6 * GIB + 34 * MIB, in_file = 5 * GIB + 34 * MIB;
	static uint8_t image[1024 + PROTECTED_BYTES], rom[64 << 10], seen[PROTECTED_BYTES];
	struct guest_shape shape;
	struct guest guest;
	uint8_t entry[8];

	make_load();
	make_image(image);
	load.kernel_pa = forced_pa;
	assert_int_equal(rehearse_x86_64.shape(&machine, &shape, &err), 0);
	assert_int_equal(guest_create(&guest, &shape, &err), 0);
	assert_int_equal(rehearse_x86_64.fill(&load, &guest, &err), 0);
	assert_int_equal(pread(guest.ram_fd, seen, sizeof(seen), (off_t)in_file), sizeof(seen));
	assert_memory_equal(seen, image + 1024, sizeof(seen));
	/* Nothing of it where the load has it. */
	assert_int_equal(read_u64(guest.ram_fd, 256 * MIB), 0);
	/* The 64-bit entry is 0x200 behind its start; the first instructions know it, and its map. */
	assert_int_equal(pread(guest.rom_fd, rom, sizeof(rom), 0), sizeof(rom));
	put_le(entry, forced_pa + 0x200, 8);
	assert_non_null(memmem(rom + sizeof(rom) - 4096, 4096, entry, 8));
	assert_int_equal(walk(guest.ram_fd, forced_pa), forced_pa);
	assert_int_equal(walk(guest.ram_fd, forced_pa + KERNEL_BYTES), forced_pa + KERNEL_BYTES);
	guest_destroy(&guest);
	drop_load();
}

static int check_at(uint64_t kernel_pa)
{
	const struct guest_shape shape = { .low_bytes = 3 * GIB, .high_pa = 4 * GIB,
					   .ram_bytes = 7 * GIB };

	load.kernel_pa = kernel_pa;
	return rehearse_check_place(&load, &shape, &err);
}

static void test_what_is_too_near_is_no_death(void **state)
{
	struct kho_ranges map = { 0 };

	make_load();
	add(&map, 320 * MIB, 4096);
	load.preserved_map = &map;
	load.tree_pa = 400 * MIB;
	assert_int_equal(check_at(256 * MIB), 0);
	assert_int_equal(check_at(266 * MIB), 0);
	/* The initrd, the zero page and the list of areas. */
	assert_int_equal(check_at(266 * MIB + 4096), -ENOTSUP);
	assert_int_equal(check_at(278 * MIB), -ENOTSUP);
	assert_int_equal(check_at(290 * MIB), -ENOTSUP);
	/* Behind the area: the map of preserved memory, the root tree. */
	assert_int_equal(check_at(316 * MIB), 0);
	assert_int_equal(check_at(318 * MIB), -ENOTSUP);
	assert_int_equal(check_at(398 * MIB), -ENOTSUP);
	/* The guest's RAM. */
	assert_int_equal(check_at(3 * GIB - 4 * MIB), 0);
	assert_int_equal(check_at(3 * GIB - 2 * MIB), -ENOTSUP);
	assert_int_equal(check_at(8 * GIB - 4 * MIB), 0);
	assert_int_equal(check_at(8 * GIB - 2 * MIB), -ENOTSUP);
	kho_ranges_deinit(&map);
	drop_load();
}

static void test_the_root_tree_is_beside_the_kernel(void **state)
{
	make_load();
	load.kernel_pa = 3 * MIB;
	assert_int_equal(rehearse_find_room(&load, MIB), 8 * MIB);
	load.kernel_pa = 256 * MIB;
	assert_int_equal(rehearse_find_room(&load, MIB), 2 * MIB);
	drop_load();
}

/* What is chosen for @model on a machine with one area. */
static struct rehearse_place place(const struct boot_result *model)
{
	const struct boot_load with = { .cmdline = "", .initrd_bytes = 4096 };
	const struct place_want want = { &plain, &with, model };
	struct rehearse_place seen;

	make_load();
	assert_int_equal(rehearse_place(&want, &rehearse_x86_64, &load, &seen, &err), 0);
	drop_load();
	return seen;
}

static void test_the_worst_place_and_why(void **state)
{
	struct boot_result model = { .outcome = BOOT_UP, .kernel_pa = 0x10400000, .slots = 40,
				     .headroom_bytes = 300 * 1024, .fold.followed = 40 };
	struct rehearse_place seen = place(&model);
	uint64_t loaded_pa = seen.kernel_pa;

	/* Where the load has it: in the area, of 64 MiB. */
	assert_false(seen.forced);
	assert_in_range(loaded_pa, 256 * MIB, 320 * MIB - 1);
	assert_int_not_equal(loaded_pa, model.kernel_pa);

	model.kaslr = true;
	seen = place(&model);
	assert_true(seen.forced);
	assert_int_equal(seen.kernel_pa, 0x10400000);
	assert_int_equal(load.kernel_pa, 0x10400000);
	assert_string_equal(seen.reason, "of 40 places this one leaves least, 300 KiB");

	model.fold.followed = 30;
	seen = place(&model);
	assert_string_equal(seen.reason,
			    "of 40 places 30 were followed; of these this one leaves least, 300 KiB");

	model.fold.followed = 40;
	model.fold.dying = 7;
	model.outcome = BOOT_DIES;
	model.failed = BOOT_MEMORY_MAP;
	seen = place(&model);
	assert_int_equal(seen.slots, 40);
	assert_string_equal(seen.reason, "of 40 places the model has 7 in which it dies; in "
			    "this one there is no room for the memory map");
}

/* With KVM the host has its own interrupt controller, and QEMU no property "pauth-impdef". */
static void test_arm64_has_other_words_with_kvm(void **state)
{
	const struct guest guest = { .ram_fd = -1 };
	char text[2][128];

	rehearse_arm64.describe(&machine, &guest, false, text);
	assert_string_equal(text[0], "virt,gic-version=3,memory-backend=ram");
	assert_string_equal(text[1], "max,pauth-impdef=on");
	rehearse_arm64.describe(&machine, &guest, true, text);
	assert_string_equal(text[0], "virt,gic-version=host,memory-backend=ram");
	assert_string_equal(text[1], "max");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_the_kernel_is_where_it_is_forced),
		TEST(test_what_is_too_near_is_no_death),
		TEST(test_the_root_tree_is_beside_the_kernel),
		TEST(test_the_worst_place_and_why),
		TEST(test_arm64_has_other_words_with_kvm),
	};

	return cmocka_run_group_tests_name("rehearse-place", tests, NULL, NULL);
}
