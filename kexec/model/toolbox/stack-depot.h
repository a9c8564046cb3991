/* SPDX-License-Identifier: GPL-2.0-only */
/* Who asks early boot to set up the stack depot, by the command line (lib/stackdepot.c). */
#ifndef MODEL_TOOLBOX_STACK_DEPOT_H
#define MODEL_TOOLBOX_STACK_DEPOT_H

#include <stdbool.h>

#include "kernel/words.h"

/* Those who call stack_depot_request_early_init(), as bits. */
enum stack_depot_user {
	STACK_DEPOT_PAGE_OWNER = 1,	/* page_owner=on */
	STACK_DEPOT_KMEMLEAK = 2,	/* kmemleak=on */
	STACK_DEPOT_SLAB_DEBUG = 4,	/* slab_debug=U */
};

struct stack_depot_words {
	unsigned int users;	/* enum stack_depot_user; a request is not taken back */
	bool off;		/* stack_depot_disable= */
	unsigned int pools;	/* stack_depot_max_pools=; 0: not given */
};

/* One parameter of the command line, which need not be one of these. */
void stack_depot_parse(const struct param *p, struct stack_depot_words *words);

#endif
