// SPDX-License-Identifier: GPL-2.0-only
/* What the formats' own tools pack, as the kernel's build calls them. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "mkimage.h"
#include "base/unpack/unpack.h"
#include "unit.h"

#define TEXT_BYTES (9 << 20)	/* more than a block of legacy LZ4 */
#define ROOMY (UINT64_C(64) << 20)

struct packer {
	const char *format;
	const char *command;	/* as scripts/Makefile.lib in the kernel has it, but faster */
	struct mk packed;
};

static struct mk text;

static struct packer packers[] = {
	{ "gzip", "gzip -n -f -1", { NULL, 0 } },
	{ "bzip2", "bzip2 -1", { NULL, 0 } },
	{ "lzma", "xz --format=lzma -0", { NULL, 0 } },
	{ "xz", "xz --check=crc32 --x86 --lzma2=preset=0", { NULL, 0 } },
	{ "xz", "xz --check=crc32 --arm --lzma2=preset=0", { NULL, 0 } },
	{ "lzo", "lzop -1", { NULL, 0 } },
	{ "lz4", "lz4 -l -1 - -", { NULL, 0 } },
	{ "zstd", "zstd -1", { NULL, 0 } },
};

/* Numbers as text pack well, but not into nothing. */
static int set_up(void **state)
{
	uint32_t x = 1;

	mk_put_le(&text, TEXT_BYTES - 1, 0, 1);
	for (size_t i = 0; i < TEXT_BYTES; i++) {
		x = x * 1664525 + 1013904223;
		text.data[i] = x >> 29 ? 'a' + i % 16 : '0' + (x >> 28);
	}
	for (size_t i = 0; i < sizeof(packers) / sizeof(packers[0]); i++)
		packers[i].packed = mk_filter(&text, packers[i].command);
	return 0;
}

static int tear_down(void **state)
{
	for (size_t i = 0; i < sizeof(packers) / sizeof(packers[0]); i++)
		mk_free(&packers[i].packed);
	mk_free(&text);
	return 0;
}

static struct kho_bytes bytes_of(const struct mk *mk)
{
	return (struct kho_bytes){ mk->data, mk->size };
}

/* In a build without the library: it says so, and which switch brings it. */
static void assert_not_built_in(const struct unpack_format *format, struct kho_bytes packed)
{
	struct kho_buffer out = { 0 };
	struct kho_err err = { "" };

	assert_int_equal(unpack(format, packed, 0, ROOMY, &out, &err), -ENOTSUP);
	assert_non_null(strstr(err.text, format->library));
	assert_non_null(strstr(err.text, format->configure));
}

/* NULL: nothing to test, as the tool or, in this build, the library is missing. */
static const struct unpack_format *format_of(const struct packer *packer)
{
	const struct unpack_format *format;

	if (!packer->packed.size) {
		print_message("# skipped: cannot run %s\n", packer->command);
		return NULL;
	}
	format = unpack_by_magic(bytes_of(&packer->packed));
	assert_non_null(format);
	assert_string_equal(format->name, packer->format);
	if (format->decode)
		return format;
	assert_not_built_in(format, bytes_of(&packer->packed));
	return NULL;
}

/* With a right size, none, and one from the header that is too large. */
static void test_whole(void **state)
{
	const struct packer *packer = *state;
	const struct unpack_format *format = format_of(packer);
	struct kho_bytes packed = bytes_of(&packer->packed);
	uint64_t expected[] = { text.size, 0, UINT32_MAX };

	if (!format)
		return;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		struct kho_buffer out = { 0 };
		struct kho_err err = { "" };

		assert_int_equal(unpack(format, packed, expected[i], ROOMY, &out, &err), 0);
		assert_int_equal(out.size, text.size);
		assert_memory_equal(out.data, text.data, text.size);
		kho_buffer_deinit(&out);
	}
}

static void test_limit(void **state)
{
	const struct packer *packer = *state;
	const struct unpack_format *format = format_of(packer);
	struct kho_bytes packed = bytes_of(&packer->packed);
	struct kho_buffer out = { 0 };
	struct kho_err err = { "" };

	if (!format)
		return;
	assert_int_equal(unpack(format, packed, text.size, UINT64_C(7) << 20, &out, &err),
			 -EFBIG);
	assert_non_null(strstr(err.text, "more than the limit of 7 MiB"));
	assert_null(out.data);
}

/* One byte more than the header says. */
static void test_more_than_it_says(void **state)
{
	const struct packer *packer = *state;
	const struct unpack_format *format = format_of(packer);
	struct kho_bytes packed = bytes_of(&packer->packed);
	struct kho_buffer out = { 0 };
	struct kho_err err = { "" };

	if (!format)
		return;
	assert_int_equal(unpack(format, packed, text.size - 1, ROOMY, &out, &err), -EINVAL);
	assert_non_null(strstr(err.text, "bytes that the image says"));
	assert_null(out.data);
}

