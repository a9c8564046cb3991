/* SPDX-License-Identifier: GPL-2.0-only */
/* cmocka wants these four before itself. */
#ifndef KHO_UNIT_H
#define KHO_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
