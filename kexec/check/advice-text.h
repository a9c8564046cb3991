/* SPDX-License-Identifier: GPL-2.0-only */
/* The advice in words: the only place that knows what it looks like. */
#ifndef CHECK_ADVICE_TEXT_H
#define CHECK_ADVICE_TEXT_H

#include "machine/machine.h"
#include "model/find-setting.h"

#define KHO_SETTING_BYTES	64
#define KHO_ADVICE_BYTES	128
#define KHO_INITRD_BYTES	96
#define KHO_LOSSES_BYTES	192
#define KHO_BARE_BYTES		384
#define KHO_PRESENT_BYTES	48

/* "16M,42M,54M", "150%": a value of kho_scratch=. */
void kho_setting_text(const struct boot_setting *set, char text[KHO_SETTING_BYTES]);

/*
 * "; it can load an initrd of up to 96 MiB: give yours with --kho-initrd=", where none was given; else "".
 * What is short beside an initrd depends on its size.
 */
void kho_advised_initrd(const struct boot_advised *advised, char text[KHO_INITRD_BYTES]);

/*
 * "kho_scratch=16M,42M,54M", with the name that @parameter gives it, "kho=on " before it where
 * the machine has no areas, and " nokaslr" behind it where the first kernel wants it.  False, and "" in @text: no setting was found.
 */
bool kho_advice_text(const struct boot_advice *advice, const char *parameter,
		     char text[KHO_ADVICE_BYTES]);

/*
 * " with less or nothing of: bounce buffer", and what it counts on: what the bare minimum goes
 * without; "" where that is only the margin.
 */
void kho_bare_losses(const struct boot_advice *advice, char text[KHO_LOSSES_BYTES]);

/* "now 164 MiB", "KHO is off", or "now not known": where the areas of @machine can't be seen. */
const char *kho_present_text(const struct boot_advice *advice, const struct machine *machine,
			     char text[KHO_PRESENT_BYTES]);

/*
 * "kho_scratch=4M,84M,4M (96 MiB in all) only comes up, with less or nothing of: bounce buffer".
 * False: there is none beside a better one.
 */
bool kho_bare_text(const struct boot_advice *advice, const char *parameter,
		   char text[KHO_BARE_BYTES]);

#endif
