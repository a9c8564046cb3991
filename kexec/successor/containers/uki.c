// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Unified Kernel Image: a PE file with kernel, initrd and command line in
 * sections of their own (UAPI group's specification 5).  One with several profiles
 * has them behind sections ".profile"; what stands before the first is of all.
 */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/read-file.h"
#include "successor/containers/container.h"
#include "successor/containers/pe.h"

/* COMMAND_LINE_SIZE is 2048; no kernel takes more than a few of these. */
#define CMDLINE_BYTES	(UINT64_C(64) << 10)

struct parts {
	const struct pe_section *kernel, *initrd, *cmdline;	/* NULL: none */
	unsigned int profiles;
};

/* What counts when no profile is asked for: of profile @0, else of what stands before it. */
static const struct pe_section *find_section(const struct pe_sections *all, const char *name)
{
	const struct pe_section *found = NULL;
	unsigned int profiles = 0;
	bool in_profile = false;

	for (size_t i = 0; i < all->n && profiles < 2; i++) {
		if (!strcmp(all->s[i].name, ".profile")) {
			profiles++;
		} else if (!strcmp(all->s[i].name, name) &&
			   (!found || in_profile != (profiles == 1))) {
			found = &all->s[i];
			in_profile = profiles == 1;
		}
	}
	return found;
}

static struct parts find_parts(const struct pe_sections *all)
{
	struct parts parts = {
		.kernel = find_section(all, ".linux"), .initrd = find_section(all, ".initrd"),
		.cmdline = find_section(all, ".cmdline"),
	};

	for (size_t i = 0; i < all->n; i++)
		parts.profiles += !strcmp(all->s[i].name, ".profile");
	return parts;
}

static bool match(struct kho_bytes image)
{
	struct pe_sections all;

	return !pe_read_sections(image, &all) && find_section(&all, ".linux");
}

static int check_section(const struct pe_section *section, uint64_t file_bytes, uint64_t limit,
			 struct kho_err *err)
{
	if (!section)
		return 0;
	if (section->offset > file_bytes || section->bytes > file_bytes - section->offset)
		return kho_fail(err, EINVAL, "cut short: its %s section ends past the end "
				"of the file", section->name);
	if (section->bytes > limit)
		return kho_fail(err, EFBIG, "its %s section has %" PRIu64 " KiB, more than the "
				"limit of %" PRIu64 " KiB", section->name, section->bytes >> 10,
				limit >> 10);
	return 0;
}

/* Of the initrd only its size is wanted. */
static int check_parts(const struct parts *parts, uint64_t file_bytes, struct kho_err *err)
{
	return check_section(parts->kernel, file_bytes, SUCCESSOR_FILE_LIMIT_BYTES, err) ?:
	       check_section(parts->initrd, file_bytes, UINT64_MAX, err) ?:
	       check_section(parts->cmdline, file_bytes, CMDLINE_BYTES, err);
}

static int note_parts(const struct parts *parts, struct kho_bytes cmdline, struct successor *s,
		      struct kho_err *err)
{
	s->uki.nr_profiles = parts->profiles;
	s->uki.initrd_bytes = parts->initrd ? parts->initrd->bytes : 0;
	free(s->uki.cmdline);
	s->uki.cmdline = NULL;
	if (!parts->cmdline)
		return 0;
	s->uki.cmdline = strndup(cmdline.size ? (const char *)cmdline.data : "", cmdline.size);
	return s->uki.cmdline ? 0 : kho_fail(err, ENOMEM, "no memory");
}

static int open_uki(struct kho_bytes image, struct container_inner *inner,
		    struct successor *s, struct kho_err *err)
{
	struct kho_bytes cmdline = { 0 };
	struct pe_sections all;
	struct parts parts;
	int ret = pe_read_sections(image, &all);

	if (ret)
		return kho_fail(err, EINVAL, "the file ends inside its section table");
	parts = find_parts(&all);
	ret = check_parts(&parts, image.size, err);
	if (ret)
		return ret;
	inner->bytes = (struct kho_bytes){ image.data + parts.kernel->offset, parts.kernel->bytes };
	if (parts.cmdline)
		cmdline = (struct kho_bytes){ image.data + parts.cmdline->offset,
					      parts.cmdline->bytes };
	return note_parts(&parts, cmdline, s, err);
}

static int read_section(int fd, const struct pe_section *section, struct kho_buffer *out,
			struct kho_err *err)
{
	int ret = read_file_part(fd, section->offset, section->bytes, out, err);

	if (!ret && out->size < section->bytes) {
		kho_buffer_deinit(out);
		ret = kho_fail(err, EINVAL, "cut short in its %s section", section->name);
	}
	return ret;
}

static int read_parts(int fd, const struct parts *parts, struct kho_buffer *kernel,
		      struct successor *s, struct kho_err *err)
{
	struct kho_buffer cmdline = { .size = 0 };
	struct kho_bytes text = { 0 };
	int ret = 0;

	if (parts->cmdline)
		ret = read_section(fd, parts->cmdline, &cmdline, err);
	if (!ret && parts->cmdline)
		text = (struct kho_bytes){ cmdline.data, cmdline.size };
	if (!ret)
		ret = note_parts(parts, text, s, err);
	kho_buffer_deinit(&cmdline);
	return ret ? ret : read_section(fd, parts->kernel, kernel, err);
}

static int read_uki_parts(const struct container_file *file, struct kho_buffer *inner,
			  struct successor *s, struct kho_err *err)
{
	struct pe_sections all;
	struct parts parts;
	int ret = pe_read_sections(file->head, &all);

	if (ret)
		return kho_fail(err, EINVAL, "the file ends inside its section table");
	parts = find_parts(&all);
	return check_parts(&parts, file->bytes, err) ?:
	       read_parts(file->fd, &parts, inner, s, err);
}

const struct container container_uki = {
	.name = "unified kernel image",
	.match = match,
	.open = open_uki,
	.read_parts = read_uki_parts,
};
