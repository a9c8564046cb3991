/* SPDX-License-Identifier: GPL-2.0-only */
/* Small images, made by the tests themselves from the formats' documents. */
#ifndef KHO_MKIMAGE_H
#define KHO_MKIMAGE_H

#include <stdint.h>
#include <stdlib.h>

struct mk {
	uint8_t *data;
	size_t size;
};

/* Append; the bytes between the end and @offset become zeros. */
void mk_put(struct mk *mk, size_t offset, const void *data, size_t size);
void mk_put_le(struct mk *mk, size_t offset, uint64_t value, size_t size);
void mk_free(struct mk *mk);

#define MK_EXEC 1
#define MK_WRITE 2
#define MK_NOBITS 4

struct mk_section {
	const char *name;
	uint64_t va;
	unsigned int flags;
	const void *data;
	size_t size;
};

/* ET_EXEC of @machine with one PT_LOAD that spans [0x1000000, 0x1000000 + memory). */
struct mk mk_elf(uint16_t machine, uint64_t memory, const struct mk_section *sections, size_t nr);

/* Boot protocol 2.15; init_size 0xea7000, pref_address 0x1000000, alignment 0x200000. */
struct mk mk_bzimage(const struct mk *payload, const char *version);

/* An arm64 Image header with these flags, image_size 0x820000, then @body. */
struct mk mk_arm64(uint64_t flags, const void *body, size_t size);

struct mk mk_zboot(const struct mk *payload, const char *method);

/* A PE file with these sections; what is not data is not used. */
struct mk mk_pe(const struct mk_section *sections, size_t nr);

/* Run "TOOL" as a filter over @in.  Empty when the tool is not there or fails. */
struct mk mk_filter(const struct mk *in, const char *command);

/* A memfd that holds @mk. */
int mk_fd(const struct mk *mk);

#endif
