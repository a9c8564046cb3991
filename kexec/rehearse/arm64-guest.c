// SPDX-License-Identifier: GPL-2.0-only
/*
 * An arm64 guest: what arch/arm64/kernel/machine_kexec_file.c and kernel/kexec_file.c
 * load, a device tree of ours, and a few instructions that start it as
 * Documentation/arch/arm64/booting.rst wants.
 */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/arm64/arm64.h"
#include "model/boot.h"
#include "rehearse/bytes.h"
#include "rehearse/guest-load.h"
#include "rehearse/handed.h"

#define MIB		(UINT64_C(1) << 20)
#define GIB		(UINT64_C(1) << 30)

/* Of QEMU's "virt": where RAM begins, and where it puts a device tree of its own. */
#define RAM_PA		GIB
#define OWN_TREE_BYTES	MIB
#define UART		"pl011,0x9000000"

/* Ours, in memory that is neither an area nor preserved. */
#define TREE_AT		(64u << 10)
#define SPARE_AT	(128u << 10)

#define TREE_BYTES	(256u << 10)
#define CPUS_MAX	4096

/* Any, but the same each time: a rehearsal can be run again. */
#define KASLR_SEED	UINT64_C(0x7265686561727365)

static int shape(const struct machine *m, struct guest_shape *s, struct kho_err *err)
{
	uint64_t end_pa = RAM_PA + 64 * MIB;

	for (size_t i = 0; i < m->memory.n; i++) {
		if (m->memory.r[i].start_pa < RAM_PA)
			return kho_fail(err, ENOTSUP, "this machine has RAM below 1 GiB, where a "
					"guest can have none");
		if (m->memory.r[i].end_pa > end_pa)
			end_pa = m->memory.r[i].end_pa;
	}
	end_pa = (end_pa + 2 * MIB - 1) / (2 * MIB) * (2 * MIB);
	*s = (struct guest_shape){
		.low_pa = RAM_PA, .low_bytes = end_pa - RAM_PA, .ram_bytes = end_pa - RAM_PA,
	};
	return 0;
}

/* KVM has the host's interrupt controller and pointer authentication, and no others. */
static void describe(const struct machine *m, const struct guest *guest, bool kvm,
		     char text[2][128])
{
	snprintf(text[0], 128, "virt,gic-version=%s,memory-backend=ram", kvm ? "host" : "3");
	snprintf(text[1], 128, "max%s", kvm ? "" : m->lpa2_known && !m->lpa2 ?
		 ",pauth-impdef=on,lpa2=off" : ",pauth-impdef=on");
}

static void start_words(const struct guest *guest, char room[64], const char **argv, size_t *n)
{
	snprintf(room, 64, "loader,addr=0x%" PRIx64 ",cpu-num=0", guest->start_pa);
	argv[(*n)++] = "-device";
	argv[(*n)++] = room;
}

/* ---- the first instructions ---- */

static int write_start(const struct rehearse_load *load, struct guest *guest, uint64_t tree_pa,
		       struct kho_err *err)
{
	uint8_t code[48];
	struct bytes_out o = { .data = code, .size = sizeof(code) };

	out_u32(&o, 0x58000100);	/* ldr x0, 32f */
	out_u32(&o, 0xaa1f03e1);	/* mov x1, xzr */
	out_u32(&o, 0xaa1f03e2);	/* mov x2, xzr */
	out_u32(&o, 0xaa1f03e3);	/* mov x3, xzr */
	out_u32(&o, 0x580000c4);	/* ldr x4, 40f */
	out_u32(&o, 0xd61f0080);	/* br x4 */
	out_u32(&o, 0xd503201f);	/* nop */
	out_u32(&o, 0xd503201f);	/* nop */
	out_u64(&o, tree_pa);
	out_u64(&o, load->kernel_pa);
	return guest_write(guest, guest->start_pa, code, sizeof(code), err);
}

