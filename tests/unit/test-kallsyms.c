// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <string.h>

#include "mkimage.h"
#include "successor/facts/kallsyms.h"
#include "unit.h"

/* Tables as scripts/kallsyms.c makes them: token 1 is "kho_", token 2 "memory". */
struct tables {
	struct mk names, table, index;
	uint32_t nr;
};

static void add_name(struct tables *t, const char *name)
{
	size_t len = strlen(name);

	if (len > 127) {
		mk_put_le(&t->names, t->names.size, 0x80 | (len & 0x7f), 1);
		mk_put_le(&t->names, t->names.size, len >> 7, 1);
	} else {
		mk_put_le(&t->names, t->names.size, len, 1);
	}
	mk_put(&t->names, t->names.size, name, len);
	t->nr++;
}

static struct tables make_tables(void)
{
	struct tables t = { .nr = 0 };
	char long_name[201];

	for (unsigned int i = 0; i < KALLSYMS_TOKENS; i++) {
		char one[2] = { i > 0x20 && i < 0x7f ? i : '?', 0 };
		const char *token = i == 1 ? "kho_" : i == 2 ? "memory" : one;

		mk_put_le(&t.index, t.index.size, t.table.size, 2);
		mk_put(&t.table, t.table.size, token, strlen(token) + 1);
	}
	memset(long_name, 'x', 200);
	long_name[0] = 'T';
	long_name[200] = '\0';
	add_name(&t, "Tstart_kernel");
	add_name(&t, "t\1\2_init.isra.0");
	add_name(&t, "d\1\2_data");
	add_name(&t, long_name);
	add_name(&t, "Wlast");
	return t;
}

static struct kallsyms_tables view(const struct tables *t)
{
	return (struct kallsyms_tables){
		.nr_symbols = t->nr,
		.names = { t->names.data, t->names.size },
		.token_table = { t->table.data, t->table.size },
		.token_index = { t->index.data, t->index.size },
	};
}

static void free_tables(struct tables *t)
{
	mk_free(&t->names);
	mk_free(&t->table);
	mk_free(&t->index);
}

static void test_functions(void **state)
{
	struct tables t = make_tables();
	struct kallsyms_tables tables = view(&t);
	struct kallsyms k;
	char name[200];

	assert_int_equal(kallsyms_init(&k, &tables), 0);
	assert_true(kallsyms_has_function(&k, "start_kernel"));
	assert_true(kallsyms_has_function(&k, "kho_memory_init"));
	assert_true(kallsyms_has_function(&k, "last"));
	memset(name, 'x', 199);
	name[199] = '\0';
	assert_true(kallsyms_has_function(&k, name));
	name[198] = '\0';
	assert_false(kallsyms_has_function(&k, name));
	assert_false(kallsyms_has_function(&k, "kho_memory_ini"));
	assert_false(kallsyms_has_function(&k, "kho_memory_data"));
	assert_false(kallsyms_has_function(&k, ""));
	free_tables(&t);
}

/*
 * Up to 7.0 an offset counts from one place for all, from 7.1 on from where it stands; _text is not
 * the first symbol (seen in Debian's 7.2).
 */
static void test_variables(void **state)
{
	static const uint32_t plain[] = { 0, 0x10, 0x1000, 0x2000, 0x2008 };
	static const int32_t relative[] = { -64, 0x10 - 4 - 64, 0x1000 - 8 - 64, 0x2000 - 12 - 64,
					    0x2008 - 16 - 64 };
	struct tables t = { .nr = 0 };
	struct kallsyms_tables tables;
	struct kallsyms k;
	int64_t offset;

	t = make_tables();
	mk_free(&t.names);
	t.names = (struct mk){ 0 };
	t.nr = 0;
	add_name(&t, "Tstart");
	add_name(&t, "T_text");
	add_name(&t, "d\1\2.7");
	add_name(&t, "d\1\2");
	add_name(&t, "tlog_buf_len");
	tables = view(&t);
	assert_int_equal(kallsyms_init(&k, &tables), 0);
	assert_int_equal(kallsyms_variable(&k, "kho_memory", &offset), -ENOENT);
	tables.offsets = (struct kho_bytes){ (const uint8_t *)plain, sizeof(plain) };
	assert_int_equal(kallsyms_init(&k, &tables), 0);
	assert_int_equal(kallsyms_variable(&k, "kho_memory", &offset), 0);
	assert_int_equal(offset, 0x2000 - 0x10);
	tables.offsets = (struct kho_bytes){ (const uint8_t *)relative, sizeof(relative) };
	tables.pc_relative = true;
	assert_int_equal(kallsyms_init(&k, &tables), 0);
	assert_int_equal(kallsyms_variable(&k, "kho_memory", &offset), 0);
	assert_int_equal(offset, 0x2000 - 0x10);
	assert_int_equal(kallsyms_variable(&k, "log_buf_len", &offset), 0);
	assert_int_equal(offset, 0x2008 - 0x10);
	assert_int_equal(kallsyms_variable(&k, "log_buf", &offset), -ENOENT);
	k.offsets.size -= 1;
	assert_int_equal(kallsyms_variable(&k, "log_buf_len", &offset), -ENOENT);
	free_tables(&t);
}

/* The names may be followed by anything, but not be followed too far. */
static void test_only_so_many_names(void **state)
{
	struct tables t = make_tables();
	struct kallsyms_tables tables = view(&t);
	struct kallsyms k;

	tables.nr_symbols = 4;
	assert_int_equal(kallsyms_init(&k, &tables), 0);
	assert_true(kallsyms_has_function(&k, "start_kernel"));
	assert_false(kallsyms_has_function(&k, "last"));
	tables.nr_symbols = 6;
	assert_int_equal(kallsyms_init(&k, &tables), -EINVAL);
	tables.nr_symbols = 0;
	assert_int_equal(kallsyms_init(&k, &tables), -EINVAL);
	tables.nr_symbols = KALLSYMS_MAX_SYMBOLS + 1;
	assert_int_equal(kallsyms_init(&k, &tables), -EINVAL);
	free_tables(&t);
}

static void test_tables_that_do_not_fit(void **state)
{
	struct tables t = make_tables();
	struct kallsyms_tables tables = view(&t);
	struct kallsyms k;

	t.index.data[2 * 200]++;
	assert_int_equal(kallsyms_init(&k, &tables), -EINVAL);
	t.index.data[2 * 200]--;
	t.table.data[5] = 1;
	assert_int_equal(kallsyms_init(&k, &tables), -EINVAL);
	t.table.data[5] = 'k';
	assert_int_equal(kallsyms_init(&k, &tables), 0);
	tables.token_table.size--;
	assert_int_equal(kallsyms_init(&k, &tables), -EINVAL);
	tables.token_table.size++;
	tables.token_index.size--;
	assert_int_equal(kallsyms_init(&k, &tables), -EINVAL);
	tables.token_index.size++;
	t.names.data[1] = '3';		/* no letter of a type */
	assert_int_equal(kallsyms_init(&k, &tables), -EINVAL);
	free_tables(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_functions),
		cmocka_unit_test(test_variables),
		cmocka_unit_test(test_only_so_many_names),
		cmocka_unit_test(test_tables_that_do_not_fit),
	};

	return cmocka_run_group_tests_name("kallsyms", tests, NULL, NULL);
}
