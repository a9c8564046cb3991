/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CHECK_AREA_PARAMETER_H
#define CHECK_AREA_PARAMETER_H

#include "finding/finding.h"
#include "machine/machine.h"

/*
 * Remedies are written for this machine, and with the parameter of released kernels,
 * "kho_scratch=".  Put the parameter that @m's kernel has in its place, and "that machine" where @m
 * is another one.  0 or -ENOMEM.
 */
int kho_speak_of(const struct machine *m, struct kho_findings *findings)
	__attribute__((warn_unused_result));

#endif
