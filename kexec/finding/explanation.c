// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "finding/explanation.h"

static const char *const meanings[KHO_F_NR] = {
#define FINDING(id, name, severity, meaning) [KHO_F_##id] = meaning,
#include "finding/findings.def"
#undef FINDING
};

static const struct kho_explanation texts[KHO_F_NR] = {
#define EXPLAIN(id, why, action, command, accept, example) \
	[KHO_F_##id] = { "", why, action, command, accept, example },
#include "finding/explanations.def"
#undef EXPLAIN
};

struct kho_explanation kho_finding_explain(enum kho_finding_id id)
{
	struct kho_explanation text = texts[id];

	text.meaning = meanings[id];
	return text;
}
