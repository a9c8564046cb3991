/* SPDX-License-Identifier: GPL-2.0-only */
/* A check with a boot that is written down by hand, for what draws it. */
#ifndef KHO_REPORT_FIXTURE_H
#define KHO_REPORT_FIXTURE_H

#include "report/report.h"

struct fixture {
	struct machine machine;
	struct kho_check check;
	struct successor successor;
	struct kho_report report;
};

/* No RAM, no area, a boot that comes up without taking anything. */
void fixture_init(struct fixture *f);
void fixture_ram(struct fixture *f, uint64_t start_pa, uint64_t end_pa, int node);
void fixture_area(struct fixture *f, uint64_t start_pa, uint64_t end_pa);
void fixture_preserve(struct fixture *f, uint64_t start_pa, uint64_t end_pa);
void fixture_take(struct fixture *f, enum boot_user user, uint64_t start_pa, uint64_t end_pa);
void fixture_deinit(struct fixture *f);

/* What @report_as prints. To be freed. */
char *fixture_print(const struct fixture *f,
		    int (*report_as)(FILE *out, const struct kho_report *report));

#endif
