// SPDX-License-Identifier: GPL-2.0-only
/* An x86-64 guest: the zero page as arch/x86/kernel/kexec-bzimage64.c makes it, and a ROM. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/boot.h"
#include "rehearse/acpi.h"
#include "rehearse/bytes.h"
#include "rehearse/guest-load.h"
#include "rehearse/handed.h"
#include "rehearse/smbios.h"
#include "rehearse/x86-start.h"

#define PAGE		4096u
#define MIB		(UINT64_C(1) << 20)
#define GIB		(UINT64_C(1) << 30)

/*
 * QEMU's "pc" has RAM below 3 GiB, and the rest from 4 GiB on; 640 KiB to 1 MiB is
 * not RAM.  Of AMD's processors it leaves out what they have below 1 TiB.
 */
#define LOW_BYTES	(3 * GIB)
#define HIGH_PA		(4 * GIB)
#define AMD_HOLE_PA	(1012 * GIB)

/* Ours in the first 640 KiB, which no kernel gives to memblock. */
#define PAGE_TABLES_PA	0x10000u
#define PAGE_TABLES_MAX	64u
#define TREE_PA		0x50000u
#define CMDLINE_PA	0x51000u
#define CMDLINE_BYTES	0x2000u
#define SPARE_PA	0x53000u
#define SPARE_END_PA	0x8f000u

/* Documentation/arch/x86/zero-page.rst and boot.rst */
enum {
	ACPI_RSDP_ADDR = 0x070,
	EXT_RAMDISK_IMAGE = 0x0c0,
	EXT_RAMDISK_SIZE = 0x0c4,
	EXT_CMD_LINE_PTR = 0x0c8,
	E820_ENTRIES = 0x1e8,
	SETUP_HEADER = 0x1f1,
	HEADER_END = 0x201,	/* of its bytes behind this place */
	HEADER_ROOM = 0x400,
	TYPE_OF_LOADER = 0x210,
	LOADFLAGS = 0x211,
	RAMDISK_IMAGE = 0x218,
	RAMDISK_SIZE = 0x21c,
	CMD_LINE_PTR = 0x228,
	CMDLINE_SIZE = 0x238,
	SETUP_DATA = 0x250,
	E820_TABLE = 0x2d0,
	E820_BYTES = 20,
	E820_MAX = 128,		/* E820_MAX_ENTRIES_ZEROPAGE */
	E820_RAM = 1,
	E820_RESERVED = 2,
	SETUP_RNG_SEED = 9,
	SETUP_KEXEC_KHO = 10,
	RNG_SEED_BYTES = 32,
};

static int shape(const struct machine *m, struct guest_shape *s, struct kho_err *err)
{
	uint64_t end_pa = HIGH_PA;

	if (m->possible_cpus > ACPI_CPUS_MAX)
		return kho_fail(err, ENOTSUP, "this machine has %u possible CPUs, a guest can have "
				"%d at most", m->possible_cpus, ACPI_CPUS_MAX);
	for (size_t i = 0; i < m->memory.n; i++) {
		const struct kho_range *r = &m->memory.r[i];

		if (r->end_pa > LOW_BYTES && r->start_pa < HIGH_PA)
			return kho_fail(err, ENOTSUP, "this machine has RAM between 3 and 4 GiB, "
					"where a guest can have none");
		if (r->end_pa > end_pa)
			end_pa = r->end_pa;
	}
	*s = (struct guest_shape){
		.low_bytes = LOW_BYTES, .high_pa = HIGH_PA,
		.ram_bytes = LOW_BYTES + (end_pa - HIGH_PA + 2 * MIB - 1) / (2 * MIB) * (2 * MIB),
	};
	return 0;
}

static void describe(const struct machine *m, const struct guest *guest, bool kvm,
		     char text[2][128])
{
	uint64_t end_pa = HIGH_PA + guest->shape.ram_bytes - LOW_BYTES;

	snprintf(text[0], 128, "pc,memory-backend=ram,max-ram-below-4g=3G,usb=off,vmport=off,"
		 "graphics=off");
	snprintf(text[1], 128, "max%s%s%s",
		 m->cpu_flags_known && !m->five_level ? ",la57=off" : "",
		 m->cpu_flags_known && m->gbpages ? "" : ",pdpe1gb=off",
		 end_pa > AMD_HOLE_PA ? ",vendor=GenuineIntel" : "");
}

