/* SPDX-License-Identifier: GPL-2.0-only */
/* The check of a load against Kexec HandOver.  Without --with-kho nothing of it is there. */
#ifndef KEXEC_KHO_H
#define KEXEC_KHO_H

#ifdef CONFIG_KHO

#include "kho/linked/hook.h"

#else

#define kho_may_load_file(kernel_fd, initrd_fd, cmdline_bytes, cmdline, flags, result) 1
#define kho_may_load_segments(nr_segments, flags, result) 1
#define kho_is_dry_run() 0
#define kho_usage() do { } while (0)
#define kho_main(argc, argv, kexec_main) kexec_main(argc, argv)

#endif
#endif
