// SPDX-License-Identifier: GPL-2.0-only
/*
 * arch/arm64/kernel/kexec_image.c: image_probe() and image_load(), 6.18 to 7.3.  A header
 * without magic or image_size, and a big-endian kernel, are no images to the reader already.
 */
#include "config.h"

#include <errno.h>

#include "arch/arm64/arm64.h"

/*
 * system_supports_64kb_granule() and the like ask the CPU (ID_AA64MMFR0_EL1).  It has the
 * running kernel's page size; whether it has another one is not known here, and a handover
 * between two page sizes fails anyway (page-size-differs).
 */
bool arm64_refuses(const struct kho_load_facts *facts, struct kho_refusal *ret_refusal)
{
	if (facts->load->text_offset_bytes != SUCCESSOR_BYTES_UNKNOWN)
		return false;
	return kho_arch_refuse(ret_refusal, EINVAL, "the image is no arm64 Image");
}
