/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers in the kernel's text files. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdint.h>

/*
 * An unsigned number at *@at, which is moved behind it.  @base 16 takes an
 * optional 0x; no sign, no leading space.  On error *@at stays.
 * -EBADMSG: no number here; -ERANGE: more than 64 bits.
 */
int number_parse(const char **at, int base, uint64_t *value)
	__attribute__((warn_unused_result));

#endif
