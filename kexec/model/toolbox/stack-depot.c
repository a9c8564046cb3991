// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "model/toolbox/stack-depot.h"

/* What one block of slab_debug= asks for. */
struct debug_block {
	bool keeps_stacks;	/* SLAB_STORE_USER */
	bool names_slabs;	/* it is for these only */
};

static bool eat_to(struct param_text *v, const char *ends)
{
	for (; v->at < v->end; v->at++)
		for (const char *c = ends; *c; c++)
			if (*v->at == *c)
				return true;
	return false;
}

/* parse_slub_debug_flags(): FLAGS[,SLAB...]; without flags it is all of them, and '-' none. */
static struct debug_block parse_block(struct param_text *v)
{
	struct debug_block b = { false, false };

	while (param_eat(v, ";"))
		;
	b.keeps_stacks = v->at < v->end && *v->at == ',';
	for (; v->at < v->end && *v->at != ',' && *v->at != ';'; v->at++) {
		if (*v->at == 'u' || *v->at == 'U')
			b.keeps_stacks = true;
		else if (*v->at == '-')
			b.keeps_stacks = false;
	}
	b.names_slabs = param_eat(v, ",");
	eat_to(v, ";");
	while (param_eat(v, ";"))
		;
	return b;
}

/*
 * mm/slub.c, setup_slub_debug(): any block that names slabs, or the last of those that do not.
 * With nothing said all is checked, and stacks are kept.
 */
static bool slab_debug_keeps_stacks(struct param_text *v)
{
	bool of_all = false, of_named = false;

	do {
		struct debug_block b = parse_block(v);

		if (b.names_slabs)
			of_named |= b.keeps_stacks;
		else
			of_all = b.keeps_stacks;
	} while (v->at < v->end);
	return of_all || of_named;
}

/* parse_max_pools(): kstrtouint(); outside of these limits the default stays. */
static void parse_pools(struct param_text *v, struct stack_depot_words *words)
{
	uint64_t pools;

	if (param_number(v, &pools) && v->at == v->end && !v->too_large && pools >= 1024 &&
	    pools <= UINT32_MAX)
		words->pools = (unsigned int)pools;
}

void stack_depot_parse(const struct param *p, struct stack_depot_words *words)
{
	const char *nothing = "";
	struct param_text v = { .at = nothing, .end = nothing };

	if (p->value_bytes)
		v = (struct param_text){ .at = p->value, .end = p->value + p->value_bytes };
	if (param_is(p, "stack_depot_disable"))
		words->off = param_boolean(p, words->off);
	else if (param_is(p, "stack_depot_max_pools"))
		parse_pools(&v, words);
	else if (param_is(p, "page_owner") && param_boolean(p, 0))
		words->users |= STACK_DEPOT_PAGE_OWNER;
	else if (param_is(p, "kmemleak") && param_value_is(p, "on"))
		words->users |= STACK_DEPOT_KMEMLEAK;
	else if ((param_is(p, "slab_debug") || param_is(p, "slub_debug")) &&
		 (!p->value_bytes || slab_debug_keeps_stacks(&v)))
		words->users |= STACK_DEPOT_SLAB_DEBUG;
}
