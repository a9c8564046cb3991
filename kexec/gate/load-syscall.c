// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <string.h>

#include "gate/load-syscall.h"

void kho_load_by_file(uint64_t flags, struct kho_load *load)
{
	*load = (struct kho_load){
		.kind = KHO_LOAD_FILE,
		.unload = flags & KEXEC_FILE_UNLOAD,
		.crash = flags & KEXEC_FILE_ON_CRASH,
		.kernel_fd = -1, .initrd_fd = -1,
	};
}

void kho_load_by_segments(uint64_t nr_segments, uint64_t flags, struct kho_load *load)
{
	*load = (struct kho_load){
		.kind = KHO_LOAD_CLASSIC,
		.unload = !nr_segments,
		.crash = flags & KEXEC_ON_CRASH,
		.kernel_fd = -1, .initrd_fd = -1,
	};
}

bool kho_load_is_checked(const struct kho_load *load)
{
	return load->kind == KHO_LOAD_FILE && !load->unload && !load->crash;
}

int kho_load_unreadable(const char *what, int error, struct kho_err *why)
{
	return kho_fail(why, error, "the loader's %s can't be read: %s", what, strerror(error));
}
