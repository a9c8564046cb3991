// SPDX-License-Identifier: GPL-2.0-only
/* The newest record, when memory runs out at each of the times when it can. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "after/records.h"
#include "unit.h"

/* Calls of asprintf() that succeed; negative: all. */
static int calls_left = -1;

static int print_or_fail(char **text, const char *fmt, va_list ap)
{
	if (calls_left >= 0 && !calls_left--) {
		*text = NULL;
		return -1;
	}
	return vasprintf(text, fmt, ap);
}

int __wrap_asprintf(char **text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int __wrap___asprintf_chk(char **text, int flag, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

int __wrap_asprintf(char **text, const char *fmt, ...)
{
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = print_or_fail(text, fmt, ap);
	va_end(ap);
	return ret;
}

/* The same with _FORTIFY_SOURCE. */
int __wrap___asprintf_chk(char **text, int flag, const char *fmt, ...)
{
	va_list ap;
	int ret;

	(void)flag;
	va_start(ap, fmt);
	ret = print_or_fail(text, fmt, ap);
	va_end(ap);
	return ret;
}

/* A caller frees both names, whatever became of the search. */
static void test_no_memory_for_a_name(void **state)
{
	char dir[] = "/tmp/kho-records-XXXXXX", name[64];
	char *path, *verified;
	int fd;

	assert_non_null(mkdtemp(dir));
	snprintf(name, sizeof(name), "%s/0000000007.json", dir);
	fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
	for (int calls = 0; calls < 2; calls++) {
		calls_left = calls;
		assert_int_equal(kho_record_newest(dir, &path, &verified, NULL), -ENOMEM);
		assert_null(path);
		assert_null(verified);
	}
	calls_left = -1;
	assert_int_equal(kho_record_newest(dir, &path, &verified, NULL), 0);
	assert_string_equal(path, name);
	free(path);
	free(verified);
	unlink(name);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_memory_for_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
