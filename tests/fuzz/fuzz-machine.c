// SPDX-License-Identifier: GPL-2.0-only
/*
 * A machine's tree, as its files are read: scratch areas, memory map, SRAT, memory
 * blocks, nodes, CPUs, what is handed over. Then the check of a usual successor on that
 * machine, with the machine's own command line.
 *
 * The input is the tree, flattened: "@proc/cmdline\n" and then the file's bytes, up to
 * the next "\n@"; "@a/b -> c\n" is a link, "@a/b/\n" a folder.  seed-machine writes it.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fuzz.h"
#include "fuzz-successor.h"
#include "kho-scratch.h"
#include "machine/read-machine.h"

#define MAX_ENTRIES 256
#define MAX_PATH_BYTES 256

/* What the input calls a link or ".." leads nowhere: nothing is made outside of the tree. */
static int open_within(int dir, const char *name, int flags)
{
	struct open_how how = {
		.flags = flags | O_CLOEXEC,
		.mode = flags & O_CREAT ? 0600 : 0,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
	};

	return syscall(SYS_openat2, dir, name, &how, sizeof(how));
}

/* The folder that @path stands in, made where it is not there; *@name is the rest. */
static int open_parent(int root, char *path, char **name)
{
	int dir = dup(root);
	char *slash;

	while (dir >= 0 && (slash = strchr(path, '/'))) {
		int next;

		*slash = '\0';
		(void)!mkdirat(dir, path, 0700);
		next = open_within(dir, path, O_PATH | O_DIRECTORY);
		close(dir);
		dir = next;
		path = slash + 1;
	}
	*name = path;
	return dir;
}

static void make_entry(int root, char *path, const uint8_t *data, size_t size)
{
	char *target = strstr(path, " -> "), *name;
	int parent, fd;

	if (target)
		*target = '\0';
	parent = open_parent(root, path, &name);
	if (parent < 0)
		return;
	if (target) {
		(void)!symlinkat(target + strlen(" -> "), parent, name);
	} else if (*name) {
		fd = open_within(parent, name, O_WRONLY | O_CREAT | O_TRUNC);
		if (fd >= 0) {
			(void)!write(fd, data, size);
			close(fd);
		}
	}
	close(parent);
}

static void make_tree(int root, const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;

	for (unsigned int n = 0; n < MAX_ENTRIES && data < end && *data == '@'; n++) {
		const uint8_t *line = memchr(data, '\n', end - data), *next;
		char path[MAX_PATH_BYTES] = "";

		if (!line)
			return;
		next = memmem(line + 1, end - line - 1, "\n@", 2);
		if ((size_t)(line - data) < sizeof(path)) {
			memcpy(path, data + 1, line - data - 1);
			make_entry(root, path, line + 1, (next ? next : end) - line - 1);
		}
		data = next ? next + 1 : end;
	}
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

/* What machine.h promises. */
static void check_machine(const struct machine *m)
{
	fuzz_check_ram(m);
	for (size_t i = 0; i < m->scratch.n; i++)
		if (m->scratch.r[i].start_pa > m->scratch.r[i].end_pa ||
		    m->scratch.r[i].end_pa > MACHINE_PA_LIMIT)
			abort();
	fuzz_check_findings(&m->gaps);
	fuzz_check_line(m->release);
	fuzz_check_line(m->arch);
	fuzz_check_line(m->cmdline);
}

/* What handover.h promises: a list of formats has one, and what is not whole says why. */
static void check_producers(const struct handover_tree *tree)
{
	for (size_t i = 0; i < tree->nr_producers; i++) {
		const struct handover_producer *p = &tree->producer[i];

		fuzz_check_line(p->name);
		fuzz_check_line(p->trouble);
		if (p->read == HANDOVER_BLOB_WHOLE && p->trouble)
			abort();
		for (size_t k = 0; k < p->nr_compatibles; k++)
			if (!p->compatible[k].nr_texts || !p->compatible[k].text[0][0])
				abort();
	}
}

static void check(const struct machine *m)
{
	const struct kho_with with = { .cmdline = m->cmdline ? m->cmdline : "" };
	struct kho_check result;
	struct successor s;

	check_producers(&m->handover.out);
	check_producers(&m->handover.in);
	fuzz_successor(&s, !strcmp(m->arch, "aarch64"));
	if (kho_check(&s, m, &with, &result))
		abort();
	fuzz_check_findings(&result.findings);
	kho_check_deinit(&result);
	successor_deinit(&s);
}

/* In memory where that can be: a tree is made and removed for each input. */
static void make_root(char *root, size_t bytes)
{
	snprintf(root, bytes, "/dev/shm/fuzz-machine-XXXXXX");
	if (mkdtemp(root))
		return;
	snprintf(root, bytes, "/tmp/fuzz-machine-XXXXXX");
	if (!mkdtemp(root))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char root[64];
	struct kho_err err;
	struct machine m;
	int fd;

	make_root(root, sizeof(root));
	fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		abort();
	make_tree(fd, data, size);
	close(fd);
	if (machine_read(root, &m, &err))
		abort();
	check_machine(&m);
	check(&m);
	machine_deinit(&m);
	nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return 0;
}
