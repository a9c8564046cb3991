// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/arm64/flat-image.h"
#include "successor/containers/container.h"
#include "successor/containers/elf.h"
#include "successor/containers/foreign.h"
#include "successor/image/image.h"
#include "successor/containers/pe.h"

int image_add_section(struct successor_image *image, const struct image_section *section)
{
	struct image_section *grown;

	if (image->nr_sections == IMAGE_MAX_SECTIONS)
		return -EINVAL;
	grown = reallocarray(image->sections, image->nr_sections + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	image->sections = grown;
	grown[image->nr_sections++] = *section;
	return 0;
}

const struct image_section *image_section(const struct successor_image *image, const char *name)
{
	for (size_t i = 0; i < image->nr_sections; i++)
		if (!strcmp(image->sections[i].name, name))
			return &image->sections[i];
	return NULL;
}

const struct image_section *image_section_at(const struct successor_image *image, uint64_t va)
{
	for (size_t i = 0; i < image->nr_sections; i++) {
		const struct image_section *section = &image->sections[i];

		/* The addresses below a megabyte are per-CPU offsets in older kernels. */
		if (va >= section->va && va - section->va < section->bytes.size &&
		    strcmp(section->name, ".data..percpu"))
			return section;
	}
	return NULL;
}

int image_bytes_at(const struct successor_image *image, uint64_t va, struct kho_bytes *bytes)
{
	const struct image_section *section = image_section_at(image, va);

	if (!section)
		return -ENOENT;
	return bytes_slice(section->bytes, va - section->va,
			   section->bytes.size - (va - section->va), bytes);
}

const char *image_string_at(const struct successor_image *image, uint64_t va)
{
	struct kho_bytes bytes;
	struct cursor c;
	const char *text;

	if (image_bytes_at(image, va, &bytes))
		return NULL;
	if (bytes.size > IMAGE_MAX_STRING_BYTES)
		bytes.size = IMAGE_MAX_STRING_BYTES;
	c = cursor_init(bytes);
	return cursor_string(&c, &text) ? NULL : text;
}

/* "bzImage", then "bzImage, zstd", and so on. */
static int add_kind(struct successor_image *image, const char *name)
{
	char *kind;

	if (asprintf(&kind, "%s%s%s", image->kind ?: "", image->kind ? ", " : "", name) < 0)
		return -ENOMEM;
	free(image->kind);
	image->kind = kind;
	return 0;
}

static int unpack_inner(struct successor_image *image, const struct unpack_format *format,
			const struct container_inner *inner, struct kho_bytes *bytes,
			struct kho_err *err)
{
	struct kho_buffer unpacked = { 0 };
	int ret;

	/* What is unpacked already stays until what is in it is unpacked too. */
	ret = unpack(format, inner->bytes, inner->unpacked_bytes,
		     SUCCESSOR_PAYLOAD_LIMIT_BYTES - image->unpacked_bytes, &unpacked, err);
	if (ret)
		return ret;
	kho_buffer_deinit(&image->buffer);
	image->buffer = unpacked;
	image->unpacked_bytes = unpacked.size;
	*bytes = (struct kho_bytes){ unpacked.data, unpacked.size };
	return 0;
}

static int not_a_kernel(struct kho_bytes bytes, bool outermost, struct kho_err *err)
{
	const char *foreign = foreign_text(bytes);

	if (!bytes.size)
		return kho_fail(err, EINVAL, outermost ? "the file is empty" : "it holds nothing");
	if (foreign)
		return kho_fail(err, EINVAL, "%s%s", outermost ? "" : "it holds ", foreign);
	if (pe_match(bytes))
		return kho_fail(err, EINVAL, "an MZ file, but neither a bzImage, an arm64 Image, "
				"an EFI zboot image nor a unified kernel image");
	return kho_fail(err, EINVAL, outermost ? "not a kernel image of a known kind" :
			"what it holds is not a kernel of a known kind");
}

static int read_flat(struct kho_bytes bytes, struct successor_image *image, struct successor *s,
		     struct kho_err *err)
{
	struct image_section all = {
		.name = "",
		.memory_bytes = bytes.size,
		.bytes = bytes,
		.flags = IMAGE_EXEC | IMAGE_WRITE,
	};

	image->flat = true;
	if (image_add_section(image, &all))
		return kho_fail(err, ENOMEM, "no memory");
	return arm64_image_read(bytes, s, err);
}

/* Down through the containers, to the kernel itself. */
static int open_all(struct successor_image *image, struct successor *s, struct kho_err *err)
{
	struct container_inner inner = { .bytes = { image->buffer.data, image->buffer.size } };
	unsigned int unpacked = 0;

	/* The first may have been opened already. */
	for (unsigned int depth = image->kind ? 1 : 0; depth < IMAGE_MAX_DEPTH; depth++) {
		const struct unpack_format *format = unpack_by_magic(inner.bytes);
		const struct container *container = container_find(inner.bytes);
		struct kho_bytes bytes = inner.bytes;
		int ret;

		if (!format && !container)
			return not_a_kernel(bytes, !depth, err);
		if (add_kind(image, format ? format->name : container->name))
			return kho_fail(err, ENOMEM, "no memory");
		if (container == &container_elf)
			return elf_image_read(bytes, image, s, err);
		if (container == &container_arm64)
			return read_flat(bytes, image, s, err);
		if (format && ++unpacked > IMAGE_MAX_UNPACKED)
			return kho_fail(err, EINVAL, "packed more than %u times", IMAGE_MAX_UNPACKED);
		ret = format ? unpack_inner(image, format, &inner, &bytes, err) :
		      container->open(bytes, &inner, s, err);
		if (ret)
			return ret;
		if (format)
			inner = (struct container_inner){ .bytes = bytes };
	}
	return kho_fail(err, EINVAL, "more than %u containers one in the other", IMAGE_MAX_DEPTH);
}

int image_open(struct kho_buffer *file, const char *shell, struct successor *s,
	       struct kho_err *err)
{
	struct successor_image *image = calloc(1, sizeof(*image));
	int ret;

	if (!image) {
		kho_buffer_deinit(file);
		return kho_fail(err, ENOMEM, "no memory");
	}
	image->buffer = *file;
	*file = (struct kho_buffer){ 0 };
	ret = shell && add_kind(image, shell) ? kho_fail(err, ENOMEM, "no memory") :
	      open_all(image, s, err);
	if (ret) {
		if (image->kind)
			kho_err_prefix(err, "%s: ", image->kind);
		image_free(image);
		return ret;
	}
	s->image = image;
	return 0;
}

void image_free(struct successor_image *image)
{
	if (!image)
		return;
	kho_buffer_deinit(&image->buffer);
	free(image->kallsyms);
	kho_buffer_deinit(&image->vmcoreinfo);
	kho_buffer_deinit(&image->config);
	free(image->sections);
	free(image->kind);
	free(image);
}
