// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "machine/madt.h"

/* ACPI 6.5, 5.2.12: the table's header, then interrupt controllers. */
enum {
	MADT_LENGTH = 4,
	MADT_FIRST_ENTRY = 44,
	MADT_LAPIC = 0,
	MADT_X2APIC = 9,
	MADT_GICC = 11,
	MADT_ENABLED = 1,
	MADT_ONLINE_CAPABLE = 2,	/* of APICs; of GICCs it is the bit after the next */
	MADT_GICC_ONLINE_CAPABLE = 8,
};

struct madt_entry {
	uint8_t type;
	struct kho_bytes bytes;
};

struct cpu {
	uint32_t id;
	uint32_t flags;
};

struct madt_walk {
	struct kho_bytes table;
	const struct madt_rules *rules;
	bool has_lapics;	/* then x2APIC entries are for ids above theirs only */
	uint32_t *ids;
	size_t enabled, disabled;
};

static bool get_u32(struct kho_bytes bytes, size_t at, uint32_t *value)
{
	struct cursor c = cursor_init(bytes);

	return !cursor_seek(&c, at) && !cursor_u32(&c, value);
}

/* -ENOENT: no entry is left. */
static int next_entry(struct cursor *c, struct kho_bytes table, struct madt_entry *e)
{
	size_t at = c->pos;
	uint8_t length;

	if (cursor_left(c) < 2 || cursor_u8(c, &e->type) || cursor_u8(c, &length))
		return -ENOENT;
	if (length < 2 || bytes_slice(table, at, length, &e->bytes) || cursor_skip(c, length - 2))
		return -EBADMSG;
	return 0;
}

/* False: no processor. */
static bool processor(const struct madt_entry *e, struct cpu *cpu)
{
	uint32_t word;

	switch (e->type) {
	case MADT_LAPIC:
		if (!get_u32(e->bytes, 0, &word) || !get_u32(e->bytes, 4, &cpu->flags))
			return false;
		cpu->id = word >> 24;
		return cpu->id != 0xff;
	case MADT_X2APIC:
		return get_u32(e->bytes, 4, &cpu->id) && get_u32(e->bytes, 8, &cpu->flags) &&
		       cpu->id != UINT32_MAX;
	case MADT_GICC:
		return get_u32(e->bytes, 8, &cpu->id) && get_u32(e->bytes, 12, &cpu->flags);
	}
	return false;
}

static bool counts(const struct madt_walk *w, const struct madt_entry *e, const struct cpu *cpu)
{
	if (w->rules->arm64)
		return e->type == MADT_GICC &&
		       cpu->flags & (MADT_ENABLED | MADT_GICC_ONLINE_CAPABLE);
	if (e->type == MADT_GICC ||
	    (e->type == MADT_X2APIC && w->has_lapics && cpu->id < 0xff))
		return false;
	if (cpu->flags & MADT_ENABLED)
		return true;
	return w->rules->online_capable ? cpu->flags & MADT_ONLINE_CAPABLE : w->rules->hypervisor;
}

/* Enabled ones from the front, others from the end; without @ids they are only counted. */
static void add_cpu(struct madt_walk *w, const struct cpu *cpu)
{
	if (cpu->flags & MADT_ENABLED || w->rules->arm64) {
		if (w->ids)
			w->ids[w->enabled] = cpu->id;
		w->enabled++;
	} else {
		w->disabled++;
		if (w->ids)
			w->ids[MADT_CPUS - w->disabled] = cpu->id;
	}
}

static int walk_madt(struct madt_walk *w, struct kho_err *err)
{
	struct cursor c = cursor_init(w->table);
	struct madt_entry e;
	int ret = cursor_seek(&c, MADT_FIRST_ENTRY);

	while (!ret && !(ret = next_entry(&c, w->table, &e))) {
		struct cpu cpu;

		if (!processor(&e, &cpu) || !counts(w, &e, &cpu))
			continue;
		if (w->enabled + w->disabled == MADT_CPUS)
			return kho_fail(err, EBADMSG, "more than %d CPUs", MADT_CPUS);
		w->has_lapics |= !w->ids && e.type == MADT_LAPIC;
		add_cpu(w, &cpu);
	}
	return ret == -ENOENT ? 0 : kho_fail(err, EBADMSG, "an entry is cut");
}

static int read_madt_header(struct kho_bytes file, struct kho_bytes *table, struct kho_err *err)
{
	uint32_t length;

	if (!bytes_have(file, 0, "APIC", 4) || !get_u32(file, MADT_LENGTH, &length))
		return kho_fail(err, EBADMSG, "no MADT header");
	if (length < MADT_FIRST_ENTRY || bytes_slice(file, 0, length, table))
		return kho_fail(err, EBADMSG, "the header says %u bytes, there are %zu", length,
				file.size);
	return 0;
}

static int by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int madt_cpus(const uint8_t *table, size_t bytes, const struct madt_rules *rules, uint32_t **ids,
	      size_t *n, struct kho_err *err)
{
	struct madt_walk w = { .rules = rules };
	int ret = read_madt_header((struct kho_bytes){ table, bytes }, &w.table, err);

	/* Once to see whether there are APICs at all, as acpi_check_lapic() does. */
	if (!ret)
		ret = walk_madt(&w, err);
	if (ret)
		return ret;
	if (!(w.enabled + w.disabled))
		return kho_fail(err, ENOENT, "it lists no CPU");
	w.ids = malloc(MADT_CPUS * sizeof(*w.ids));
	if (!w.ids)
		return -ENOMEM;
	w.enabled = w.disabled = 0;
	ret = walk_madt(&w, err);
	if (ret) {
		free(w.ids);
		return ret;
	}
	for (size_t i = 0; i < w.disabled; i++)
		w.ids[w.enabled + i] = w.ids[MADT_CPUS - w.disabled + i];
	qsort(w.ids + w.enabled, w.disabled, sizeof(*w.ids), by_number);
	*n = w.enabled + w.disabled;
	*ids = w.ids;
	return 0;
}
