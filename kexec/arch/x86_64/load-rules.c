// SPDX-License-Identifier: GPL-2.0-only
/* arch/x86/kernel/kexec-bzimage64.c: bzImage64_probe() and bzImage64_load(), 6.18 to 7.3. */
#include "config.h"

#include <errno.h>

#include "arch/x86_64/x86_64.h"

enum {
	LOADED_HIGH = 1 << 0,
	XLF_KERNEL_64 = 1 << 0,
	XLF_CAN_BE_LOADED_ABOVE_4G = 1 << 1,
	XLF_5LEVEL = 1 << 5,
};

#define LEAST_PROTOCOL		0x20c
#define ELFCOREHDR_TEXT_BYTES	30	/* MAX_ELFCOREHDR_STR_LEN */

static bool refuses_image(const struct successor_load *load, struct kho_refusal *ret_refusal)
{
	if (!load->protocol)
		return kho_arch_refuse(ret_refusal, ENOEXEC, "the image is no bzImage");
	if (load->protocol < LEAST_PROTOCOL)
		return kho_arch_refuse(ret_refusal, ENOEXEC,
				       "the image's boot protocol is %u.%02u, 2.12 is needed",
				       load->protocol >> 8, load->protocol & 0xff);
	if (!(load->loadflags & LOADED_HIGH))
		return kho_arch_refuse(ret_refusal, ENOEXEC,
				       "the image is a zImage (LOADED_HIGH is not set)");
	if (!(load->xloadflags & XLF_KERNEL_64))
		return kho_arch_refuse(ret_refusal, ENOEXEC, "the image has no 64-bit entry "
				       "(XLF_KERNEL_64 is not set)");
	if (!(load->xloadflags & XLF_CAN_BE_LOADED_ABOVE_4G))
		return kho_arch_refuse(ret_refusal, ENOEXEC, "the image cannot be loaded above "
				       "4 GiB (XLF_CAN_BE_LOADED_ABOVE_4G is not set)");
	return false;
}

bool x86_64_refuses(const struct kho_load_facts *facts, struct kho_refusal *ret_refusal)
{
	const struct successor_load *load = facts->load;
	/* Every image must leave room for elfcorehdr=, which only a crash kernel gets. */
	size_t most = load->cmdline_bytes > ELFCOREHDR_TEXT_BYTES ?
		      load->cmdline_bytes - ELFCOREHDR_TEXT_BYTES : 0;

	if (refuses_image(load, ret_refusal))
		return true;
	if (facts->five_level != KHO_TRI_NO && !(load->xloadflags & XLF_5LEVEL))
		return kho_arch_refuse(ret_refusal,
				       facts->five_level == KHO_TRI_YES ? ENOEXEC : 0,
				       "this machine uses 5-level page tables, which the image "
				       "does not support (XLF_5LEVEL is not set)");
	/* cmdline_len counts the NUL. */
	if (facts->cmdline_bytes && facts->cmdline_bytes + 1 > most)
		return kho_arch_refuse(ret_refusal, EINVAL, "the command line has %zu bytes, the "
				       "image takes at most %zu", facts->cmdline_bytes,
				       most ? most - 1 : 0);
	return false;
}
