// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdbool.h>

#include "machine/machine.h"
#include "machine/srat.h"
#include "base/cursor.h"

/* ACPI 6.5, 5.2.16: the table's header, then affinity structures. */
enum {
	SRAT_LENGTH = 4,	/* and the revision behind it */
	SRAT_FIRST_ENTRY = 48,
	SRAT_MEMORY = 1,
	SRAT_GENERIC_INITIATOR = 5,
	SRAT_ENABLED = 1,
	SRAT_HOT_PLUGGABLE = 2,
};

/*
 * Limits of every kernel: CONFIG_NODES_SHIFT is 10 at most, which is MAX_NUMNODES and
 * MAX_PXM_DOMAINS (include/acpi/acpi_numa.h), and NR_NODE_MEMBLKS is twice that.
 */
#define MAX_DOMAINS 1024
#define MAX_BLOCKS 2048

/* More than any kernel has CPUs. */
#define MAX_PROCESSORS 65536

struct domains {
	uint32_t pxm[MAX_DOMAINS];	/* the domain of each node, in order of appearance */
	int n;
};

struct srat {
	struct kho_bytes table;
	uint8_t revision;
	struct domains domains;
};

/* One affinity structure. */
struct entry {
	size_t at;		/* where it begins in the table */
	uint8_t type;
	struct cursor c;	/* over its bytes */
};

static bool entry_u32(struct entry *e, size_t offset, uint32_t *value)
{
	return !cursor_seek(&e->c, offset) && !cursor_u32(&e->c, value);
}

static bool entry_u64(struct entry *e, size_t offset, uint64_t *value)
{
	return !cursor_seek(&e->c, offset) && !cursor_u64(&e->c, value);
}

/* drivers/acpi/numa/srat.c, acpi_map_pxm_to_node() */
static int node_of_pxm(struct domains *domains, uint32_t pxm)
{
	if (pxm >= MAX_DOMAINS)
		return KHO_NO_NODE;
	for (int i = 0; i < domains->n; i++)
		if (domains->pxm[i] == pxm)
			return i;
	if (domains->n == MAX_DOMAINS)
		return KHO_NO_NODE;
	domains->pxm[domains->n] = pxm;
	return domains->n++;
}

/* Domain and flags of a processor stand apart: eight bits first, the rest behind the flags. */
static bool cpu_pxm(struct entry *e, uint32_t *pxm, uint32_t *flags)
{
	uint32_t low, high;

	if (e->c.bytes.size != 16 || !entry_u32(e, 0, &low) || !entry_u32(e, 4, flags) ||
	    !entry_u32(e, 8, &high))
		return false;
	*pxm = (low >> 16 & 0xff) | (high & 0xffffff00);
	return true;
}

/* bad_srat(): the kernel then goes on as if there was no SRAT. */
static int dropped(struct kho_err *err, const struct entry *e, const char *why)
{
	return kho_fail(err, ENOTSUP, "offset %zu: %s", e->at, why);
}

struct processor {
	uint32_t id, pxm, flags;
};

/* acpi_numa_processor_affinity_init() and its like: the domain that it names, and if it counts. */
static bool read_processor(const struct srat *srat, struct entry *e, struct processor *p)
{
	switch (e->type) {
	case SRAT_PROCESSOR_APIC:
		if (!entry_u32(e, 0, &p->id) || !cpu_pxm(e, &p->pxm, &p->flags))
			return false;
		p->id >>= 24;
		if (srat->revision <= 1)
			p->pxm &= 0xff;
		return true;
	case SRAT_PROCESSOR_X2APIC:
		return e->c.bytes.size >= 24 && entry_u32(e, 4, &p->pxm) &&
		       entry_u32(e, 8, &p->id) && entry_u32(e, 12, &p->flags);
	case SRAT_PROCESSOR_GICC:
		return e->c.bytes.size >= 18 && entry_u32(e, 2, &p->pxm) &&
		       entry_u32(e, 6, &p->id) && entry_u32(e, 10, &p->flags);
	}
	return true;
}

static int add_processor(struct srat *srat, struct entry *e, struct srat_blocks *blocks,
			 struct kho_err *err)
{
	struct processor p = { .flags = 0 };
	int node;

	if (!read_processor(srat, e, &p))
		return dropped(err, e, "a processor affinity of a wrong length");
	if (!(p.flags & SRAT_ENABLED))
		return 0;
	node = node_of_pxm(&srat->domains, p.pxm);
	if (node == KHO_NO_NODE)
		return dropped(err, e, "a processor in a proximity domain beyond 1023");
	if (blocks->processors.n == MAX_PROCESSORS)
		return 0;
	return kho_ranges_add(&blocks->processors, p.id, (uint64_t)p.id + 1, node);
}

