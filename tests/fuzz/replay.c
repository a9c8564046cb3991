// SPDX-License-Identifier: GPL-2.0-only
/* Give each file named on the command line to a fuzz target.  Speaks TAP. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

static int replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data;
	long size;
	int ret = -1;

	if (!file)
		return -1;
	if (!fseek(file, 0, SEEK_END) && (size = ftell(file)) >= 0 && !fseek(file, 0, SEEK_SET)) {
		/* No byte more than there is, so that a sanitizer sees what is read behind it. */
		data = malloc(size ? size : 1);
		if (data && fread(data, 1, size, file) == (size_t)size) {
			LLVMFuzzerTestOneInput(data, size);
			ret = 0;
		}
		free(data);
	}
	fclose(file);
	return ret;
}

int main(int argc, char **argv)
{
	int failed = 0;

	printf("1..%d\n", argc - 1);
	for (int i = 1; i < argc; i++) {
		int ret = replay(argv[i]);

		printf("%sok %d - %s\n", ret ? "not " : "", i, argv[i]);
		fflush(stdout);
		failed |= ret;
	}
	return failed ? 1 : 0;
}
