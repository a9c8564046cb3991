/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MACHINE_HANDOVER_LUO_FILES_H
#define MACHINE_HANDOVER_LUO_FILES_H

#include "machine/handover/handover.h"
#include "machine/kcore.h"

/*
 * In which format live update keeps files: a handler's compatible text stands in its
 * struct liveupdate_file_handler, in the kernel's data; what sessions hold is written
 * only at the jump.  Fills @h's memfd where LUO hands something over and the kernel's
 * image can be read.  0 or -ENOMEM.
 */
int luo_files_read(const struct kcore *core, struct machine_handover *h)
	__attribute__((warn_unused_result));

#endif
