// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "after/records.h"
#include "base/number.h"
#include "base/output.h"

#define RECORD		".json"
#define VERIFIED	".verified.json"

/* "0000000012.json": 12, and what stands behind it. */
static bool parse_name(const char *name, uint64_t *number, const char **rest)
{
	*rest = name;
	return !number_parse(rest, 10, number) && *number < UINT64_C(9999999999);
}

/* 0: there is none. */
static uint64_t newest(DIR *d)
{
	uint64_t number, best = 0;
	struct dirent *entry;
	const char *rest;

	rewinddir(d);
	while ((entry = readdir(d)))
		if (parse_name(entry->d_name, &number, &rest) && !strcmp(rest, RECORD) &&
		    number > best)
			best = number;
	return best;
}

/*
 * Old ones, and what a writer that was killed left: nobody else writes records while we hold the lock.
 * A verification may be written meanwhile, but not of one that is old.
 */
static void prune(DIR *d, uint64_t last)
{
	uint64_t number, first = last > KHO_RECORDS_KEPT ? last - KHO_RECORDS_KEPT + 1 : 1;
	struct dirent *entry;
	const char *rest;

	rewinddir(d);
	while ((entry = readdir(d))) {
		if (!parse_name(entry->d_name, &number, &rest))
			continue;
		if ((number < first && (!strcmp(rest, RECORD) ||
					!strncmp(rest, VERIFIED, strlen(VERIFIED)))) ||
		    (!strncmp(rest, RECORD ".", strlen(RECORD ".")) && number < last))
			unlinkat(dirfd(d), entry->d_name, 0);
	}
}

static DIR *open_folder(const char *dir)
{
	DIR *d = opendir(dir);

	if (!d && errno == ENOENT && (!mkdir(dir, 0700) || errno == EEXIST))
		d = opendir(dir);
	return d;
}

static int save_record(DIR *d, const char *dir, const char *text)
{
	uint64_t number;
	char *path;
	int ret;

	if (flock(dirfd(d), LOCK_EX))
		return -errno;
	number = newest(d) + 1;
	if (asprintf(&path, "%s/%010" PRIu64 RECORD, dir, number) < 0)
		return -ENOMEM;
	ret = kho_output_save(path, text);
	free(path);
	/* The next kernel is to find the name too. */
	if (!ret && fsync(dirfd(d)))
		ret = -errno;
	if (!ret)
		prune(d, number);
	return ret;
}

int records_add(const char *dir, const char *text, struct kho_err *err)
{
	DIR *d = open_folder(dir);
	int ret = d ? save_record(d, dir, text) : -errno;

	if (d)
		closedir(d);
	return ret ? kho_fail(err, -ret, "%s", strerror(-ret)) : 0;
}

int kho_record_newest(const char *dir, char **path, char **verified, struct kho_err *err)
{
	DIR *d = opendir(dir);
	uint64_t number;

	*path = *verified = NULL;
	if (!d)
		return kho_fail(err, errno, "%s: %s", dir, strerror(errno));
	number = newest(d);
	closedir(d);
	if (!number)
		return kho_fail(err, ENOENT, "%s: there is no record in it", dir);
	if (asprintf(path, "%s/%010" PRIu64 RECORD, dir, number) < 0)
		*path = NULL;
	if (asprintf(verified, "%s/%010" PRIu64 VERIFIED, dir, number) < 0)
		*verified = NULL;
	if (*path && *verified)
		return 0;
	free(*path);
	free(*verified);
	*path = *verified = NULL;
	return kho_fail(err, ENOMEM, "%s", strerror(ENOMEM));
}

int kho_record_find(const char *path, char **ret_record, char **ret_verified, struct kho_err *err)
{
	struct stat st;
	int ret;

	*ret_record = *ret_verified = NULL;
	if (stat(path, &st))
		return errno == ENOENT && !strcmp(path, KHO_RECORDS) ? 0 :
		       kho_fail(err, errno, "%s: %s", path, strerror(errno));
	if (S_ISDIR(st.st_mode)) {
		ret = kho_record_newest(path, ret_record, ret_verified, err);
		return ret == -ENOENT ? 0 : ret;
	}
	*ret_record = strdup(path);
	return *ret_record ? 0 : kho_fail(err, ENOMEM, "%s", strerror(ENOMEM));
}
