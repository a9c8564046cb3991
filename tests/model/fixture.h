/* SPDX-License-Identifier: GPL-2.0-only */
/* A recorded boot: tests/data/model/NAME.boot and the facts in kernels.txt. */
#ifndef TEST_FIXTURE_H
#define TEST_FIXTURE_H

#include "model/boot.h"

/* Pieces of one size, one below the other, in the order of the log. */
struct fixture_map {
	uint64_t bytes;
	uint64_t count;
	uint64_t start_pa;
};

/* Another allocation: where it starts. */
struct fixture_alloc {
	char user[32];		/* boot_user_key() */
	uint64_t start_pa;
};

struct fixture {
	char release[64];	/* its name in kernels.txt */
	struct boot_kernel kernel;
	struct boot_machine machine;
	struct boot_load load;
	struct boot_cpus cpus[64];
	struct boot_cpus own_cpus;
	struct kho_ranges preserved;
	char cmdline[4096];
	enum boot_outcome outcome;
	struct fixture_map *map;
	size_t nr_map;
	struct fixture_alloc *alloc;
	size_t nr_allocs;
};

/* Both end the program with a message when something is wrong with the file. */
void fixture_read(const char *dir, const char *path, struct fixture *f);
/* The kernel alone, by its name in kernels.txt. */
void fixture_kernel(const char *dir, const char *name, struct fixture *f);
void fixture_deinit(struct fixture *f);

#endif
