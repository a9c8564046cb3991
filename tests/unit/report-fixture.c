// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdlib.h>

#include "report-fixture.h"
#include "unit.h"

void fixture_init(struct fixture *f)
{
	*f = (struct fixture){
		.machine = { .release = "1.2.3", .scratch_known = true, .memory_known = true },
		.check = { .has_boot = true },
	};
	successor_init(&f->successor);
	f->report = (struct kho_report){
		.successor = &f->successor, .machine = &f->machine, .check = &f->check,
	};
}

void fixture_ram(struct fixture *f, uint64_t start_pa, uint64_t end_pa, int node)
{
	assert_int_equal(kho_ranges_add(&f->machine.memory, start_pa, end_pa, node), 0);
}

void fixture_area(struct fixture *f, uint64_t start_pa, uint64_t end_pa)
{
	assert_int_equal(kho_ranges_add(&f->machine.scratch, start_pa, end_pa, KHO_NO_NODE), 0);
}

void fixture_preserve(struct fixture *f, uint64_t start_pa, uint64_t end_pa)
{
	struct machine_handover *h = &f->machine.handover;

	h->preserved_known = true;
	assert_int_equal(kho_ranges_add(&h->preserved, start_pa, end_pa, KHO_NO_NODE), 0);
}

void fixture_take(struct fixture *f, enum boot_user user, uint64_t start_pa, uint64_t end_pa)
{
	struct boot_result *boot = &f->check.boot;

	boot->alloc = reallocarray(boot->alloc, boot->nr_allocs + 1, sizeof(*boot->alloc));
	assert_non_null(boot->alloc);
	boot->alloc[boot->nr_allocs++] = (struct boot_allocation){
		.user = user, .wanted_node = KHO_NO_NODE, .pieces = 1,
		.range = { start_pa, end_pa, KHO_NO_NODE },
	};
}

void fixture_deinit(struct fixture *f)
{
	kho_check_deinit(&f->check);
	machine_deinit(&f->machine);
	successor_deinit(&f->successor);
}

char *fixture_print(const struct fixture *f,
		    int (*report_as)(FILE *out, const struct kho_report *report))
{
	char *text;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	assert_non_null(out);
	assert_int_equal(report_as(out, &f->report), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}
