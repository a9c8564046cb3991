/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SUCCESSOR_VERSIONS_H
#define SUCCESSOR_VERSIONS_H

#include <stddef.h>

/* Versions of one format, ascending, without doubles. */
#define SUCCESSOR_VERSIONS 16
struct successor_versions {
	unsigned int version[SUCCESSOR_VERSIONS];
	size_t n;
};

/* Keep the number that @digits is, in its place; nothing where it is none. */
void successor_keep_version(const char *digits, struct successor_versions *versions);

#endif
