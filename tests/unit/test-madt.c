// SPDX-License-Identifier: GPL-2.0-only
/* Tables made by hand after ACPI 6.5, 5.2.12; which CPUs count: arch/x86/kernel/acpi/boot.c. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/madt.h"
#include "unit.h"

struct table {
	uint8_t *bytes;		/* on the heap, exactly as long: a read past it is seen */
	size_t n;
};

static void put(struct table *t, size_t at, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		t->bytes[at + i] = (uint8_t)(value >> 8 * i);
}

static size_t grow(struct table *t, size_t bytes, uint8_t type)
{
	size_t at = t->n;

	t->bytes = realloc(t->bytes, t->n + bytes);
	assert_non_null(t->bytes);
	memset(t->bytes + at, 0, bytes);
	t->n += bytes;
	put(t, 4, t->n, 4);
	put(t, at, type, 1);
	put(t, at + 1, bytes, 1);
	return at;
}

static struct table begin(void)
{
	struct table t = { calloc(1, 44), 44 };

	assert_non_null(t.bytes);
	memcpy(t.bytes, "APIC", 4);
	put(&t, 4, 44, 4);
	return t;
}

static void add_lapic(struct table *t, uint32_t id, uint32_t flags)
{
	size_t at = grow(t, 8, 0);

	put(t, at + 3, id, 1);
	put(t, at + 4, flags, 4);
}

static void add_x2apic(struct table *t, uint32_t id, uint32_t flags)
{
	size_t at = grow(t, 16, 9);

	put(t, at + 4, id, 4);
	put(t, at + 8, flags, 4);
}

static void add_gicc(struct table *t, uint32_t uid, uint32_t flags)
{
	size_t at = grow(t, 80, 11);

	put(t, at + 8, uid, 4);
	put(t, at + 12, flags, 4);
}

static const struct madt_rules metal = { .arm64 = false }, guest = { .hypervisor = true },
			       capable = { .online_capable = true }, arm64 = { .arm64 = true };

/* "4 2 7": the ids; */
static void assert_cpus(const struct table *t, const struct madt_rules *rules, const char *wanted)
{
	char text[256] = "";
	struct kho_err err = { "" };
	uint32_t *ids = NULL;
	size_t n = 0;

	if (madt_cpus(t->bytes, t->n, rules, &ids, &n, &err))
		snprintf(text, sizeof(text), "%s", err.text);
	for (size_t i = 0; i < n; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%u", i ? " " : "",
			 ids[i]);
	free(ids);
	assert_string_equal(text, wanted);
}

static void test_apics(void **state)
{
	struct table t = begin();

	add_lapic(&t, 4, 1);
	add_lapic(&t, 9, 0);
	add_lapic(&t, 0xff, 1);
	add_lapic(&t, 2, 1);
	grow(&t, 12, 1);		/* an I/O APIC */
	add_lapic(&t, 7, 2);
	add_x2apic(&t, 3, 1);		/* ids below 255 are for LAPICs, where there are any */
	add_x2apic(&t, 300, 1);
	add_x2apic(&t, UINT32_MAX, 1);
	assert_cpus(&t, &metal, "4 2 300");
	assert_cpus(&t, &guest, "4 2 300 7 9");
	assert_cpus(&t, &capable, "4 2 300 7");
	free(t.bytes);
}

static void test_x2apics_only(void **state)
{
	struct table t = begin();

	add_lapic(&t, 1, 0);
	add_x2apic(&t, 3, 1);
	assert_cpus(&t, &metal, "3");
	assert_cpus(&t, &arm64, "it lists no CPU");
	free(t.bytes);
}

static void test_giccs(void **state)
{
	struct table t = begin();

	add_gicc(&t, 5, 1);
	add_gicc(&t, 3, 0);
	add_gicc(&t, 2, 8);
	assert_cpus(&t, &arm64, "5 2");
	assert_cpus(&t, &metal, "it lists no CPU");
	free(t.bytes);
}

static void test_damaged_tables(void **state)
{
	struct table t = begin();

	add_lapic(&t, 0, 1);
	put(&t, 45, 9, 1);
	assert_cpus(&t, &metal, "an entry is cut");
	put(&t, 45, 1, 1);
	assert_cpus(&t, &metal, "an entry is cut");
	put(&t, 45, 8, 1);
	put(&t, 4, 53, 4);
	assert_cpus(&t, &metal, "the header says 53 bytes, there are 52");
	put(&t, 4, 43, 4);
	assert_cpus(&t, &metal, "the header says 43 bytes, there are 52");
	put(&t, 4, 44, 4);
	assert_cpus(&t, &metal, "it lists no CPU");
	t.bytes[0] = 'B';
	assert_cpus(&t, &metal, "no MADT header");
	free(t.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_apics),
		cmocka_unit_test(test_x2apics_only),
		cmocka_unit_test(test_giccs),
		cmocka_unit_test(test_damaged_tables),
	};

	return cmocka_run_group_tests_name("madt", tests, NULL, NULL);
}
