/* SPDX-License-Identifier: GPL-2.0-only */
/* The loads of a kexec with the gate linked in. */
#ifndef LINKED_WRAP_H
#define LINKED_WRAP_H

#include <stdbool.h>

struct kho_load;

/*
 * May kexec make this load?  Where it may not, *@result is what it is to take for
 * the result, and errno is set.  Does not return from a load in a dry run.
 */
bool kho_wrap_may_load(const struct kho_load *load, long *result);

/* The same for a load through the hypervisor, which is none by kexec_file_load(2). */
bool kho_wrap_may_load_xen(unsigned long nr_segments, unsigned long flags, int *result);

#endif
