// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <elf.h>
#include <errno.h>
#include <string.h>

#include "successor/vmcoreinfo/build-id.h"

/* The head of the note: name size 4, descriptor size 20, NT_GNU_BUILD_ID, "GNU". */
static const uint8_t head[] = { 4, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0, 'G', 'N', 'U', 0 };
#define ID_BYTES 20

static const uint8_t *next(struct kho_bytes bytes)
{
	return bytes.size ? memmem(bytes.data, bytes.size, head, sizeof(head)) : NULL;
}

/*
 * A flat image holds the notes of its vDSOs too.  Those are ELF files, of two
 * pages at most, in which the note comes soon after the header.
 */
#define VDSO_BYTES 4096

static bool is_in_elf_file(struct kho_bytes all, const uint8_t *note)
{
	size_t before = note - all.data < VDSO_BYTES ? note - all.data : VDSO_BYTES;

	return memmem(note - before, before, ELFMAG, SELFMAG);
}

static int find_build_id(struct kho_bytes all, bool flat, struct kho_bytes *id)
{
	struct kho_bytes left = all;
	const uint8_t *found = NULL, *at;

	while ((at = next(left))) {
		left.size -= at + 1 - left.data;
		left.data = at + 1;
		if (flat && is_in_elf_file(all, at))
			continue;
		if (found)
			return -ENOENT;
		found = at;
	}
	if (!found)
		return -ENOENT;
	return bytes_slice(all, found - all.data + sizeof(head), ID_BYTES, id) ? -ENOENT : 0;
}

int image_build_id(const struct successor_image *image, struct kho_bytes *id)
{
	const struct image_section *notes = image_section(image, ".notes");

	if (image->flat)
		return find_build_id(image->sections[0].bytes, true, id);
	return notes ? find_build_id(notes->bytes, false, id) : -ENOENT;
}

int notes_build_id(struct kho_bytes notes, struct kho_bytes *id)
{
	return find_build_id(notes, false, id);
}
