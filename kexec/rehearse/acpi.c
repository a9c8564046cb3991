// SPDX-License-Identifier: GPL-2.0-only
/* Layouts: ACPI 6.5, chapter 5.2; the comments give the tables' own section. */
#include "config.h"

#include "rehearse/acpi.h"

#define HEADER_BYTES	36
#define FADT_BYTES	276
#define LAPIC_PA	0xfee00000u
#define IOAPIC_PA	0xfec00000u
#define HPET_PA		0xfed00000u

struct tables {
	struct bytes_out *o;
	uint64_t base_pa;
	uint64_t table_pa[8];	/* for the XSDT */
	size_t n;
};

static void put_checksum(struct bytes_out *o, size_t from, size_t bytes, size_t sum_at)
{
	uint8_t sum = 0;

	if (o->full)
		return;
	for (size_t i = 0; i < bytes; i++)
		sum += o->data[from + i];
	o->data[from + sum_at] -= sum;
}

/* 5.2.6: a header whose length and checksum table_end() fills in. */
static size_t table_begin(struct tables *t, const char *signature, uint8_t revision)
{
	struct bytes_out *o = t->o;
	size_t from;

	while (o->at % 16 && !o->full)
		out_u8(o, 0);
	from = o->at;
	out_bytes(o, signature, 4);
	out_u32(o, 0);
	out_u8(o, revision);
	out_u8(o, 0);
	out_bytes(o, "KEXECKREHEARSAL", 14);
	out_u32(o, 1);
	out_bytes(o, "KHO", 4);
	out_u32(o, 1);
	return from;
}

static uint64_t table_end(struct tables *t, size_t from)
{
	struct bytes_out *o = t->o;

	if (!o->full)
		put_le(o->data + from + 4, o->at - from, 4);
	put_checksum(o, from, o->at - from, 9);
	return t->base_pa + from;
}

/* 5.2.9: no more than the kernel wants to see; the registers are never used. */
static void write_fadt(struct tables *t, uint64_t dsdt_pa)
{
	size_t from = table_begin(t, "FACP", 6);
	uint8_t body[FADT_BYTES - HEADER_BYTES] = { 0 };

	put_le(body + 40 - HEADER_BYTES, dsdt_pa, 4);
	put_le(body + 46 - HEADER_BYTES, 9, 2);		/* SCI_INT */
	put_le(body + 56 - HEADER_BYTES, 0x600, 4);	/* PM1a_EVT_BLK */
	put_le(body + 64 - HEADER_BYTES, 0x604, 4);	/* PM1a_CNT_BLK */
	body[88 - HEADER_BYTES] = 4;
	body[89 - HEADER_BYTES] = 2;
	put_le(body + 112 - HEADER_BYTES, 1, 4);	/* WBINVD */
	put_le(body + 140 - HEADER_BYTES, dsdt_pa, 8);
	out_bytes(t->o, body, sizeof(body));
	t->table_pa[t->n++] = table_end(t, from);
}

static unsigned int nr_cpus(const struct machine *m)
{
	if (!m->possible_cpus)
		return 1;
	return m->possible_cpus < ACPI_CPUS_MAX ? m->possible_cpus : ACPI_CPUS_MAX;
}

/* 5.2.12: local APICs, one I/O APIC, the timer's override. */
static void write_madt(struct tables *t, const struct machine *m)
{
	size_t from = table_begin(t, "APIC", 4);
	struct bytes_out *o = t->o;

	out_u32(o, LAPIC_PA);
	out_u32(o, 1);
	for (unsigned int cpu = 0; cpu < nr_cpus(m); cpu++) {
		out_u16(o, 0 | 8 << 8);
		out_u8(o, (uint8_t)cpu);
		out_u8(o, (uint8_t)cpu);
		out_u32(o, 1);
	}
	out_u16(o, 1 | 12 << 8);
	out_u16(o, 0);
	out_u32(o, IOAPIC_PA);
	out_u32(o, 0);
	out_u16(o, 2 | 10 << 8);
	out_u16(o, 0);
	out_u32(o, 2);
	out_u16(o, 0);
	t->table_pa[t->n++] = table_end(t, from);
}

/* IA-PC HPET 1.0a, 3.2.4: its resource is one of early boot's small pieces. */
static void write_hpet(struct tables *t)
{
	size_t from = table_begin(t, "HPET", 1);
	struct bytes_out *o = t->o;

	out_u32(o, 0x8086a201);
	out_u32(o, 0);
	out_u64(o, HPET_PA);
	out_u8(o, 0);
	out_u16(o, 0);
	out_u8(o, 0);
	t->table_pa[t->n++] = table_end(t, from);
}

static bool has_cpu(const struct machine *m, int node)
{
	for (unsigned int cpu = 0; cpu < m->possible_cpus && cpu < ACPI_CPUS_MAX; cpu++)
		if (m->cpu_node[cpu] == node)
			return true;
	return false;
}

