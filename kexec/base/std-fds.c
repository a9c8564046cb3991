// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/std-fds.h"

void kho_std_occupy(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		int mode = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;

		/* The lowest that is free is this one.  An initramfs may have no /dev yet. */
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", mode) < 0 &&
		    open("/", O_RDONLY) < 0)
			return;
	}
}