/* ---- the zero page ---- */

static void put_e820(uint8_t *params, uint64_t start_pa, uint64_t end_pa, unsigned int type)
{
	unsigned int n = params[E820_ENTRIES];
	uint8_t *at = params + E820_TABLE + n * E820_BYTES;

	if (n == E820_MAX)
		return;
	put_le(at, start_pa, 8);
	put_le(at + 8, end_pa - start_pa, 8);
	put_le(at + 16, type, 4);
	params[E820_ENTRIES] = (uint8_t)(n + 1);
}

/*
 * setup_e820_entries().  Where the firmware's map is not at hand: RAM, which is known, and
 * of the rest the number of entries.
 */
static void fill_e820(uint8_t *params, const struct machine *m, const struct firmware *firmware)
{
	const struct kho_ranges *ram = &m->memory;
	uint64_t pa = HIGH_PA - 16 * PAGE;

	for (size_t i = 0, k; i < ram->n; i = k) {
		uint64_t end_pa = ram->r[i].end_pa;

		for (k = i + 1; k < ram->n && ram->r[k].start_pa == end_pa; k++)
			end_pa = ram->r[k].end_pa;
		put_e820(params, ram->r[i].start_pa, end_pa, E820_RAM);
	}
	/* RAM that is plugged in later has an entry there too, but is not passed on. */
	for (size_t i = 0; i < firmware->nr_entries; i++)
		if (firmware->entry[i].type != E820_RAM)
			put_e820(params, firmware->entry[i].start_pa, firmware->entry[i].end_pa,
				 firmware->entry[i].type);
	if (firmware->nr_entries)
		return;
	for (; params[E820_ENTRIES] < m->firmware_ranges && pa > LOW_BYTES + GIB / 2;
	     pa -= 2 * PAGE)
		put_e820(params, pa, pa + PAGE, E820_RESERVED);
}

static void put_setup_data(uint8_t *params, uint8_t *data, uint64_t pa, uint32_t type,
			   uint32_t bytes)
{
	memcpy(data, params + SETUP_DATA, 8);
	put_le(data + 8, type, 4);
	put_le(data + 12, bytes, 4);
	put_le(params + SETUP_DATA, pa, 8);
}

/* setup_kho(), setup_rng_seed(): in the segment behind zero page and command line. */
static int write_setup_data(const struct rehearse_load *load, struct guest *guest,
			    uint8_t *params, struct kho_err *err)
{
	const struct segment *list = segments_find(&load->segments, BOOT_SCRATCH_LIST);
	uint8_t kho[48] = { 0 }, seed[16 + RNG_SEED_BYTES] = { 0 };
	int ret = 0;

	if (load->format) {
		put_setup_data(params, kho, load->setup_data_pa, SETUP_KEXEC_KHO, 32);
		put_le(kho + 16, load->tree_pa, 8);
		put_le(kho + 24, HANDED_TREE_BYTES, 8);
		put_le(kho + 32, list->got.start_pa, 8);
		put_le(kho + 40, load->machine->scratch.n * 16, 8);
		ret = guest_write(guest, load->setup_data_pa, kho, sizeof(kho), err);
	}
	put_setup_data(params, seed, load->setup_data_pa + sizeof(kho), SETUP_RNG_SEED,
		       RNG_SEED_BYTES);
	memset(seed + 16, 0x5a, RNG_SEED_BYTES);
	return ret ? ret : guest_write(guest, load->setup_data_pa + sizeof(kho), seed,
				       sizeof(seed), err);
}

static void put_address(uint8_t *params, size_t low_at, size_t high_at, uint64_t value)
{
	put_le(params + low_at, value, 4);
	put_le(params + high_at, value >> 32, 4);
}

static int write_params(const struct rehearse_load *load, struct guest *guest, uint64_t rsdp_pa,
			struct kho_err *err)
{
	const struct segment *seg = segments_find(&load->segments, BOOT_PARAMS);
	const struct segment *initrd = segments_find(&load->segments, BOOT_INITRD);
	uint8_t params[PAGE] = { 0 };
	size_t header_end = 0x202 + (size_t)load->image.data[HEADER_END];
	int ret;

