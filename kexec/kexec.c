// SPDX-License-Identifier: GPL-2.0-only
/* The front end: --kho-* are ours, all else goes to another program, the real kexec. */
#include "config.h"

#include "cli/command.h"

int main(int argc, char **argv)
{
	return kho_command(argc, argv, NULL);
}
