/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SUCCESSOR_FACTS_IKCONFIG_H
#define SUCCESSOR_FACTS_IKCONFIG_H

#include "successor/image/image.h"

/*
 * The value of CONFIG_@name in the image's configuration, once that is read; "n" when it is
 * not set; NULL when the image has no configuration.
 */
const char *ikconfig_value(const struct successor_image *image, const char *name);

#endif