	memcpy(params + SETUP_HEADER, load->image.data + SETUP_HEADER, header_end - SETUP_HEADER);
	params[TYPE_OF_LOADER] = 0x0d << 4;
	params[LOADFLAGS] = 0;
	put_le(params + ACPI_RSDP_ADDR, rsdp_pa, 8);
	put_address(params, CMD_LINE_PTR, EXT_CMD_LINE_PTR, CMDLINE_PA);
	if (initrd) {
		put_address(params, RAMDISK_IMAGE, EXT_RAMDISK_IMAGE, initrd->got.start_pa);
		put_address(params, RAMDISK_SIZE, EXT_RAMDISK_SIZE, load->initrd_bytes);
	}
	put_le(params + SETUP_DATA, 0, 8);
	fill_e820(params, load->machine, load->firmware);
	ret = write_setup_data(load, guest, params, err);
	return ret ? ret : guest_write(guest, seg->got.start_pa, params, sizeof(params), err);
}

/* ---- the identity map that the entry wants ---- */

struct guest_tables {
	uint8_t page[PAGE_TABLES_MAX][PAGE];
	unsigned int n;
};

/* The table below entry @index of @table: the one that is there, or a new one. */
static unsigned int below(struct guest_tables *t, unsigned int table, size_t index)
{
	uint64_t entry;

	memcpy(&entry, t->page[table] + index * 8, 8);
	if (entry)
		return (unsigned int)((entry - PAGE_TABLES_PA) / PAGE);
	if (t->n == PAGE_TABLES_MAX)
		return 0;
	/* Present, writable, accessed. */
	put_le(t->page[table] + index * 8, PAGE_TABLES_PA + t->n * PAGE + 0x23, 8);
	return t->n++;
}

/* Each 1 GiB that [start_pa, end_pa) touches, in pages of 2 MiB. */
static int map(struct guest_tables *t, uint64_t start_pa, uint64_t end_pa, struct kho_err *err)
{
	for (uint64_t pa = start_pa / GIB * GIB; pa < end_pa; pa += GIB) {
		unsigned int pud = below(t, 0, pa >> 39 & 511);
		unsigned int pmd = pud ? below(t, pud, pa >> 30 & 511) : 0;

		if (!pmd)
			return kho_fail(err, E2BIG, "the kernel needs too large an identity map");
		/* Present, writable, accessed, dirty, 2 MiB. */
		for (uint64_t i = 0; i < 512; i++)
			put_le(t->page[pmd] + i * 8, (pa + i * 2 * MIB) | 0xe3, 8);
	}
	return 0;
}

static int write_tables(const struct rehearse_load *load, struct guest *guest, struct kho_err *err)
{
	const struct segment *kernel = segments_find(&load->segments, BOOT_KERNEL);
	const struct segment *params = segments_find(&load->segments, BOOT_PARAMS);
	struct guest_tables *t = calloc(1, sizeof(*t));
	int ret;

	if (!t)
		return -ENOMEM;
	t->n = 1;
	ret = map(t, 0, GIB, err);
	if (!ret)
		ret = map(t, 3 * GIB, 4 * GIB, err);	/* the ROM */
	if (!ret)
		ret = map(t, load->kernel_pa, load->kernel_pa + kernel->bytes, err);
	if (!ret)
		ret = map(t, params->got.start_pa, params->got.end_pa, err);
	if (!ret)
		ret = guest_write(guest, PAGE_TABLES_PA, t->page, t->n * PAGE, err);
	free(t);
	return ret;
}

/* ---- all of it ---- */

static int check_image(const struct rehearse_load *load, struct kho_err *err)
{
	const struct kho_bytes *image = &load->image;
	uint32_t cmdline_max;

	if (!bytes_have(*image, 0x1fe, "\x55\xaa", 2) || !bytes_have(*image, 0x202, "HdrS", 4) ||
	    image->size < HEADER_ROOM)
		return kho_fail(err, ENOTSUP, "only a bzImage can be rehearsed");
	memcpy(&cmdline_max, image->data + CMDLINE_SIZE, 4);
	if (strlen(load->cmdline) >= CMDLINE_BYTES || strlen(load->cmdline) > cmdline_max)
		return kho_fail(err, ENOTSUP, "the command line is too long for what the rehearsal "
				"adds to it");
	return 0;
}

