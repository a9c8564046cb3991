// SPDX-License-Identifier: GPL-2.0-only
/* containers/open.c, built with a limit of 8 MiB on what is unpacked: the real one takes minutes. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "mkimage.h"
#include "successor/successor.h"
#include "unit.h"

static const char banner[] = "\0Linux version 7.0.1-test (nobody@nowhere) #1\n\0";

/* An arm64 Image with so many zeros behind its banner, packed, and zeros behind that. */
static struct mk pack(size_t zeros, size_t behind)
{
	struct mk image = mk_arm64(2, banner, sizeof(banner)), packed;

	mk_put_le(&image, zeros - 1, 0, 1);
	packed = mk_filter(&image, "gzip -n");
	mk_free(&image);
	mk_put_le(&packed, packed.size + behind - 1, 0, 1);
	return packed;
}

static int read_twice_packed(size_t zeros, size_t behind, struct kho_err *err)
{
	struct mk inner = pack(zeros, behind), outer = mk_filter(&inner, "gzip -n");
	struct successor s;
	int fd = mk_fd(&outer), ret = successor_read_fd(fd, &s, err);

	if (!ret)
		successor_deinit(&s);
	close(fd);
	mk_free(&outer);
	mk_free(&inner);
	return ret;
}

/* The outer one stays in memory while the inner one is unpacked: both count. */
static void test_gzip_in_gzip_has_one_limit(void **state)
{
	struct kho_err err = { "" };

	assert_int_equal(read_twice_packed(3 << 20, 4 << 20, &err), 0);
	assert_int_equal(read_twice_packed(5 << 20, 4 << 20, &err), -EFBIG);
	assert_non_null(strstr(err.text, "gzip, gzip: gzip payload: it unpacks to more than the "
			       "limit of 3 MiB"));
	assert_int_equal(read_twice_packed(5 << 20, 1, &err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gzip_in_gzip_has_one_limit),
	};

	return cmocka_run_group_tests_name("image-limit", tests, NULL, NULL);
}
