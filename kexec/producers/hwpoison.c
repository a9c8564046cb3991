// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages with hardware errors, which a kernel under review hands over ("hwpoison-v1"), so
 * that the successor does not use them again.
 */
#include "config.h"

#include "producers/judge.h"
#include "producers/producer.h"

static const struct producer_unread unread = {
	KHO_FATE_UNKNOWN, SAME_FORMAT, "pages with hardware errors are handed over as",
	"the successor may use them again",
};

const struct producer producer_hwpoison = {
	.name = "hwpoison",
	.about = " (pages with hardware errors)",
	.unread = &unread,
};
