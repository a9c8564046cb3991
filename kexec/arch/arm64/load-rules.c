// SPDX-License-Identifier: GPL-2.0-only
/*
 * arch/arm64/kernel/kexec_image.c: image_probe() and image_load(), and kernel/kexec_core.c:
 * sanity_check_segment_list(), 6.18 to 7.3.  A big-endian kernel is no image to the reader
 * already: whether the CPU has both byte orders is not known here.
 */
#include "config.h"

#include <errno.h>

#include "arch/arm64/arm64.h"

#define LEAST_PAGE_BYTES	(UINT64_C(4) << 10)
#define LARGEST_PAGE_BYTES	(UINT64_C(64) << 10)

/* The kernel's segment, once it has its place: its start, and all of the file, must fit. */
static bool refuses_segment(const struct kho_load_facts *facts, struct kho_refusal *ret_refusal)
{
	const struct successor_load *load = facts->load;
	uint64_t least = facts->page_bytes ? facts->page_bytes : LEAST_PAGE_BYTES;
	uint64_t most = facts->page_bytes ? facts->page_bytes : LARGEST_PAGE_BYTES;
	uint64_t text_offset = load->text_offset_bytes, end;

	if (text_offset % least)
		return kho_arch_refuse(ret_refusal, EADDRNOTAVAIL, "the image's text_offset 0x%llx "
				       "is no multiple of this kernel's page size",
				       (unsigned long long)text_offset);
	if (__builtin_add_overflow(load->memory_bytes, text_offset, &end) ||
	    __builtin_add_overflow(end, most - 1, &end))
		return kho_arch_refuse(ret_refusal, EADDRNOTAVAIL,
				       "the image's image_size and text_offset end above all memory");
	if (load->file_bytes > end / most * most - text_offset)
		return kho_arch_refuse(ret_refusal, EINVAL, "the image has %llu bytes, its header's "
				       "image_size is %llu", (unsigned long long)load->file_bytes,
				       (unsigned long long)load->memory_bytes);
	return false;
}

/*
 * system_supports_64kb_granule() and the like ask the CPU (ID_AA64MMFR0_EL1, of which it
 * shows nothing to a program).  It has the running kernel's page size; of others nothing
 * is known.  Where that size is not known either, page-size-unknown is reported.
 */
bool arm64_refuses(const struct kho_load_facts *facts, struct kho_refusal *ret_refusal)
{
	const struct successor_load *load = facts->load;

	if (load->text_offset_bytes == SUCCESSOR_BYTES_UNKNOWN)
		return kho_arch_refuse(ret_refusal, EINVAL, "the image is no arm64 Image");
	if (load->memory_bytes == SUCCESSOR_BYTES_UNKNOWN)
		return kho_arch_refuse(ret_refusal, EINVAL, "the image's header gives no image_size");
	if (refuses_segment(facts, ret_refusal))
		return true;
	if (load->header_page_bytes && facts->page_bytes &&
	    load->header_page_bytes != facts->page_bytes)
		return kho_arch_refuse(ret_refusal, 0, "the CPU has no pages of %llu KiB, which the "
				       "image's header asks for",
				       (unsigned long long)load->header_page_bytes >> 10);
	return false;
}
