// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/read-file.h"
#include "successor/containers/container.h"
#include "successor/containers/foreign.h"
#include "successor/containers/open.h"

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
			struct container_inner *inner, struct kho_err *err)
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
	*inner = (struct container_inner){ .bytes = { unpacked.data, unpacked.size } };
	return 0;
}

static int not_a_kernel(struct kho_bytes bytes, bool outermost, struct kho_err *err)
{
	const char *foreign = foreign_text(bytes);

	if (!bytes.size)
		return kho_fail(err, EINVAL, outermost ? "the file is empty" : "it holds nothing");
	if (foreign)
		return kho_fail(err, EINVAL, "%s%s", outermost ? "" : "it holds ", foreign);
	return kho_fail(err, EINVAL, outermost ? "not a kernel image of a known kind" :
			"what it holds is not a kernel of a known kind");
}

/* Down through the containers, to the kernel itself. */
static int open_all(struct successor_image *image, struct successor *s, struct kho_err *err)
{
	struct container_inner inner = { .bytes = { image->buffer.data, image->buffer.size } };
	unsigned int unpacked = 0;

	/* The first may have been opened already. */
	for (unsigned int depth = image->kind ? 1 : 0; depth < OPEN_MAX_DEPTH; depth++) {
		const struct unpack_format *format = unpack_by_magic(inner.bytes);
		const struct container *container = format ? NULL : container_find(inner.bytes);
		int ret;

		if (!format && !container)
			return not_a_kernel(inner.bytes, !depth, err);
		if (add_kind(image, format ? format->name : container->name))
			return kho_fail(err, ENOMEM, "no memory");
		if (container && container->read)
			return container->read(inner.bytes, image, s, err);
		if (format && ++unpacked > OPEN_MAX_UNPACKED)
			return kho_fail(err, EINVAL, "packed more than %u times",
					OPEN_MAX_UNPACKED);
		ret = format ? unpack_inner(image, format, &inner, err) :
		      container->open(inner.bytes, &inner, s, err);
		if (ret)
			return ret;
	}
	return kho_fail(err, EINVAL, "more than %u nested containers", OPEN_MAX_DEPTH);
}

/* @shell is the name of a container that @file was taken out of already, or NULL. */
static int open_from(struct kho_buffer *file, const char *shell, struct successor *s,
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

int open_buffer(struct kho_buffer *file, struct successor *s, struct kho_err *err)
{
	return open_from(file, NULL, s, err);
}

/* @ret_shell: the container that was read in parts.  -ENOENT: it is none of these. */
static int open_in_parts(int fd, struct kho_buffer *inner, const char **ret_shell,
			 struct successor *s, struct kho_err *err)
{
	struct container_file file = { .fd = fd };
	const struct container *container;
	struct kho_buffer head = { 0 };
	struct stat st;
	int ret = -ENOENT;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode) ||
	    read_file_part(fd, 0, CONTAINER_HEAD_BYTES, &head, NULL))
		return -ENOENT;
	file.bytes = (uint64_t)st.st_size;
	file.head = (struct kho_bytes){ head.data, head.size };
	container = container_find(file.head);
	if (container && container->read_parts) {
		ret = container->read_parts(&file, inner, s, err);
		if (ret)
			kho_err_prefix(err, "%s: ", container->name);
		else
			*ret_shell = container->name;
	}
	kho_buffer_deinit(&head);
	return ret;
}

int open_fd(int fd, struct successor *s, struct kho_err *err)
{
	struct kho_buffer file = { 0 };
	const char *shell = NULL;
	int ret = open_in_parts(fd, &file, &shell, s, err);

	if (ret == -ENOENT)
		ret = read_file(fd, SUCCESSOR_FILE_LIMIT_BYTES, &file, err);
	return ret ? ret : open_from(&file, shell, s, err);
}
