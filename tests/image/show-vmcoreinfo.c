// SPDX-License-Identifier: GPL-2.0-only
/* show-vmcoreinfo IMAGE: the text as successor_vmcoreinfo_text() prints it. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "successor/successor.h"

static int works(void)
{
#ifdef HAVE_CAPSTONE
	return 0;
#else
	return 1;
#endif
}

int main(int argc, char **argv)
{
	struct successor s;
	struct kho_err err;
	int fd, ret;

	if (argc != 2)
		return 1;
	if (!strcmp(argv[1], "--works"))
		return works();
	fd = open(argv[1], O_RDONLY);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	ret = successor_read_fd(fd, &s, &err);
	if (!ret) {
		ret = successor_vmcoreinfo_text(&s, stdout, &err);
		for (size_t i = 0; i < s.nr_notes; i++)
			fprintf(stderr, "note: %s\n", s.notes[i]);
		successor_deinit(&s);
	}
	if (ret)
		fprintf(stderr, "%s\n", err.text);
	return ret ? 1 : 0;
}
