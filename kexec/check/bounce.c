// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "check/bounce.h"
#include "kernel/words.h"

static bool say_why(char why[KHO_BOUNCE_BYTES], bool needed, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static bool say_why(char why[KHO_BOUNCE_BYTES], bool needed, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, KHO_BOUNCE_BYTES, fmt, args);
	va_end(args);
	return needed;
}

/* The last parameter of this name counts; a text without it: an empty name. */
static struct param last_of(const char *cmdline, const char *name)
{
	struct param p, last = { .name_bytes = 0 };

	for (const char *at = cmdline; at && (at = param_next(at, &p)); )
		if (param_is(&p, name))
			last = p;
	return last;
}

static bool same(const struct param *a, const struct param *b)
{
	return !a->name_bytes == !b->name_bytes && a->value_bytes == b->value_bytes &&
	       (!a->value_bytes || !memcmp(a->value, b->value, a->value_bytes));
}

/* Is the IOMMU used by a kernel with @cmdline as by the running one? */
static bool same_iommu(const struct machine *m, const char *cmdline)
{
	static const char *const names[] = {
		"iommu", "intel_iommu", "amd_iommu", "iommu.passthrough",
		"arm-smmu.disable_bypass",
	};

	if (!m->cmdline || !cmdline)
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct param now = last_of(m->cmdline, names[i]);
		const struct param then = last_of(cmdline, names[i]);

		if (!same(&now, &then))
			return false;
	}
	return true;
}

/* swiotlb=[SLOTS,][AREAS,]force: all DMA goes through it. */
static bool is_forced(const char *cmdline)
{
	const struct param p = last_of(cmdline, "swiotlb");

	return p.value_bytes >= 5 && !memcmp(p.value + p.value_bytes - 5, "force", 5) &&
	       (p.value_bytes < 7 || memcmp(p.value + p.value_bytes - 7, "noforce", 7));
}

/* Is there memory that a device with addresses of so many bits does not reach? */
static bool falls_short(const struct machine_reach *reach, const struct machine *m)
{
	uint64_t end_pa = m->memory.n ? m->memory.r[m->memory.n - 1].end_pa : MACHINE_PA_LIMIT;

	return reach->devices && reach->bits < 64 && UINT64_C(1) << reach->bits < end_pa;
}

/*
 * What a device that used none so far may still want at a time: 32 requests (ATA_MAX_QUEUE,
 * include/linux/libata.h) of 256 KiB (IO_TLB_SEGSIZE slots, swiotlb_max_mapping_size()).
 */
#define BURST_BYTES	(UINT64_C(8) << 20)
/* Of what was used at a time since boot: a busier day. */
#define TIMES_USED	4

/* Does a buffer of @got_bytes serve what the running kernel has done so far? */
static bool is_enough(const struct machine_dma *dma, uint64_t got_bytes)
{
	return dma->known && dma->used_known && got_bytes >= BURST_BYTES &&
	       got_bytes / TIMES_USED >= dma->used_bytes;
}

static bool say_device(char why[KHO_BOUNCE_BYTES], const struct machine_reach *reach,
		       const char *behind)
{
	return say_why(why, true, "%s reaches %u bits of addresses%s, and may fail", reach->device,
		       reach->bits, behind);
}

/* A device that does not reach all memory, or one that used a buffer for whatever reason. */
static bool say_user(char why[KHO_BOUNCE_BYTES], const struct machine *m, uint64_t got_bytes)
{
	const struct machine_dma *dma = &m->dma;
	unsigned long long used_kib = (dma->used_bytes + 1023) >> 10;

	if (is_enough(dma, got_bytes))
		return say_why(why, false, "it is enough: the running kernel used at most %llu KiB "
			       "of its own at a time", used_kib);
	if (falls_short(&dma->direct, m))
		return say_device(why, &dma->direct, "");
	return say_why(why, true, "the running kernel used up to %llu KiB of its own", used_kib);
}

bool kho_needs_bounce_buffer(const struct machine *m, const char *cmdline, uint64_t got_bytes,
			     char why[KHO_BOUNCE_BYTES])
{
	const struct machine_dma *dma = &m->dma;

	if (is_forced(cmdline))
		return say_why(why, true, "swiotlb=force sends all DMA through it");
	if (falls_short(&dma->translated, m) && !same_iommu(m, cmdline))
		return say_device(why, &dma->translated, " where no IOMMU translates them");
	if (falls_short(&dma->direct, m) || (dma->used_known && dma->used_bytes))
		return say_user(why, m, got_bytes);
	if (!dma->known || !dma->used_known)
		return say_why(why, true, "devices that need it may fail");
	if (falls_short(&dma->translated, m))
		return say_why(why, false,
			       "no device needs it: an IOMMU translates for the %u that reach less",
			       dma->translated.devices);
	return say_why(why, false, "no device of this machine needs it");
}