/* ---- the device tree ---- */

static int put_reg(void *tree, const char *name, uint64_t start, uint64_t bytes)
{
	uint64_t reg[2] = { cpu_to_fdt64(start), cpu_to_fdt64(bytes) };

	return fdt_property(tree, name, reg, sizeof(reg));
}

static int put_numa_node(void *tree, int node)
{
	return node == KHO_NO_NODE ? 0 : fdt_property_u32(tree, "numa-node-id", (uint32_t)node);
}

/* Sixteen to a cluster, as virt has them: MPIDR_EL1 of the first is 0. */
static int put_cpus(void *tree, const struct machine *m)
{
	unsigned int n = m->possible_cpus ? m->possible_cpus : 1;
	int ret = fdt_begin_node(tree, "cpus");

	ret = ret ? ret : fdt_property_u32(tree, "#address-cells", 1);
	ret = ret ? ret : fdt_property_u32(tree, "#size-cells", 0);
	for (unsigned int cpu = 0; cpu < n && cpu < CPUS_MAX && !ret; cpu++) {
		uint32_t mpidr = cpu / 16 << 8 | cpu % 16;
		char name[24];

		snprintf(name, sizeof(name), "cpu@%x", mpidr);
		ret = fdt_begin_node(tree, name);
		ret = ret ? ret : fdt_property_string(tree, "device_type", "cpu");
		ret = ret ? ret : fdt_property_string(tree, "compatible", "arm,armv8");
		ret = ret ? ret : fdt_property_u32(tree, "reg", mpidr);
		ret = ret ? ret : fdt_property_string(tree, "enable-method", "psci");
		ret = ret ? ret : put_numa_node(tree, m->cpu_node ? m->cpu_node[cpu] : KHO_NO_NODE);
		ret = ret ? ret : fdt_end_node(tree);
	}
	return ret ? ret : fdt_end_node(tree);
}

static int put_memory(void *tree, const struct machine *m)
{
	int ret = 0;

	for (size_t i = 0; i < m->memory.n && !ret; i++) {
		const struct kho_range *r = &m->memory.r[i];
		char name[32];

		snprintf(name, sizeof(name), "memory@%" PRIx64, r->start_pa);
		ret = fdt_begin_node(tree, name);
		ret = ret ? ret : fdt_property_string(tree, "device_type", "memory");
		ret = ret ? ret : put_reg(tree, "reg", r->start_pa, r->end_pa - r->start_pa);
		ret = ret ? ret : put_numa_node(tree, r->node);
		ret = ret ? ret : fdt_end_node(tree);
	}
	return ret;
}

/* of_kexec_alloc_and_setup_fdt(), kho_add_chosen() */
static int put_chosen(void *tree, const struct rehearse_load *load)
{
	const struct segment *initrd = segments_find(&load->segments, BOOT_INITRD);
	const struct segment *list = segments_find(&load->segments, BOOT_SCRATCH_LIST);
	int ret = fdt_begin_node(tree, "chosen");

	ret = ret ? ret : fdt_property_string(tree, "bootargs", load->cmdline);
	ret = ret ? ret : fdt_property_u64(tree, "kaslr-seed", KASLR_SEED);
	if (!ret && initrd) {
		ret = fdt_property_u64(tree, "linux,initrd-start", initrd->got.start_pa);
		ret = ret ? ret : fdt_property_u64(tree, "linux,initrd-end",
						   initrd->got.start_pa + load->initrd_bytes);
	}
	if (!ret && load->format) {
		ret = put_reg(tree, "linux,kho-fdt", load->tree_pa, HANDED_TREE_BYTES);
		ret = ret ? ret : put_reg(tree, "linux,kho-scratch", list->got.start_pa,
					  load->machine->scratch.n * 16);
	}
	return ret ? ret : fdt_end_node(tree);
}

