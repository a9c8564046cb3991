/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a kernel image says about the kernel in it: the data that every reader files
 * its claims and notes in.  The drivers that fill it are in successor/successor.h.
 */
#ifndef SUCCESSOR_CLAIMS_CLAIMS_H
#define SUCCESSOR_CLAIMS_CLAIMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sha256.h"
#include "base/tri.h"
#include "successor/claims/fact.h"

/* A file (of a UKI: a section) larger than this is not read, payloads not unpacked further. */
#define SUCCESSOR_FILE_LIMIT_BYTES	(UINT64_C(1) << 30)
#ifndef SUCCESSOR_PAYLOAD_LIMIT_BYTES	/* the fuzz targets are built with less */
#define SUCCESSOR_PAYLOAD_LIMIT_BYTES	(UINT64_C(2) << 30)
#endif

struct kho_arch;		/* arch/arch.h */
struct successor_image;		/* the unpacked image; image/image.h */
struct successor_memo;		/* memo.h */
struct successor_answers;	/* those of saved facts; saved/answers.h */

#define SUCCESSOR_BYTES_UNKNOWN UINT64_MAX

/* What loading it takes, as its headers say.  Sizes in bytes of memory. */
struct successor_load {
	/*
	 * From its first byte to the last that it needs before it has memory
	 * management of its own, .bss and all: bzImage init_size, arm64 image_size.
	 */
	uint64_t memory_bytes;
	uint64_t alignment_bytes;	/* bzImage kernel_alignment; 2 MiB on arm64 */
	uint64_t preferred_pa;		/* bzImage pref_address */
	uint64_t text_offset_bytes;	/* arm64 text_offset, from a 2 MiB boundary */
	uint64_t unpacked_bytes;	/* bzImage: its payload unpacked, relocations and all */
	/* bzImage: from where it was loaded to its payload, when it unpacks that. */
	uint64_t payload_offset_bytes;
	uint64_t header_page_bytes;	/* arm64: of its pages; 0: the header does not say */
	uint64_t file_bytes;		/* arm64: of the Image as a file */
	enum kho_tri relocatable;	/* may stand elsewhere than there */

	/* The boot protocol's header; 0 without one. */
	unsigned int protocol;		/* 0x20f is 2.15 */
	uint8_t loadflags;
	uint16_t xloadflags;
	uint32_t cmdline_bytes;		/* cmdline_size: without the NUL */

	uint64_t segments_bytes;	/* ELF: first to last byte of all PT_LOAD segments */
	uint64_t percpu_bytes;		/* the static per-CPU area: ELF .data..percpu, or of its code */
	/* ELF, x86: from .text to .brk, where __end_of_kernel_reserve is (vmlinux.lds.S). */
	uint64_t brk_offset_bytes;
};

/* What else a unified kernel image holds, in its profile @0. */
struct successor_uki {
	unsigned int nr_profiles;	/* 0: one that knows none */
	uint64_t initrd_bytes;		/* 0: it has no .initrd */
	char *cmdline;			/* NULL: it has no .cmdline, the loader gives one */
};

/* By which a file is known again. */
struct successor_file {
	char sha256[KHO_SHA256_TEXT];	/* "": not known */
	uint64_t bytes;
};

struct successor {
	const struct kho_arch *arch;	/* NULL: not known, or not one of ours */
	char release[128];		/* uname -r, "" when not known */
	enum kho_source release_source;	/* only with a release */
	struct kho_fact fact[KHO_FACT_NR];
	struct successor_load load;	/* each SUCCESSOR_BYTES_UNKNOWN where not said */
	struct successor_uki uki;

	char *cmdline;			/* successor_command_line()'s; NULL: none */
	struct successor_file file;	/* that the facts are of, where it was looked at */
	bool other_facts;		/* saved facts were given that are of another file */

	/*
	 * What a source that stands in the image could not give, one line each
	 * ("the image has .BTF, but this kexec was built without libbpf").
	 */
	char **notes;
	size_t nr_notes;

	/* One of these two, or none when only a VMCOREINFO was read. */
	struct successor_image *image;
	struct successor_answers *answers;
	struct successor_memo *memo;	/* NULL: nothing is remembered */
};

/* As before any reading; successor_read_fd() does it by itself. */
void successor_init(struct successor *s);

static inline void successor_claim(struct successor *s, enum kho_fact_id id,
				   enum kho_source source, uint64_t value)
{
	kho_fact_claim(&s->fact[id], source, value);
}

/* Add a line to s->notes; no memory for it is no error. */
void successor_note(struct successor *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Is it certain that the kernel has KHO?  Then it is of Linux 6.16 or later, and
 * what its VMCOREINFO lacks is not there: SYMBOL(vmemmap) came only in 6.11.
 */
bool successor_has_kho(const struct successor *s);

#endif