static int write_kernel(const struct rehearse_load *load, struct guest *guest,
			struct kho_err *err)
{
	const struct segment *kernel = segments_find(&load->segments, BOOT_KERNEL);
	size_t sectors = load->image.data[SETUP_HEADER] ? load->image.data[SETUP_HEADER] : 4;
	struct kho_bytes protected;

	if (bytes_slice(load->image, (sectors + 1) * 512,
			load->image.size > (sectors + 1) * 512 ?
			load->image.size - (sectors + 1) * 512 : 0, &protected) ||
	    !protected.size || protected.size > kernel->bytes)
		return kho_fail(err, EINVAL, "the bzImage is cut short");
	return guest_write(guest, load->kernel_pa, protected.data, protected.size, err);
}

/*
 * A ROM of whole 64 KiB below 4 GiB: the tables first, the start at its end.  Its last
 * 64 KiB are seen below 1 MiB too, where the kernel looks for SMBIOS.
 */
static int write_rom(const struct rehearse_load *load, struct guest *guest, uint64_t *rsdp_pa,
		     struct kho_err *err)
{
	const struct segment *params = segments_find(&load->segments, BOOT_PARAMS);
	const struct x86_start start = {
		PAGE_TABLES_PA, load->kernel_pa + 0x200, params->got.start_pa,
	};
	size_t bytes = 64u << 10;
	uint8_t *rom = NULL;
	int ret = 0;

	for (;;) {
		struct bytes_out o = { .size = bytes - X86_START_BYTES - SMBIOS_ENTRY_BYTES };

		free(rom);
		rom = o.data = calloc(1, bytes);
		if (!rom)
			return -ENOMEM;
		acpi_write(&o, HIGH_PA - bytes, load->machine, load->firmware, rsdp_pa);
		smbios_write(&o, HIGH_PA - bytes, load->firmware, rom + o.size);
		if (!o.full)
			break;
		bytes *= 2;
		if (bytes > 16 * MIB) {
			ret = kho_fail(err, E2BIG, "too many nodes for a table");
			break;
		}
	}
	x86_start(rom, bytes, &start);
	if (!ret)
		ret = guest_set_rom(guest, rom, bytes, err);
	free(rom);
	return ret;
}

/*
 * Where the running kernel's would be: in RAM, where what must not be touched is
 * touched by memtest= and the like.  Else in the first MiB.
 */
static void choose_tree(struct rehearse_load *load, struct kho_range *spare)
{
	uint64_t room_pa = load->tree_aside ? 0 : rehearse_find_room(load, MIB);

	load->tree_pa = room_pa ? room_pa : TREE_PA;
	if (room_pa)
		*spare = (struct kho_range){ room_pa + PAGE, room_pa + REHEARSE_ROOM_BYTES,
					     KHO_NO_NODE };
}

static int fill(struct rehearse_load *load, struct guest *guest, struct kho_err *err)
{
	const struct segment *initrd = segments_find(&load->segments, BOOT_INITRD);
	struct kho_range spare = { SPARE_PA, SPARE_END_PA, KHO_NO_NODE };
	uint64_t rsdp_pa = 0;
	int ret = check_image(load, err);

	if (!load->tree_pa)
		choose_tree(load, &spare);

	if (!ret)
		ret = write_rom(load, guest, &rsdp_pa, err);
	if (!ret)
		ret = write_kernel(load, guest, err);
	if (!ret && initrd && load->initrd_fd >= 0)
		ret = guest_copy(guest, initrd->got.start_pa, load->initrd_fd, load->initrd_bytes,
				 err);
	if (!ret)
		ret = guest_write(guest, CMDLINE_PA, load->cmdline, strlen(load->cmdline) + 1, err);
	if (!ret)
		ret = write_params(load, guest, rsdp_pa, err);
	if (!ret)
		ret = rehearse_write_list(load, guest, err);
	if (!ret)
		ret = rehearse_write_handed(load, guest, &spare, err);
	return ret ? ret : write_tables(load, guest, err);
}

static const char *const qemu[] = { "qemu-system-x86_64", "qemu-kvm", NULL };

const struct rehearse_arch rehearse_x86_64 = {
	.machine = "x86_64",
	.qemu = qemu,
	.shape = shape,
	.fill = fill,
	.describe = describe,
	.own_end_pa = MIB,
	.early_console = "earlyprintk=ttyS0",
};
