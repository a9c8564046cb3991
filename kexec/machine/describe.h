/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine in words, for questions about one that is not there:
 *
 *	2T nodes=8 cpus=256
 *	node=512G/64 node=512G/64 node=64G/0 hole=3G-4G arch=x86_64
 *
 * Words are parted by blanks, new lines and ';', and '#' begins a comment up to the end of its
 * line.  doc/how-much.md has the words.
 */
#ifndef MACHINE_DESCRIBE_H
#define MACHINE_DESCRIBE_H

#include "machine/machine.h"

/*
 * Fill @m from @text.  On success @m is to be given to machine_deinit().
 * -EINVAL: *@ret_errors, for free(), has each error in a line of its own, with its place, each
 * line with a newline; -ENOMEM.
 */
int describe_machine(const char *text, struct machine *m, char **ret_errors)
	__attribute__((warn_unused_result));

#endif