static int put_psci(void *tree)
{
	int ret = fdt_begin_node(tree, "psci");

	ret = ret ? ret : fdt_property_string(tree, "compatible", "arm,psci-1.0");
	ret = ret ? ret : fdt_property_string(tree, "method", "hvc");
	return ret ? ret : fdt_end_node(tree);
}

/*
 * What makes the tree as large as the model takes a machine's to be, flat and unflattened:
 * properties, a name and a text of zeros.
 */
struct padding {
	size_t properties;
	size_t name_bytes;
	size_t flat_bytes;
};

static int put_padding(void *tree, const struct padding *pad)
{
	static const char zeros[ARM64_TREE_BYTES];
	char name[256] = "padding@";
	int ret;

	/* A unit address is in the node's name only, not in the property. */
	memset(name + 8, '0', pad->name_bytes);
	name[8 + pad->name_bytes] = '\0';
	ret = fdt_property(tree, "padding", zeros, (int)pad->flat_bytes);
	ret = ret ? ret : fdt_begin_node(tree, name);
	for (size_t i = 0; i < pad->properties && !ret; i++)
		ret = fdt_property(tree, "padding", NULL, 0);
	return ret ? ret : fdt_end_node(tree);
}

static int put_tree(void *tree, const struct rehearse_load *load, const struct padding *pad)
{
	const struct segment *initrd = segments_find(&load->segments, BOOT_INITRD);
	int ret = fdt_create(tree, TREE_BYTES);

	if (!ret && initrd)
		ret = fdt_add_reservemap_entry(tree, initrd->got.start_pa, load->initrd_bytes);
	ret = ret ? ret : fdt_finish_reservemap(tree);
	ret = ret ? ret : fdt_begin_node(tree, "");
	ret = ret ? ret : fdt_property_string(tree, "compatible", "linux,dummy-virt");
	ret = ret ? ret : fdt_property_u32(tree, "#address-cells", 2);
	ret = ret ? ret : fdt_property_u32(tree, "#size-cells", 2);
	ret = ret ? ret : put_padding(tree, pad);
	ret = ret ? ret : put_psci(tree);
	ret = ret ? ret : put_cpus(tree, load->machine);
	ret = ret ? ret : put_memory(tree, load->machine);
	ret = ret ? ret : put_chosen(tree, load);
	ret = ret ? ret : fdt_end_node(tree);
	return ret ? ret : fdt_finish(tree);
}

/*
 * drivers/of/fdt.c, unflatten_dt_nodes(): a struct device_node and its name, a struct
 * property for each and one more for the name.
 */
static uint64_t unflat_bytes(const void *tree, uint64_t property_bytes)
{
	uint64_t bytes = 0;
	int property;

	for (int node = fdt_next_node(tree, -1, NULL); node >= 0;
	     node = fdt_next_node(tree, node, NULL)) {
		const char *name = fdt_get_name(tree, node, NULL);
		size_t full = strlen(name) + 1, plain = strcspn(name, "@") + 1;

		bytes += (ARM64_NODE_BYTES + full + 7) / 8 * 8 + (property_bytes + plain + 7) / 8 * 8;
		fdt_for_each_property_offset(property, tree, node)
			bytes += property_bytes;
	}
	return bytes;
}

/* From @tree, which has none, what it needs; what is too large already stays as it is. */
static void choose_padding(const void *tree, const struct rehearse_load *load, struct padding *pad)
{
	const struct machine *m = load->machine;
	uint64_t property_bytes = load->kernel->of_property_bytes;
	uint64_t want = arm64_unflat_bytes(load->kernel, &m->device_tree,
					   m->possible_cpus ? m->possible_cpus : 1, load->initrd_bytes);
	uint64_t have = unflat_bytes(tree, property_bytes), flat = fdt_totalsize(tree);

	/* The kernel asks for four bytes more. */
	if (have + 8 < want) {
		pad->properties = (want - 8 - have) / property_bytes;
		pad->name_bytes = (want - 8 - have) % property_bytes;
	}
	flat += pad->properties * 12 + pad->name_bytes;
	pad->flat_bytes = flat < ARM64_TREE_BYTES ? (ARM64_TREE_BYTES - flat) / 4 * 4 : 0;
}

