// SPDX-License-Identifier: GPL-2.0-only
/* Output that is lost at each of the times when it can be. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/output.h"
#include "unit.h"

static ssize_t take_all(void *cookie, const char *data, size_t bytes)
{
	return (ssize_t)bytes;
}

static int close_full(void *cookie)
{
	errno = EDQUOT;
	return -1;
}

static void test_a_full_disk(void **state)
{
	FILE *f = fopen("/dev/full", "w");

	assert_non_null(f);
	assert_int_equal(kho_output_write(f, "record\n", 7), -ENOSPC);
	fclose(f);
	f = fopen("/dev/full", "w");
	fputs("report", f);
	assert_int_equal(kho_output_flush(f), -ENOSPC);
	fclose(f);
	f = fopen("/dev/full", "w");
	fputs("help", f);
	assert_int_equal(kho_output_close(f), -ENOSPC);
}

/* stdio writes a large piece past its buffer: nothing is left for the flush to fail on. */
static void test_what_stdio_gave_up_before_the_flush(void **state)
{
	static char large[1 << 16];
	FILE *f = fopen("/dev/full", "w");

	assert_int_not_equal(fwrite(large, 1, sizeof(large), f), sizeof(large));
	assert_int_equal(kho_output_flush(f), -EIO);
	assert_int_equal(kho_output_close(f), -EIO);
	f = fopen("/dev/full", "w");
	assert_int_equal(kho_output_write(f, large, sizeof(large)), -ENOSPC);
	fclose(f);
}

static void test_a_disk_that_tells_it_when_it_is_closed(void **state)
{
	const cookie_io_functions_t io = { .write = take_all, .close = close_full };
	FILE *f = fopencookie(NULL, "w", io);

	assert_int_equal(kho_output_write(f, "record\n", 7), 0);
	assert_int_equal(kho_output_close(f), -EDQUOT);
}

static void test_a_reader_that_went_away(void **state)
{
	int end[2];
	FILE *f;

	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(end), 0);
	close(end[0]);
	f = fdopen(end[1], "w");
	assert_int_equal(kho_output_write(f, "record\n", 7), -EPIPE);
	fclose(f);
}

static void test_a_closed_descriptor(void **state)
{
	FILE *f = fdopen(dup(STDERR_FILENO), "w");

	/* As a shell's >&-: nothing was written, nothing is lost. */
	close(fileno(f));
	assert_int_equal(kho_output_close(f), 0);
	f = fdopen(dup(STDERR_FILENO), "w");
	close(fileno(f));
	fputs("help", f);
	assert_int_equal(kho_output_close(f), -EBADF);
}

static void test_a_file_as_a_whole_or_not_at_all(void **state)
{
	char dir[] = "/tmp/kho-output.XXXXXX", path[64], text[16];
	struct stat st;
	int fd;

	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/file", dir);
	assert_int_equal(kho_output_save(path, "old"), 0);
	assert_int_equal(kho_output_save(path, "new"), 0);
	fd = open(path, O_RDONLY);
	assert_int_equal(read(fd, text, sizeof(text)), 3);
	assert_memory_equal(text, "new", 3);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	close(fd);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(kho_output_save(path, "new"), -ENOENT);
	assert_int_equal(kho_output_save("/dev/full", "new"), -ENOSPC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_full_disk),
		cmocka_unit_test(test_what_stdio_gave_up_before_the_flush),
		cmocka_unit_test(test_a_disk_that_tells_it_when_it_is_closed),
		cmocka_unit_test(test_a_reader_that_went_away),
		cmocka_unit_test(test_a_closed_descriptor),
		cmocka_unit_test(test_a_file_as_a_whole_or_not_at_all),
	};

	return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