/* Cut in the middle.  Legacy LZ4 has no end mark: cut inside a block. */
static void test_cut(void **state)
{
	const struct packer *packer = *state;
	const struct unpack_format *format = format_of(packer);
	struct kho_bytes packed = bytes_of(&packer->packed);
	struct kho_buffer out = { 0 };
	struct kho_err err = { "" };

	if (!format)
		return;
	packed.size = packed.size / 2 + 1;
	assert_int_equal(unpack(format, packed, text.size, ROOMY, &out, &err), -EINVAL);
	assert_non_null(strstr(err.text, "damaged or cut short"));
	assert_null(out.data);
}

/* As pigz, pzstd, xz -T and bgzip make them: streams one behind the other. */
static const struct {
	const char *format, *between;
	size_t between_bytes;
} framed[] = {
	{ "gzip", "", 0 }, { "bzip2", "", 0 }, { "xz", "", 0 }, { "xz", "\0\0\0\0\0\0\0", 8 },
	{ "zstd", "", 0 }, { "zstd", "\x50\x2a\x4d\x18\3\0\0\0abc", 11 },
};

static const struct packer *packer_of(const char *format)
{
	for (size_t i = 0; i < sizeof(packers) / sizeof(packers[0]); i++)
		if (!strcmp(packers[i].format, format) && packers[i].packed.size)
			return &packers[i];
	return NULL;
}

static void test_frames(void **state)
{
	for (size_t i = 0; i < sizeof(framed) / sizeof(framed[0]); i++) {
		const struct packer *packer = packer_of(framed[i].format);
		const struct unpack_format *format = packer ? format_of(packer) : NULL;
		struct kho_buffer out = { 0 };
		struct kho_err err = { "" };
		struct mk two = { 0 };
		size_t half;

		if (!format)
			continue;
		mk_put(&two, 0, packer->packed.data, packer->packed.size);
		mk_put(&two, two.size, framed[i].between, framed[i].between_bytes);
		half = two.size;
		mk_put(&two, two.size, packer->packed.data, packer->packed.size);
		/* A size behind the last stream, as the kernel's build puts it there. */
		mk_put_le(&two, two.size, 2 * text.size, 4);
		if (unpack(format, bytes_of(&two), 2 * text.size, ROOMY, &out, &err))
			fail_msg("%s", err.text);
		assert_int_equal(out.size, 2 * text.size);
		assert_memory_equal(out.data, text.data, text.size);
		assert_memory_equal(out.data + text.size, text.data, text.size);
		kho_buffer_deinit(&out);
		two.size = half + packer->packed.size / 2;
		assert_int_equal(unpack(format, bytes_of(&two), 0, ROOMY, &out, &err), -EINVAL);
		two.size = half + packer->packed.size;
		assert_int_equal(unpack(format, bytes_of(&two), 0, 10 << 20, &out, &err), -EFBIG);
		mk_free(&two);
	}
}

static void test_too_many_frames(void **state)
{
	struct mk nothing = { (uint8_t *)"", 0 }, one = mk_filter(&nothing, "gzip -n"), many = { 0 };
	const struct unpack_format *format = unpack_by_magic(bytes_of(&one));
	struct kho_buffer out = { 0 };
	struct kho_err err = { "" };

	mk_put_le(&many, 65537 * one.size - 1, 0, 1);
	for (size_t i = 0; i < 65537; i++)
		memcpy(many.data + i * one.size, one.data, one.size);
	assert_int_equal(unpack(format, bytes_of(&many), 0, ROOMY, &out, &err), -EINVAL);
	assert_string_equal(err.text, "gzip payload: more than 65536 frames");
	many.size -= one.size;
	assert_int_equal(unpack(format, bytes_of(&many), 0, ROOMY, &out, &err), 0);
	assert_int_equal(out.size, 0);
	kho_buffer_deinit(&out);
	mk_free(&many);
	mk_free(&one);
}

static void test_unknown_magic(void **state)
{
	assert_null(unpack_by_magic((struct kho_bytes){ (const uint8_t *)"\x1f\x8b", 2 }));
	assert_null(unpack_by_magic((struct kho_bytes){ (const uint8_t *)"MZ\0\0", 4 }));
}

#define NR_PACKERS (sizeof(packers) / sizeof(packers[0]))

int main(void)
{
	struct CMUnitTest tests[4 * NR_PACKERS + 3] = {
		cmocka_unit_test(test_unknown_magic), cmocka_unit_test(test_frames),
		cmocka_unit_test(test_too_many_frames),
	};
	static char names[4 * NR_PACKERS][40];
	size_t n = 3;

	for (size_t i = 0; i < NR_PACKERS; i++) {
		const struct CMUnitTest four[] = {
			cmocka_unit_test_prestate(test_whole, &packers[i]),
			cmocka_unit_test_prestate(test_limit, &packers[i]),
			cmocka_unit_test_prestate(test_more_than_it_says, &packers[i]),
			cmocka_unit_test_prestate(test_cut, &packers[i]),
		};

		for (size_t j = 0; j < 4; j++, n++) {
			tests[n] = four[j];
			snprintf(names[n - 3], sizeof(names[0]), "%s %zu: %s", packers[i].format, i,
				 four[j].name);
			tests[n].name = names[n - 3];
		}
	}
	return cmocka_run_group_tests_name("unpack", tests, set_up, tear_down);
}
