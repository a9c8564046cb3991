/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_HOTPLUG_H
#define MACHINE_HOTPLUG_H

#include "machine/machine.h"
#include "machine/passed-memory.h"
#include "machine/tree.h"

/*
 * Memory that came online since boot, into m->late: blocks that are online and hold
 * nothing of the RAM that is passed to a successor, or would be but for a
 * memory map that is too long (m->lost).  So are DIMMs, virtio-mem and memory of devices
 * (drivers/dax/kmem.c).  Where blocks are not shown, only DIMMs are known.  A block that
 * can't be read becomes a gap.  0 or -ENOMEM.
 */
int late_read(const struct machine_tree *tree, const struct passed_memory *memory,
	      struct machine *m) __attribute__((warn_unused_result));

#endif
