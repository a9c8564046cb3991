/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KHO_MACHINE_LATE_H
#define KHO_MACHINE_LATE_H

#include "machine/machine.h"
#include "machine/tree.h"

/*
 * Memory that came online since boot, into m->late: blocks that are online and hold
 * nothing of @ram, which is what the firmware told at boot.  So are virtio-mem and
 * memory of devices (drivers/dax/kmem.c).  DIMMs added by ACPI are not told apart:
 * add_memory_resource(), mm/memory_hotplug.c, adds them to the firmware's map.
 * Where blocks are not shown there are none.  0 or -ENOMEM.
 */
int late_read(const struct machine_tree *tree, const struct kho_ranges *ram, struct machine *m)
	__attribute__((warn_unused_result));

#endif
