// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdbool.h>

#include "machine/machine.h"
#include "machine/srat.h"
#include "successor/cursor.h"

/* ACPI 6.5, 5.2.16: the table's header, then affinity structures. */
enum {
	SRAT_LENGTH = 4,	/* and the revision behind it */
	SRAT_FIRST_ENTRY = 48,
	SRAT_CPU = 0,
	SRAT_MEMORY = 1,
	SRAT_X2APIC = 2,
	SRAT_GICC = 3,
	SRAT_GENERIC_INITIATOR = 5,
	SRAT_ENABLED = 1,
};

/* The kernel's MAX_NUMNODES is 1024 at most; ours may meet a larger table. */
#define MAX_DOMAINS 4096

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

static int node_of_pxm(struct domains *domains, uint32_t pxm)
{
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

/* An enabled processor or initiator: all that matters is the domain that it names. */
static bool initiator_pxm(const struct srat *srat, struct entry *e, uint32_t *pxm)
{
	uint32_t flags = 0;
	bool whole = false;

	switch (e->type) {
	case SRAT_CPU:
		whole = cpu_pxm(e, pxm, &flags);
		if (srat->revision <= 1)
			*pxm &= 0xff;
		break;
	case SRAT_X2APIC:
		whole = entry_u32(e, 4, pxm) && entry_u32(e, 12, &flags);
		break;
	case SRAT_GICC:
		whole = entry_u32(e, 2, pxm) && entry_u32(e, 10, &flags);
		break;
	case SRAT_GENERIC_INITIATOR:
		whole = entry_u32(e, 4, pxm) && entry_u32(e, 24, &flags);
		break;
	}
	return whole && flags & SRAT_ENABLED;
}

static int add_memory(struct srat *srat, struct entry *e, struct kho_ranges *map,
		      struct kho_err *err)
{
	uint64_t base_pa, length_bytes;
	uint32_t pxm, flags;
	int node;

	if (e->c.bytes.size < 40 || !entry_u32(e, 2, &pxm) || !entry_u64(e, 8, &base_pa) ||
	    !entry_u64(e, 16, &length_bytes) || !entry_u32(e, 28, &flags))
		return kho_fail(err, EBADMSG, "offset %zu: memory affinity of %zu bytes, not 40",
				e->at, e->c.bytes.size);
	if (!(flags & SRAT_ENABLED))
		return 0;
	if (base_pa >= MACHINE_PA_LIMIT || length_bytes > MACHINE_PA_LIMIT - base_pa)
		return kho_fail(err, EBADMSG, "offset %zu: memory ends above 2^52", e->at);
	/* Up to revision 1 a domain had eight bits and the rest was not defined. */
	node = node_of_pxm(&srat->domains, srat->revision <= 1 ? pxm & 0xff : pxm);
	if (node == KHO_NO_NODE)
		return kho_fail(err, EBADMSG, "offset %zu: more than %d proximity domains", e->at,
				MAX_DOMAINS);
	return kho_ranges_add(map, base_pa, base_pa + length_bytes, node);
}

/* Once for the initiators, once for the memory, as the kernel does. */
static int walk(struct srat *srat, bool memory, struct kho_ranges *map, struct kho_err *err)
{
	struct cursor c = cursor_init(srat->table);
	int ret = cursor_seek(&c, SRAT_FIRST_ENTRY);

	while (!ret && cursor_left(&c)) {
		struct entry e = { .at = c.pos };
		struct kho_bytes bytes;
		uint8_t length = 0;
		uint32_t pxm = 0;

		if (cursor_u8(&c, &e.type) || cursor_u8(&c, &length) || length < 2 ||
		    bytes_slice(srat->table, e.at, length, &bytes) || cursor_skip(&c, length - 2))
			return kho_fail(err, EBADMSG, "offset %zu: affinity structure is cut", e.at);
		e.c = cursor_init(bytes);
		if (memory && e.type == SRAT_MEMORY)
			ret = add_memory(srat, &e, map, err);
		else if (!memory && initiator_pxm(srat, &e, &pxm))
			node_of_pxm(&srat->domains, pxm);
	}
	return ret;
}

static int check_overlap(struct kho_ranges *map, struct kho_err *err)
{
	kho_ranges_normalise(map);
	for (size_t i = 1; i < map->n; i++)
		if (map->r[i].start_pa < map->r[i - 1].end_pa)
			return kho_fail(err, EBADMSG, "nodes %d and %d both have memory at 0x%llx",
					map->r[i - 1].node, map->r[i].node,
					(unsigned long long)map->r[i].start_pa);
	return 0;
}

int srat_parse(const uint8_t *table, size_t bytes, struct kho_ranges *map, struct kho_err *err)
{
	struct srat srat = { .table = { table, bytes } };
	struct cursor c = cursor_init(srat.table);
	uint32_t length;
	int ret;

	if (!bytes_have(srat.table, 0, "SRAT", 4) || cursor_seek(&c, SRAT_LENGTH) ||
	    cursor_u32(&c, &length) || cursor_u8(&c, &srat.revision))
		return kho_fail(err, EBADMSG, "no SRAT header");
	if (length < SRAT_FIRST_ENTRY || bytes_slice(srat.table, 0, length, &srat.table))
		return kho_fail(err, EBADMSG, "the header says %u bytes, there are %zu", length,
				bytes);
	ret = walk(&srat, false, map, err);
	if (!ret)
		ret = walk(&srat, true, map, err);
	return ret ? ret : check_overlap(map, err);
}
