// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "machine/machine.h"
#include "machine/srat.h"

/* ACPI 6.5, 5.2.16: the table's header, then affinity structures. */
enum {
	SRAT_LENGTH = 4,
	SRAT_REVISION = 8,
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
	const uint8_t *table;
	size_t bytes;
	uint8_t revision;
	struct domains domains;
};

static uint32_t u32_at(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return le32toh(v);
}

static uint64_t u64_at(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return le64toh(v);
}

/* Up to revision 1 a domain had eight bits and the rest was not defined. */
static uint32_t mask_pxm(const struct srat *srat, uint32_t pxm)
{
	return srat->revision <= 1 ? pxm & 0xff : pxm;
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

/* A processor or initiator: all that matters is the domain that it names. */
static bool initiator_pxm(const struct srat *srat, const uint8_t *e, uint32_t *pxm)
{
	switch (e[0]) {
	case SRAT_CPU:
		if (e[1] != 16 || !(u32_at(e + 4) & SRAT_ENABLED))
			return false;
		*pxm = mask_pxm(srat, e[2] | (uint32_t)e[9] << 8 | (uint32_t)e[10] << 16 |
				(uint32_t)e[11] << 24);
		return true;
	case SRAT_X2APIC:
		*pxm = e[1] >= 24 ? u32_at(e + 4) : 0;
		return e[1] >= 24 && u32_at(e + 12) & SRAT_ENABLED;
	case SRAT_GICC:
		*pxm = e[1] >= 18 ? u32_at(e + 2) : 0;
		return e[1] >= 18 && u32_at(e + 10) & SRAT_ENABLED;
	case SRAT_GENERIC_INITIATOR:
		*pxm = e[1] >= 32 ? u32_at(e + 4) : 0;
		return e[1] >= 32 && u32_at(e + 24) & SRAT_ENABLED;
	}
	return false;
}

static int add_memory(struct srat *srat, const uint8_t *e, size_t at, struct kho_ranges *map,
		      struct kho_err *err)
{
	uint64_t base_pa, length_bytes;
	int node;

	if (e[1] < 40)
		return kho_fail(err, EBADMSG, "offset %zu: memory affinity of %u bytes, not 40",
				at, e[1]);
	if (!(u32_at(e + 28) & SRAT_ENABLED))
		return 0;
	base_pa = u64_at(e + 8);
	length_bytes = u64_at(e + 16);
	if (base_pa >= MACHINE_PA_LIMIT || length_bytes > MACHINE_PA_LIMIT - base_pa)
		return kho_fail(err, EBADMSG, "offset %zu: memory ends above 2^52", at);
	node = node_of_pxm(&srat->domains, mask_pxm(srat, u32_at(e + 2)));
	if (node == KHO_NO_NODE)
		return kho_fail(err, EBADMSG, "offset %zu: more than %d proximity domains", at,
				MAX_DOMAINS);
	return kho_ranges_add(map, base_pa, base_pa + length_bytes, node);
}

/* Once for the initiators, once for the memory, as the kernel does. */
static int walk(struct srat *srat, bool memory, struct kho_ranges *map, struct kho_err *err)
{
	size_t at = SRAT_FIRST_ENTRY;
	int ret = 0;

	while (at < srat->bytes && !ret) {
		const uint8_t *e = srat->table + at;
		uint32_t pxm;

		if (srat->bytes - at < 2 || e[1] < 2 || e[1] > srat->bytes - at)
			return kho_fail(err, EBADMSG, "offset %zu: affinity structure is cut", at);
		if (memory && e[0] == SRAT_MEMORY)
			ret = add_memory(srat, e, at, map, err);
		else if (!memory && initiator_pxm(srat, e, &pxm))
			node_of_pxm(&srat->domains, pxm);
		at += e[1];
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
	struct srat srat = { .table = table, .bytes = bytes };
	int ret;

	if (bytes < SRAT_FIRST_ENTRY || memcmp(table, "SRAT", 4))
		return kho_fail(err, EBADMSG, "no SRAT header");
	if (u32_at(table + SRAT_LENGTH) < SRAT_FIRST_ENTRY || u32_at(table + SRAT_LENGTH) > bytes)
		return kho_fail(err, EBADMSG, "the header says %u bytes, there are %zu",
				u32_at(table + SRAT_LENGTH), bytes);
	srat.bytes = u32_at(table + SRAT_LENGTH);
	srat.revision = table[SRAT_REVISION];

	ret = walk(&srat, false, map, err);
	if (!ret)
		ret = walk(&srat, true, map, err);
	return ret ? ret : check_overlap(map, err);
}
