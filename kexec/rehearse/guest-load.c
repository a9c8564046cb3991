// SPDX-License-Identifier: GPL-2.0-only
/* What the architectures load in the same way. */
#include "config.h"

#include <errno.h>

#include "model/boot.h"
#include "rehearse/bytes.h"
#include "rehearse/guest-load.h"
#include "rehearse/handed.h"
#include "successor/successor.h"

bool rehearse_touches(const struct kho_ranges *ranges, uint64_t start_pa, uint64_t end_pa)
{
	for (size_t i = 0; ranges && i < ranges->n; i++)
		if (ranges->r[i].start_pa < end_pa && start_pa < ranges->r[i].end_pa)
			return true;
	return false;
}

uint64_t rehearse_find_room(const struct rehearse_load *load, uint64_t from_pa)
{
	const struct segment *kernel = segments_find(&load->segments, BOOT_KERNEL);
	const uint64_t kernel_end_pa = load->kernel_pa + kernel->bytes;
	const struct machine *m = load->machine;
	const uint64_t bytes = REHEARSE_ROOM_BYTES;

	for (size_t i = 0; i < m->memory.n; i++) {
		uint64_t pa = m->memory.r[i].start_pa;

		if (pa < from_pa)
			pa = from_pa;
		pa = (pa + bytes - 1) / bytes * bytes;
		for (; pa + bytes <= m->memory.r[i].end_pa; pa += bytes)
			if (!rehearse_touches(&m->scratch, pa, pa + bytes) &&
			    (pa >= kernel_end_pa || pa + bytes <= load->kernel_pa) &&
			    !rehearse_touches(load->preserved, pa, pa + bytes) &&
			    !rehearse_touches(load->preserved_map, pa, pa + bytes))
				return pa;
	}
	return 0;
}

int rehearse_write_list(const struct rehearse_load *load, struct guest *guest,
			struct kho_err *err)
{
	const struct segment *list = segments_find(&load->segments, BOOT_SCRATCH_LIST);
	int ret = 0;

	for (size_t i = 0; i < load->machine->scratch.n && !ret; i++) {
		const struct kho_range *area = &load->machine->scratch.r[i];
		uint8_t entry[16];

		put_le(entry, area->start_pa, 8);
		put_le(entry + 8, area->end_pa - area->start_pa, 8);
		ret = guest_write(guest, list->got.start_pa + i * 16, entry, sizeof(entry), err);
	}
	return ret;
}

int rehearse_write_handed(const struct rehearse_load *load, struct guest *guest,
			  const struct kho_range *spare, struct kho_err *err)
{
	struct handed handed = {
		.format = load->format, .page_shift = load->page_shift,
		.preserved = load->preserved, .map = load->preserved_map, .spare = *spare,
		.tree_pa = load->tree_pa,
	};
	int ret = load->format ? handed_write(&handed, guest, err) : 0;

	kho_ranges_deinit(&handed.written);
	return ret;
}

/* drivers/firmware/efi/libstub/zboot-header.S */
static bool open_zboot(struct kho_bytes *image)
{
	struct cursor c = cursor_init(*image);
	uint32_t offset, size;

	return bytes_have(*image, 0, "MZ", 2) && bytes_have(*image, 4, "zimg", 4) &&
	       !cursor_seek(&c, 8) && !cursor_u32(&c, &offset) && !cursor_u32(&c, &size) &&
	       !bytes_slice(*image, offset, size, image);
}

int rehearse_unpack(struct kho_buffer *file, struct kho_err *err)
{
	struct kho_bytes image = { file->data, file->size };
	const struct unpack_format *format;
	struct kho_buffer out = { 0 };
	int ret;

	open_zboot(&image);
	format = unpack_by_magic(image);
	if (!format)
		return 0;
	ret = unpack(format, image, 0, SUCCESSOR_PAYLOAD_LIMIT_BYTES, &out, err);
	if (ret)
		return ret;
	kho_buffer_deinit(file);
	*file = out;
	return 0;
}