/*
 * acpi_parse_gi_affinity(): one that is not enabled is an error there, which ends the
 * walk over processors and initiators, but not the use of the table.
 */
static bool add_initiator(struct srat *srat, struct entry *e)
{
	uint32_t pxm, flags;

	return entry_u32(e, 4, &pxm) && entry_u32(e, 24, &flags) && flags & SRAT_ENABLED &&
	       node_of_pxm(&srat->domains, pxm) != KHO_NO_NODE;
}

/*
 * acpi_parse_memory_affinity(), numa_add_memblk_to(): what is empty or wraps is passed over,
 * and an end above all memory is cut later.
 */
static int add_memory(struct srat *srat, struct entry *e, struct srat_blocks *blocks,
		      struct kho_err *err)
{
	uint64_t base_pa, length_bytes;
	uint32_t pxm, flags;
	int node, ret = 0;

	if (e->c.bytes.size < 40 || !entry_u32(e, 2, &pxm) || !entry_u64(e, 8, &base_pa) ||
	    !entry_u64(e, 16, &length_bytes) || !entry_u32(e, 28, &flags))
		return dropped(err, e, "a memory affinity of less than 40 bytes");
	if (!(flags & SRAT_ENABLED))
		return 0;
	/* Up to revision 1 a domain had eight bits and the rest was not defined. */
	node = node_of_pxm(&srat->domains, srat->revision <= 1 ? pxm & 0xff : pxm);
	if (node == KHO_NO_NODE)
		return dropped(err, e, "memory in a proximity domain beyond 1023");
	if (!length_bytes || base_pa + length_bytes < base_pa)
		return 0;
	if (blocks->memory.n == MAX_BLOCKS)
		return dropped(err, e, "more than 2048 memory affinities");
	if (base_pa + length_bytes > blocks->end_pa)
		blocks->end_pa = base_pa + length_bytes;
	if (flags & SRAT_HOT_PLUGGABLE)
		ret = kho_ranges_add(&blocks->hotpluggable, base_pa, base_pa + length_bytes,
				     KHO_NO_NODE);
	return ret ? ret : kho_ranges_add(&blocks->memory, base_pa, base_pa + length_bytes, node);
}

/* The next entry; -ENOENT: none is left.  lib/fw_table.c, acpi_parse_entries_array() */
static int next_entry(const struct srat *srat, struct cursor *c, struct entry *e,
		      struct kho_err *err)
{
	struct kho_bytes bytes;
	uint8_t length;

	e->at = c->pos;
	/* It stops where no more than a head is left. */
	if (cursor_left(c) <= 2 || cursor_u8(c, &e->type) || cursor_u8(c, &length))
		return -ENOENT;
	if (!length)
		return dropped(err, e, "an affinity structure of no length");
	if (length < 2 || bytes_slice(srat->table, e->at, length, &bytes) ||
	    cursor_skip(c, length - 2))
		return kho_fail(err, EBADMSG, "offset %zu: affinity structure is cut", e->at);
	e->c = cursor_init(bytes);
	return 0;
}

/* Once for processors and initiators, once for the memory, as the kernel does. */
static int walk_srat(struct srat *srat, bool memory, struct srat_blocks *blocks,
		     struct kho_err *err)
{
	struct cursor c = cursor_init(srat->table);
	struct entry e;
	int ret = cursor_seek(&c, SRAT_FIRST_ENTRY);

	while (!ret && !(ret = next_entry(srat, &c, &e, err))) {
		if (memory && e.type == SRAT_MEMORY)
			ret = add_memory(srat, &e, blocks, err);
		else if (!memory && e.type == SRAT_GENERIC_INITIATOR && !add_initiator(srat, &e))
			return 0;
		else if (!memory && e.type != SRAT_MEMORY)
			ret = add_processor(srat, &e, blocks, err);
	}
	return ret == -ENOENT ? 0 : ret;
}

static int read_srat_header(struct kho_bytes file, struct srat *srat, struct kho_err *err)
{
	struct cursor c = cursor_init(file);
	uint32_t length;

	*srat = (struct srat){ .revision = 0 };
	if (!bytes_have(file, 0, "SRAT", 4) || cursor_seek(&c, SRAT_LENGTH) ||
	    cursor_u32(&c, &length) || cursor_u8(&c, &srat->revision))
		return kho_fail(err, EBADMSG, "no SRAT header");
	if (length < SRAT_FIRST_ENTRY || bytes_slice(file, 0, length, &srat->table))
		return kho_fail(err, EBADMSG, "the header says %u bytes, there are %zu", length,
				file.size);
	return 0;
}

