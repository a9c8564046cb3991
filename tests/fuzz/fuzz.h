/* SPDX-License-Identifier: GPL-2.0-only */
/* A fuzz target is one function; fuzz.sh links it with libFuzzer, make check with replay.c. */
#ifndef KHO_FUZZ_H
#define KHO_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
