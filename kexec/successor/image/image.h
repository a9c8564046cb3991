/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel itself, out of all its containers: its bytes, and where each stands
 * in its address space.
 */
#ifndef SUCCESSOR_IMAGE_H
#define SUCCESSOR_IMAGE_H

#include "base/err.h"
#include "base/cursor.h"
#include "base/unpack/unpack.h"

/* More sections than this are not read: a vmlinux has about a hundred. */
#define IMAGE_MAX_SECTIONS 512

/* A text without an end within so many bytes is none. */
#define IMAGE_MAX_STRING_BYTES 4096

/* Where many places may begin a text, only one this short is looked at. */
#define IMAGE_SHORT_TEXT_BYTES 64

enum {
	IMAGE_EXEC = 1 << 0,
	IMAGE_WRITE = 1 << 1,
};

struct image_section {
	const char *name;
	uint64_t va;		/* as linked; the offset in a flat image */
	uint64_t memory_bytes;
	struct kho_bytes bytes;	/* none for what is only cleared (.bss) */
	unsigned int flags;	/* IMAGE_EXEC, IMAGE_WRITE */
};

/* A number of the kernel's configuration that stands in its code, by a variable that begins so. */
#define IMAGE_MAX_CONSTANTS 4

struct image_constant {
	const char *name;	/* constant text */
	uint64_t value;
};

struct successor_image {
	char *kind;		/* "bzImage, zstd, ELF kernel" */
	struct kho_buffer buffer;
	size_t unpacked_bytes;	/* in @buffer; 0: it is what was in the file */
	bool flat;		/* an Image: one section, addresses count from its start */
	struct image_section *sections;
	size_t nr_sections;
	size_t sections_bytes;	/* of all of them, in the file */
	struct btf *btf;	/* NULL: no .BTF, or it can't be read */
	struct kallsyms *kallsyms;	/* facts/kallsyms.h; NULL: none, or not yet tried */
	bool kallsyms_tried;
	struct kho_buffer vmcoreinfo;	/* as vmcoreinfo/calls.h describes it; empty: none */
	struct image_constant constant[IMAGE_MAX_CONSTANTS];	/* facts/from-constants.c */
	size_t nr_constants;
	struct kho_buffer config;	/* IKCONFIG, each line NUL-ended; empty: none */
};

void image_free(struct successor_image *image);

/* Append a copy of @section.  -ENOMEM; -EINVAL above IMAGE_MAX_SECTIONS. */
int image_add_section(struct successor_image *image, const struct image_section *section)
	__attribute__((warn_unused_result));

/* A flat image: all of @bytes is one section.  -ENOMEM. */
int image_set_flat(struct successor_image *image, struct kho_bytes bytes)
	__attribute__((warn_unused_result));

/*
 * The first place where @wanted stands in what may hold constants: all sections
 * that are not code nor a table of the kernel's debugging aids.  NULL: nowhere.
 */
const uint8_t *image_find(const struct successor_image *image, const void *wanted, size_t size);

/* Does @text stand there from one NUL to the next? */
bool image_has_string(const struct successor_image *image, const char *text);

/* The same, as an address; -ENOENT. */
int image_find_va(const struct successor_image *image, const void *wanted, size_t size,
		  uint64_t *va) __attribute__((warn_unused_result));

/*
 * Call @visit with each short text in the same sections that begins with @prefix,
 * where no printable byte stands before it; it ends in a NUL.
 */
void image_each_text(const struct successor_image *image, const char *prefix,
		     void (*visit)(const char *text, void *arg), void *arg);

/*
 * Call @visit with each text in the same sections that is printable, ends in a NUL and is
 * shorter than @limit; @behind_nul: it is all that stands between two NULs.
 */
void image_each_word(const struct successor_image *image, size_t limit,
		     void (*visit)(const char *word, size_t len, bool behind_nul, void *arg),
		     void *arg);

/* The bytes from @at, which image_find() gave, to the end of its section. */
struct kho_bytes image_rest(const struct successor_image *image, const uint8_t *at);

/* NULL: there is none of this name. */
const struct image_section *image_section(const struct successor_image *image, const char *name);

/* The section with bytes that @va stands in; NULL: none. */
const struct image_section *image_section_at(const struct successor_image *image, uint64_t va);

/* The bytes from @va to the end of its section; -ENOENT: no byte of the image is there. */
int image_bytes_at(const struct successor_image *image, uint64_t va, struct kho_bytes *bytes)
	__attribute__((warn_unused_result));

/* The NUL-ended text at @va, of at most IMAGE_MAX_STRING_BYTES; NULL: there is none. */
const char *image_string_at(const struct successor_image *image, uint64_t va);

#endif