bool srat_has_processor(const uint8_t *table, size_t bytes, unsigned int type)
{
	struct kho_err err;
	struct cursor c;
	struct srat srat;
	struct entry e;

	if (read_srat_header((struct kho_bytes){ table, bytes }, &srat, &err))
		return false;
	c = cursor_init(srat.table);
	if (cursor_seek(&c, SRAT_FIRST_ENTRY))
		return false;
	while (!next_entry(&srat, &c, &e, &err))
		if (e.type == type)
			return true;
	return false;
}

int srat_parse(const uint8_t *table, size_t bytes, struct srat_blocks *blocks,
	       struct kho_err *err)
{
	struct srat srat;
	int ret = read_srat_header((struct kho_bytes){ table, bytes }, &srat, err);

	if (!ret)
		ret = walk_srat(&srat, false, blocks, err);
	if (!ret)
		ret = walk_srat(&srat, true, blocks, err);
	if (!ret && !blocks->memory.n)
		ret = kho_fail(err, ENOTSUP, "it names no memory");
	kho_ranges_normalise(&blocks->hotpluggable);
	kho_ranges_normalise(&blocks->processors);
	return ret;
}

static bool touches(const struct kho_ranges *ram, const struct kho_range *block)
{
	const struct kho_ranges one = { (struct kho_range *)block, 1, 1 };

	return kho_ranges_common_bytes(ram, &one);
}

/* Blocks without RAM are set aside, and the others end where the RAM does. */
static int trim_to_ram(const struct kho_ranges *ram, const struct kho_ranges *blocks,
		       struct kho_ranges *map)
{
	uint64_t low_pa = ram->r[0].start_pa, high_pa = ram->r[ram->n - 1].end_pa;
	int ret = 0;

	for (size_t i = 0; i < blocks->n && !ret; i++) {
		const struct kho_range *b = &blocks->r[i];

		if (touches(ram, b))
			ret = kho_ranges_add(map, b->start_pa > low_pa ? b->start_pa : low_pa,
					     b->end_pa < high_pa ? b->end_pa : high_pa, b->node);
	}
	kho_ranges_normalise(map);
	return ret;
}

static int check_overlap(const struct kho_ranges *map, struct kho_err *err)
{
	for (size_t i = 1; i < map->n; i++)
		if (map->r[i].start_pa < map->r[i - 1].end_pa)
			return kho_fail(err, ENOTSUP, "nodes %d and %d both have memory at 0x%llx",
					map->r[i - 1].node, map->r[i].node,
					(unsigned long long)map->r[i].start_pa);
	return 0;
}

/* Blocks of one node with none of another between them become one, with the hole. */
static void join(struct kho_ranges *map)
{
	size_t kept = 0;

	for (size_t i = 0; i < map->n; i++)
		if (kept && map->r[kept - 1].node == map->r[i].node)
			map->r[kept - 1].end_pa = map->r[i].end_pa;
		else
			map->r[kept++] = map->r[i];
	map->n = kept;
}

/* memblock_validate_numa_coverage() counts whole pages. */
static int check_coverage(const struct kho_ranges *ram, const struct kho_ranges *map,
			  const struct srat_rules *rules, struct kho_err *err)
{
	struct kho_ranges pieces = { 0 };
	uint64_t page = rules->page_bytes, bytes = 0;
	int ret = kho_ranges_cut(ram, map, &pieces);

	for (size_t i = 0; i < pieces.n; i++) {
		uint64_t start_pa = (pieces.r[i].start_pa + page - 1) / page * page;
		uint64_t end_pa = pieces.r[i].end_pa / page * page;

		if (pieces.r[i].node == KHO_NO_NODE && end_pa > start_pa)
			bytes += end_pa - start_pa;
	}
	kho_ranges_deinit(&pieces);
	if (ret || bytes <= rules->nodeless_limit_bytes)
		return ret;
	return kho_fail(err, ENOTSUP, "it gives no node to %llu of %llu MiB of RAM",
			(unsigned long long)((bytes + 0xfffff) >> 20),
			(unsigned long long)(kho_ranges_bytes(ram) >> 20));
}

int srat_nodes(const struct kho_ranges *ram, const struct kho_ranges *blocks,
	       const struct srat_rules *rules, struct kho_ranges *map, struct kho_err *err)
{
	int ret;

	if (!ram->n)
		return 0;
	ret = trim_to_ram(ram, blocks, map);
	if (!ret)
		ret = check_overlap(map, err);
	if (!ret) {
		join(map);
		ret = check_coverage(ram, map, rules, err);
	}
	return ret;
}

void srat_blocks_deinit(struct srat_blocks *blocks)
{
	kho_ranges_deinit(&blocks->memory);
	kho_ranges_deinit(&blocks->hotpluggable);
	kho_ranges_deinit(&blocks->processors);
}
