/* SPDX-License-Identifier: GPL-2.0-only */
/* --kho-explain: what a finding means, and what to do. */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include <stdio.h>

/* The finding @name, which there is; NULL: a line on each. */
void kho_explain(FILE *f, const char *name);

#endif
