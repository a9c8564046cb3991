/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command line that both bindings have: the front end (kexec.c), which runs
 * another program as its loader, and a kexec with the gate linked in
 * (linked/wrap.c), which is a loader itself.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "gate/decide.h"

/*
 * The loader that this program is: called with the words that are not ours, argv[0] first,
 * and the gate that its loads must pass, NULL without one.  Returns the exit status of the
 * loader; in a dry run it ends the process at the first load.
 */
typedef int kho_own_loader(int argc, char **argv, struct kho_gate *gate);

/* All of main().  @own is NULL for a program that is no loader.  Returns the exit status. */
int kho_command(int argc, char **argv, kho_own_loader *own);

/*
 * The exit status of this process, for a loader that ended with @loader_status.  Where any
 * load was refused: that of the worst refused load's verdict, whatever came after it.
 * After a dry run: that of the worst verdict, if the whole report was written; gate->out is
 * closed.  Else the loader's own, but 1 for 2, 3 and 4, which are those of verdicts.
 */
int kho_command_status(struct kho_gate *gate, int loader_status);

#endif
