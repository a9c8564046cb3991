// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "successor/facts/facts.h"
#include "successor/facts/btf.h"
#include "successor/image/image.h"

#ifdef HAVE_LIBBPF

#include <bpf/btf.h>
#include <bpf/libbpf.h>

/* Debian's kernels have six MiB. */
#define BTF_LIMIT_BYTES (64u << 20)

static int say_nothing(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	return 0;
}

/*
 * A flat image has no section headers; there the header of BTF (magic, version 1,
 * no flags) is looked for.  include/uapi/linux/btf.h, struct btf_header.
 */
static int find_flat(const struct successor_image *image, struct kho_bytes *btf)
{
	static const uint8_t magic[] = { 0x9f, 0xeb, 1, 0 };
	uint32_t header, type_off, type_len, str_off, str_len;
	struct kho_bytes rest;
	const uint8_t *at;
	struct cursor c;

	at = image_find(image, magic, sizeof(magic));
	for (; at; at = memmem(rest.data + 1, rest.size - 1, magic, sizeof(magic))) {
		rest = image_rest(image, at);
		c = cursor_init(rest);
		if (cursor_skip(&c, sizeof(magic)) || cursor_u32(&c, &header) ||
		    cursor_u32(&c, &type_off) || cursor_u32(&c, &type_len) ||
		    cursor_u32(&c, &str_off) || cursor_u32(&c, &str_len))
			return -ENOENT;
		/* The names follow the types; the first name is the empty one. */
		if (header >= 24 && header < 256 && str_off >= (uint64_t)type_off + type_len &&
		    !bytes_slice(rest, 0, (uint64_t)header + str_off + str_len, btf) &&
		    bytes_have(rest, (uint64_t)header + str_off, "", 1))
			return 0;
	}
	return -ENOENT;
}

static int find_btf(const struct successor_image *image, struct kho_bytes *btf)
{
	const struct image_section *section = image_section(image, ".BTF");

	if (image->flat)
		return find_flat(image, btf);
	if (!section || !section->bytes.size)
		return -ENOENT;
	*btf = section->bytes;
	return 0;
}

/*
 * libbpf takes types for structs where they stand, and looks at the multiple of 4 of
 * one of the two numbers only that say where.
 */
static bool types_are_aligned(struct kho_bytes bytes)
{
	struct cursor c = cursor_init(bytes);
	uint32_t header, type_off;

	return !cursor_skip(&c, 4) && !cursor_u32(&c, &header) && !cursor_u32(&c, &type_off) &&
	       !(header & 3) && !(type_off & 3);
}

/* libbpf swaps foreign BTF in place before it has looked at it: not with these. */
static struct btf *load_btf(struct kho_bytes bytes)
{
	errno = EINVAL;
	if (!bytes_have(bytes, 0, "\x9f\xeb", 2) || bytes.size > BTF_LIMIT_BYTES ||
	    !types_are_aligned(bytes))
		return NULL;
	libbpf_set_print(say_nothing);
	return btf__new(bytes.data, bytes.size);
}

static bool has(const struct btf *btf, const char *name, uint32_t kind)
{
	return btf__find_by_name_kind(btf, name, kind) > 0;
}

static void claim_all(struct successor *s, const struct btf *btf)
{
	int page = btf__find_by_name_kind(btf, "page", BTF_KIND_STRUCT);
	const struct btf_type *t = page > 0 ? btf__type_by_id(btf, page) : NULL;
	/* include/linux/mmzone.h has the struct only #ifdef CONFIG_SPARSEMEM. */
	bool sparsemem = has(btf, "mem_section", BTF_KIND_STRUCT);

	if (!t || !t->size || !has(btf, "start_kernel", BTF_KIND_FUNC)) {
		successor_note(s, "its .BTF does not describe a whole kernel");
		return;
	}
	successor_claim(s, KHO_FACT_STRUCT_PAGE_BYTES, KHO_SRC_BTF, t->size);
	successor_claim(s, KHO_FACT_SPARSEMEM, KHO_SRC_BTF, sparsemem);
	/* The architecture's own, called from mm/sparse-vmemmap.c. */
	successor_claim(s, KHO_FACT_VMEMMAP, KHO_SRC_BTF,
			sparsemem && has(btf, "vmemmap_populate", BTF_KIND_FUNC));
	/* kernel/kexec_handover.c, called from mm/mm_init.c and the architecture's setup. */
	successor_claim(s, KHO_FACT_KHO, KHO_SRC_BTF,
			has(btf, "kho_memory_init", BTF_KIND_FUNC) ||
			has(btf, "kho_populate", BTF_KIND_FUNC));
}

/* enum kho_radix_consts (include/linux/kho/abi/kexec_handover.h): the levels of a preserved map. */
static void keep_map_levels(struct successor_image *image)
{
	int id = btf__find_by_name_kind(image->btf, "kho_radix_consts", BTF_KIND_ENUM);
	const struct btf_type *t = id > 0 ? btf__type_by_id(image->btf, id) : NULL;

	for (uint16_t i = 0; t && i < btf_vlen(t); i++) {
		const struct btf_enum *constant = &btf_enum(t)[i];
		const char *name = btf__name_by_offset(image->btf, constant->name_off);

		if (name && !strcmp(name, MAP_LEVELS) && constant->val > 0)
			image_keep_constant(image, MAP_LEVELS, constant->val);
	}
}

int facts_from_btf(struct successor *s)
{
	struct kho_bytes bytes;

	if (find_btf(s->image, &bytes))
		return 0;
	s->image->btf = load_btf(bytes);
	if (!s->image->btf && errno == ENOMEM)
		return -ENOMEM;
	if (!s->image->btf) {
		successor_note(s, "its .BTF is damaged, or too large");
		return 0;
	}
	claim_all(s, s->image->btf);
	keep_map_levels(s->image);
	return 0;
}

enum kho_tri btf_has_function(const struct successor_image *image, const char *name)
{
	if (!image->btf)
		return KHO_TRI_UNKNOWN;
	return has(image->btf, name, BTF_KIND_FUNC) ? KHO_TRI_YES : KHO_TRI_NO;
}

void btf_close(struct successor_image *image)
{
	btf__free(image->btf);
	image->btf = NULL;
}

#else

int facts_from_btf(struct successor *s)
{
	if (image_section(s->image, ".BTF"))
		successor_note(s, "it has .BTF, but this kexec was built without libbpf "
			       "(configure --with-libbpf)");
	return 0;
}

enum kho_tri btf_has_function(const struct successor_image *image, const char *name)
{
	return KHO_TRI_UNKNOWN;
}

void btf_close(struct successor_image *image)
{
}

#endif
