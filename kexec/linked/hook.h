/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The gate for a kexec that it is part of: what kexec.c asks before each of its loads.  Written in
 * plain types, so that a file of kexec-tools includes it.
 */
#ifndef LINKED_HOOK_H
#define LINKED_HOOK_H

#include <stdbool.h>

/*
 * May kexec make this load by kexec_file_load(2), or this unload?  The words are those of the
 * syscall; @cmdline_bytes counts the NUL at its end.  Where it may not, *@result is what kexec takes
 * for the call's result, and errno is set: -1 and EPERM for a refusal, 0 for an unload in a dry
 * run.  Does not return from a load in a dry run.
 */
bool kho_may_load_file(int kernel_fd, int initrd_fd, unsigned long cmdline_bytes,
		       const char *cmdline, unsigned long flags, int *result);

/* The same for kexec_load(2), and for a load through Xen.  No segments: an unload. */
bool kho_may_load_segments(unsigned long nr_segments, unsigned long flags, int *result);

/* In a dry run nothing is executed, and no interface is taken down. */
bool kho_is_dry_run(void);

/* For usage(): our options. */
void kho_usage(void);

/* All of main(): @kexec_main is kexec's own, called with the words that are not ours. */
int kho_main(int argc, char **argv, int (*kexec_main)(int argc, char **argv));

/* The status with which the process is to end, where kexec_main() would end it with @status. */
int kho_exit_status(int status);

#endif
