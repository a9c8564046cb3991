/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The readers of facts, one file each.  What a reader finds it files as claims in
 * @s; what it should have been able to find, but couldn't, as a note.  Only a lack
 * of memory (-ENOMEM) stops the reading of an image.
 */
#ifndef SUCCESSOR_FACTS_FACTS_H
#define SUCCESSOR_FACTS_FACTS_H

#include "successor/successor.h"
#include "base/unpack/unpack.h"

/* successor_read_fd() for bytes in memory, which pass to @s in any case. */
int successor_read_buffer(struct kho_buffer *file, struct successor *s, struct kho_err *err)
	__attribute__((warn_unused_result));

/* VMCOREINFO, out of the code that makes it. */
int facts_from_code(struct successor *s) __attribute__((warn_unused_result));

/* .BTF through libbpf: sizeof(struct page), functions that tell of a feature. */
int facts_from_btf(struct successor *s) __attribute__((warn_unused_result));

/* The built-in configuration (CONFIG_IKCONFIG). */
int facts_from_ikconfig(struct successor *s) __attribute__((warn_unused_result));

/*
 * Functions in kallsyms, where no earlier reader knows: SYMBOL(vmemmap) came to
 * VMCOREINFO only in 6.11, and BTF and IKCONFIG may be absent.
 */
void facts_from_kallsyms(struct successor *s);

/* Constants in the kernel's data: boot parameters' names, the version banner. */
void facts_from_strings(struct successor *s);

/* What follows from the architecture and, where that varies, the page size. */
void facts_from_arch(struct successor *s);

/* Keep the number that @digits is, in its place; nothing where it is none. */
void successor_keep_version(const char *digits, struct successor_versions *versions);

/* Add a line to s->notes; no memory for it is no error. */
void successor_note(struct successor *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Is it certain that the kernel has KHO?  Then it is of Linux 6.16 or later, and
 * what its VMCOREINFO lacks is not there: SYMBOL(vmemmap) came only in 6.11.
 */
bool successor_has_kho(const struct successor *s);

static inline void successor_claim(struct successor *s, enum kho_fact_id id,
				   enum kho_source source, uint64_t value)
{
	kho_fact_claim(&s->fact[id], source, value);
}

#endif
