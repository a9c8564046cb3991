/* SPDX-License-Identifier: GPL-2.0-only */
/* A vmlinux, reading it, and what is expected of it; for one test program. */
#ifndef TESTS_UNIT_IMAGE_FIXTURE_H
#define TESTS_UNIT_IMAGE_FIXTURE_H

#include <string.h>
#include <unistd.h>

#include "mkimage.h"
#include "successor/successor.h"
#include "unit.h"

#define BASE UINT64_C(0xffffffff81000000)

static const char banner[] = "\0Linux version 7.0.1-test (nobody@nowhere) #1\n\0";
static const char kho_rodata[] = "\0kho_scratch\0Linux version 7.0.1-test (nobody) #1\n";

/* The banner, a per-CPU area, code that holds the same bytes as a boot parameter. */
static inline struct mk vmlinux(uint16_t machine)
{
	const struct mk_section sections[] = {
		{ ".text", BASE, MK_EXEC, "\0kho_scratch", 13 },
		{ ".rodata", BASE + 0x1000, 0, banner, sizeof(banner) },
		{ ".data..percpu", 0, MK_WRITE, "12345678", 8 },
		{ ".bss", BASE + 0x3000, MK_WRITE | MK_NOBITS, NULL, 0x5000 },
		{ ".brk", BASE + 0x8000, MK_WRITE | MK_NOBITS, NULL, 0x30000 },
		{ ".init.scratch", BASE + 0x200000, MK_WRITE | MK_NOBITS, NULL, 0x400000 },
	};

	return mk_elf(machine, 0xa00000, sections, 6);
}

static inline int read_mk(const struct mk *mk, struct successor *s, struct kho_err *err)
{
	int fd = mk_fd(mk), ret;

	assert_int_equal(lseek(fd, 3, SEEK_SET), 3);
	ret = successor_read_fd(fd, s, err);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 3);
	close(fd);
	return ret;
}

static inline void assert_reads(const struct mk *mk, struct successor *s)
{
	struct kho_err err = { "" };

	if (read_mk(mk, s, &err))
		fail_msg("%s", err.text);
}

static inline void assert_fails(const struct mk *mk, int code, const char *message)
{
	struct kho_err err = { "" };
	struct successor s;

	assert_int_equal(read_mk(mk, &s, &err), -code);
	assert_string_equal(err.text, message);
	assert_null(s.image);
}

static inline void assert_fact(const struct successor *s, enum kho_fact_id id, uint64_t value,
			enum kho_source source)
{
	enum kho_source by;
	uint64_t is;

	assert_int_equal(kho_fact_get(&s->fact[id], &is, &by), KHO_FACT_KNOWN);
	assert_int_equal(is, value);
	assert_int_equal(by, source);
}

static inline bool has_note(const struct successor *s, const char *part)
{
	for (size_t i = 0; i < s->nr_notes; i++)
		if (strstr(s->notes[i], part))
			return true;
	return false;
}

static inline void assert_unknown(const struct successor *s, enum kho_fact_id id)
{
	assert_int_equal(kho_fact_get(&s->fact[id], NULL, NULL), KHO_FACT_UNKNOWN);
}

#endif
