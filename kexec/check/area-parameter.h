/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CHECK_AREA_PARAMETER_H
#define CHECK_AREA_PARAMETER_H

#include "finding/finding.h"

/*
 * Remedies are written with the parameter of released kernels, "kho_scratch=".  Put the
 * one that the running kernel has, @parameter without '=', in its place.  0 or -ENOMEM.
 */
int kho_name_area_parameter(struct kho_findings *findings, const char *parameter)
	__attribute__((warn_unused_result));

#endif
