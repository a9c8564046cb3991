// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two commands in turn, A B A B ..., and the ratio of their medians: an honest
 * comparison on a machine whose speed drifts.
 *
 *   compare NAME RUNS COMMAND_A... -- COMMAND_B...
 *
 * Their output is thrown away, their status does not matter.
 */
#include "config.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#define MAX_RUNS 1000

extern char **environ;

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static double run(char **argv)
{
	posix_spawn_file_actions_t quiet;
	double start = now();
	pid_t pid;

	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&pid, argv[0], &quiet, NULL, argv, environ)) {
		fprintf(stderr, "compare: %s can't be run\n", argv[0]);
		exit(1);
	}
	waitpid(pid, NULL, 0);
	posix_spawn_file_actions_destroy(&quiet);
	return now() - start;
}

static int compare_double(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *times, int n)
{
	qsort(times, n, sizeof(*times), compare_double);
	return times[n / 2];
}

int main(int argc, char **argv)
{
	static double a[MAX_RUNS], b[MAX_RUNS];
	int runs = argc > 4 ? atoi(argv[2]) : 0, split = 3;
	double median_a, median_b;

	while (split < argc && strcmp(argv[split], "--"))
		split++;
	if (runs < 1 || runs > MAX_RUNS || split + 1 >= argc) {
		fputs("Usage: compare NAME RUNS COMMAND_A... -- COMMAND_B...\n", stderr);
		return 1;
	}
	argv[split] = NULL;
	run(argv + 3);		/* warm up */
	run(argv + split + 1);
	for (int i = 0; i < runs; i++) {
		a[i] = run(argv + 3);
		b[i] = run(argv + split + 1);
	}
	median_a = median(a, runs);
	median_b = median(b, runs);
	printf("%s: %.2f (medians of %d: %.1f ms, %.1f ms)\n", argv[1], median_a / median_b, runs,
	       median_a * 1e3, median_b * 1e3);
	return 0;
}