static int write_tree(const struct rehearse_load *load, struct guest *guest, uint64_t tree_pa,
		      struct kho_err *err)
{
	uint8_t *tree = calloc(1, TREE_BYTES);
	struct padding pad = { 0 };
	int ret;

	if (!tree)
		return -ENOMEM;
	ret = put_tree(tree, load, &pad);
	if (!ret) {
		choose_padding(tree, load, &pad);
		ret = put_tree(tree, load, &pad);
	}
	if (ret)
		ret = kho_fail(err, E2BIG, "the device tree of the guest: %s", fdt_strerror(ret));
	else
		ret = guest_write(guest, tree_pa, tree, fdt_totalsize(tree), err);
	free(tree);
	return ret;
}

/* ---- all of it ---- */

/* Whether anything that must be there lies where QEMU puts its tree; what else is in an area is free. */
static bool under_own_tree(const struct rehearse_load *load)
{
	for (size_t i = 0; i < load->segments.n; i++) {
		const struct kho_range *got = &load->segments.seg[i].got;

		if (got->start_pa < RAM_PA + OWN_TREE_BYTES && got->end_pa > RAM_PA)
			return true;
	}
	return rehearse_touches(load->preserved_map, RAM_PA, RAM_PA + OWN_TREE_BYTES);
}

static int fill(struct rehearse_load *load, struct guest *guest, struct kho_err *err)
{
	const struct segment *initrd = segments_find(&load->segments, BOOT_INITRD);
	const struct segment *params = segments_find(&load->segments, BOOT_PARAMS);
	const struct segment *kernel = segments_find(&load->segments, BOOT_KERNEL);
	uint64_t room_pa = rehearse_find_room(load, RAM_PA + OWN_TREE_BYTES);
	struct kho_range spare = { room_pa + SPARE_AT, room_pa + REHEARSE_ROOM_BYTES, KHO_NO_NODE };
	int ret = 0;

	if (!room_pa)
		return kho_fail(err, ENOSPC, "there is no free memory beside the areas");
	if (under_own_tree(load))
		return kho_fail(err, ENOTSUP, "what is loaded or a page of the map of preserved memory "
				"lies where QEMU puts its own device tree");
	if (!bytes_have(load->image, 56, "ARM\x64", 4) || load->image.size > kernel->bytes)
		return kho_fail(err, ENOTSUP, "only an Image of arm64 can be rehearsed");
	guest->start_pa = room_pa;
	if (!load->tree_pa)
		load->tree_pa = room_pa + TREE_AT;
	ret = guest_write(guest, load->kernel_pa, load->image.data, load->image.size, err);
	if (!ret && initrd && load->initrd_fd >= 0)
		ret = guest_copy(guest, initrd->got.start_pa, load->initrd_fd, load->initrd_bytes,
				 err);
	if (!ret)
		ret = rehearse_write_list(load, guest, err);
	if (!ret)
		ret = rehearse_write_handed(load, guest, &spare, err);
	if (!ret)
		ret = write_tree(load, guest, params->got.start_pa, err);
	return ret ? ret : write_start(load, guest, params->got.start_pa, err);
}

static const char *const qemu[] = { "qemu-system-aarch64", "qemu-kvm", NULL };

const struct rehearse_arch rehearse_arm64 = {
	.machine = "aarch64",
	.qemu = qemu,
	.shape = shape,
	.fill = fill,
	.describe = describe,
	.start_words = start_words,
	.load_min_is_offset = true,
	.own_end_pa = RAM_PA + OWN_TREE_BYTES,
	.early_console = "earlycon=" UART,
};
