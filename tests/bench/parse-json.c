// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the JSON library alone takes for a fleet: each line parsed and thrown away.
 *
 *   parse-json FILE      prints the lines a second of CPU
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <json-c/json.h>

int main(int argc, char **argv)
{
	FILE *f = argc > 1 ? fopen(argv[1], "r") : NULL;
	struct json_tokener *tokener = json_tokener_new();
	unsigned long lines = 0;
	char *line = NULL;
	size_t cap = 0;
	ssize_t bytes;

	if (!f || !tokener)
		return 1;
	while ((bytes = getline(&line, &cap, f)) > 0) {
		json_tokener_reset(tokener);
		json_object_put(json_tokener_parse_ex(tokener, line, (int)bytes));
		lines++;
	}
	printf("%.0f\n", (double)lines / ((double)clock() / CLOCKS_PER_SEC));
	free(line);
	json_tokener_free(tokener);
	fclose(f);
	return 0;
}