static int highest_node_with_cpu(const struct machine *m)
{
	int highest = KHO_NO_NODE;

	for (unsigned int cpu = 0; cpu < m->possible_cpus && cpu < ACPI_CPUS_MAX; cpu++)
		if (m->cpu_node[cpu] > highest)
			highest = m->cpu_node[cpu];
	return highest;
}

/* 5.2.16.1 */
static void put_cpu_affinity(struct bytes_out *o, unsigned int cpu, uint32_t domain)
{
	out_u16(o, 0 | 16 << 8);
	out_u8(o, (uint8_t)domain);
	out_u8(o, (uint8_t)cpu);
	out_u32(o, 1);
	out_u8(o, 0);
	out_le(o, domain >> 8, 3);
	out_u32(o, 0);
}

/* 5.2.16.6: a node without CPUs keeps its number before those that have some. */
static void put_generic_initiator(struct bytes_out *o, uint32_t domain)
{
	out_u16(o, 5 | 32 << 8);
	out_u16(o, 0);
	out_u32(o, domain);
	out_u64(o, 0);
	out_u64(o, 0);
	out_u32(o, 1);
	out_u32(o, 0);
}

/* 5.2.16.2 */
static void put_memory_affinity(struct bytes_out *o, const struct kho_range *r)
{
	out_u16(o, 1 | 40 << 8);
	out_u32(o, (uint32_t)r->node);
	out_u16(o, 0);
	out_u64(o, r->start_pa);
	out_u64(o, r->end_pa - r->start_pa);
	out_u32(o, 0);
	out_u32(o, 1);
	out_u64(o, 0);
}

/* 5.2.16 */
static void write_srat(struct tables *t, const struct machine *m, const struct kho_ranges *memory)
{
	size_t from = table_begin(t, "SRAT", 3);
	struct bytes_out *o = t->o;
	int last = highest_node_with_cpu(m);
	int node_max = last;

	out_u32(o, 1);
	out_u64(o, 0);
	for (int node = 0; node <= last; node++) {
		if (!has_cpu(m, node))
			put_generic_initiator(o, (uint32_t)node);
		for (unsigned int cpu = 0; cpu < nr_cpus(m) && m->possible_cpus; cpu++)
			if (m->cpu_node[cpu] == node)
				put_cpu_affinity(o, cpu, (uint32_t)node);
	}
	for (size_t i = 0; i < memory->n; i++)
		if (memory->r[i].node > node_max)
			node_max = memory->r[i].node;
	/* Those with memory only come in the order of their numbers too. */
	for (int node = 0; node <= node_max; node++)
		for (size_t i = 0; i < memory->n; i++)
			if (memory->r[i].node == node)
				put_memory_affinity(o, &memory->r[i]);
	t->table_pa[t->n++] = table_end(t, from);
}

static bool nodes_are_known(const struct machine *m)
{
	for (size_t i = 0; i < m->memory.n; i++)
		if (m->memory.r[i].node == KHO_NO_NODE)
			return false;
	return m->node_source != NULL;
}

/* 5.2.5.3 */
static uint64_t write_rsdp(struct tables *t, uint64_t xsdt_pa)
{
	struct bytes_out *o = t->o;
	size_t from;

	while (o->at % 16 && !o->full)
		out_u8(o, 0);
	from = o->at;
	out_bytes(o, "RSD PTR ", 8);
	out_u8(o, 0);
	out_bytes(o, "KEXECK", 6);
	out_u8(o, 2);
	out_u32(o, 0);
	out_u32(o, 36);
	out_u64(o, xsdt_pa);
	out_u32(o, 0);
	put_checksum(o, from, 20, 8);
	put_checksum(o, from, 36, 32);
	return t->base_pa + from;
}

/* 5.2.17: as it is; domains have the numbers of nodes on all but odd machines. */
static void write_slit(struct tables *t, const struct firmware *firmware)
{
	size_t from = table_begin(t, "SLIT", 1);

	out_bytes(t->o, firmware->slit + HEADER_BYTES, firmware->slit_bytes - HEADER_BYTES);
	t->table_pa[t->n++] = table_end(t, from);
}

void acpi_write(struct bytes_out *o, uint64_t base_pa, const struct machine *m,
		const struct firmware *firmware, uint64_t *rsdp_pa)
{
	struct tables t = { .o = o, .base_pa = base_pa };
	uint64_t dsdt_pa = table_end(&t, table_begin(&t, "DSDT", 2));
	size_t xsdt;

	write_fadt(&t, dsdt_pa);
	write_madt(&t, m);
	write_hpet(&t);
	if (nodes_are_known(m))
		write_srat(&t, m, firmware->srat.n ? &firmware->srat : &m->memory);
	if (firmware->slit)
		write_slit(&t, firmware);
	xsdt = table_begin(&t, "XSDT", 1);
	for (size_t i = 0; i < t.n; i++)
		out_u64(o, t.table_pa[i]);
	*rsdp_pa = write_rsdp(&t, table_end(&t, xsdt));
}
