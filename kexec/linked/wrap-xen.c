// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads through the Xen hypervisor: no syscall, and its own shape.  Built with
 * kexec-tools' headers, in whose terms they are made.
 */
#include <stddef.h>
#include <stdint.h>

#include "kexec.h"
#include "kexec-syscall.h"
#include "linked/hook.h"

int __real_xen_kexec_load(struct kexec_info *info);
int __real_xen_kexec_unload(uint64_t flags);
int __wrap_xen_kexec_load(struct kexec_info *info);
int __wrap_xen_kexec_unload(uint64_t flags);

int __wrap_xen_kexec_load(struct kexec_info *info)
{
	int result;

	if (!kho_may_load_segments(info->nr_segments, info->kexec_flags, &result))
		return result;
	return __real_xen_kexec_load(info);
}

int __wrap_xen_kexec_unload(uint64_t flags)
{
	int result;

	if (!kho_may_load_segments(0, flags, &result))
		return result;
	return __real_xen_kexec_unload(flags);
}
