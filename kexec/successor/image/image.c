// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "successor/image/image.h"

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

int image_set_flat(struct successor_image *image, struct kho_bytes bytes)
{
	image->flat = true;
	return image_add_section(image, &(struct image_section){
		.name = "",
		.memory_bytes = bytes.size,
		.bytes = bytes,
		.flags = IMAGE_EXEC | IMAGE_WRITE,
	});
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
