// SPDX-License-Identifier: GPL-2.0-only
/* Expected sums are those of FIPS 180-4's examples and of sha256sum (coreutils). */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "unit.h"

/* @step bytes at a time. */
static void assert_sum(const char *data, size_t bytes, size_t step, const char *sum)
{
	char text[KHO_SHA256_TEXT];
	struct kho_sha256 sha;

	kho_sha256_init(&sha);
	for (size_t at = 0; at < bytes; at += step)
		kho_sha256_add(&sha, data + at, bytes - at < step ? bytes - at : step);
	kho_sha256_text(&sha, text);
	assert_string_equal(text, sum);
}

static void test_examples(void **state)
{
	assert_sum("", 0, 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_sum("abc", 3, 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_sum("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56, 7,
		   "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

/* Around the block: the length has room in it, or has not. */
static void test_lengths(void **state)
{
	static const struct {
		size_t bytes;
		const char *sum;
	} of[] = {
		{ 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318" },
		{ 56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a" },
		{ 63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34" },
		{ 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb" },
		{ 65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0" },
		{ 119, "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb" },
		{ 120, "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c" },
		{ 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
	};
	char *as = malloc(1000000);

	assert_non_null(as);
	memset(as, 'a', 1000000);
	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++) {
		assert_sum(as, of[i].bytes, 1000000, of[i].sum);
		assert_sum(as, of[i].bytes, 63, of[i].sum);
	}
	free(as);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests_name("sha256", tests, NULL, NULL);
}
