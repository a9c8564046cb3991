// SPDX-License-Identifier: GPL-2.0-only
/* The walk through code, on functions assembled by hand. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#ifdef HAVE_CAPSTONE

#include "arch/arm64/arm64.h"
#include "arch/x86_64/x86_64.h"
#include "successor/vmcoreinfo/calls.h"

#define VA UINT64_C(0xffffffff81000000)
#define MAX_CALLS 8

struct calls {
	struct {
		uint64_t site, target;
		struct code_regs regs;
	} call[MAX_CALLS];
	size_t nr;
};

static bool note_call(void *data, enum code_flow how, uint64_t site, uint64_t target,
		      const struct code_regs *regs)
{
	struct calls *calls = data;
	size_t i = 0;

	if (how != CODE_CALL)
		return target == VA + 0x100;
	while (i < calls->nr && calls->call[i].site != site)
		i++;
	assert_true(i < MAX_CALLS);
	if (i < calls->nr) {
		code_join(&calls->call[i].regs, regs);
		return false;
	}
	calls->call[i].site = site;
	calls->call[i].target = target;
	calls->call[i].regs = *regs;
	calls->nr++;
	return false;
}

static int walk(const struct code_isa *isa, const void *code, size_t size, struct calls *calls)
{
	struct image_section section = { .name = ".text", .va = VA, .bytes = { code, size } };
	struct successor_image image = { .sections = &section, .nr_sections = 1 };

	memset(calls, 0, sizeof(*calls));
	return code_walk(isa, &image, VA,
			 &(struct code_visit){ .on_call = note_call, .data = calls });
}

static void assert_arg(const struct code_isa *isa, const struct calls *calls, size_t call,
		       unsigned int arg, uint64_t wanted)
{
	uint64_t value;

	assert_true(call < calls->nr);
	assert_true(code_get(&calls->call[call].regs, isa->arg[arg], &value));
	assert_true(value == wanted);
}

static void assert_no_arg(const struct code_isa *isa, const struct calls *calls, size_t call,
			  unsigned int arg)
{
	uint64_t value;

	assert_true(call < calls->nr);
	assert_false(code_get(&calls->call[call].regs, isa->arg[arg], &value));
}

#define WALK(isa, code, calls) assert_int_equal(walk(isa, code, sizeof(code), calls), 0)

static void test_x86_constants(void **state)
{
	static const uint8_t code[] = {
		0x48, 0xc7, 0xc7, 0, 0, 0, 0x80,		/* mov  $-0x80000000,%rdi */
		0xbe, 0xff, 0xff, 0xff, 0xff,			/* mov  $-1,%esi */
		0x48, 0x8d, 0x15, 0x10, 0, 0, 0,		/* lea  0x10(%rip),%rdx */
		0x31, 0xc9,					/* xor  %ecx,%ecx */
		0xe8, 0xe6, 0, 0, 0,				/* call VA + 0x100 */
		0xc3,
	};
	struct calls calls;

	WALK(&code_x86_64, code, &calls);
	assert_int_equal(calls.nr, 1);
	assert_true(calls.call[0].site == VA + 21 && calls.call[0].target == VA + 0x100);
	assert_arg(&code_x86_64, &calls, 0, 0, UINT64_C(0xffffffff80000000));
	assert_arg(&code_x86_64, &calls, 0, 1, UINT32_MAX);
	assert_arg(&code_x86_64, &calls, 0, 2, VA + 19 + 0x10);
	assert_arg(&code_x86_64, &calls, 0, 3, 0);
}

static void test_x86_call_clobbers(void **state)
{
	static const uint8_t code[] = {
		0x48, 0xc7, 0xc3, 9, 0, 0, 0,			/* mov  $9,%rbx */
		0xbe, 8, 0, 0, 0,				/* mov  $8,%esi */
		0xe8, 0, 0, 0, 0,				/* call the next */
		0x48, 0x89, 0xdf,				/* mov  %rbx,%rdi */
		0xe8, 0, 0, 0, 0,				/* call the next */
		0xcc,
	};
	struct calls calls;

	WALK(&code_x86_64, code, &calls);
	assert_int_equal(calls.nr, 2);
	assert_arg(&code_x86_64, &calls, 0, 1, 8);
	assert_arg(&code_x86_64, &calls, 1, 0, 9);
	assert_no_arg(&code_x86_64, &calls, 1, 1);
}

/* Two ways to the call: what differs is not known, what is the same is. */
static void test_x86_join(void **state)
{
	static const uint8_t code[] = {
		0xbe, 7, 0, 0, 0,				/* mov  $7,%esi */
		0x85, 0xc0,					/* test %eax,%eax */
		0x74, 0x0c,					/* je   1f */
		0xbf, 5, 0, 0, 0,				/* mov  $5,%edi */
		0xba, 1, 0, 0, 0,				/* mov  $1,%edx */
		0xeb, 0x0a,					/* jmp  2f */
		0xbf, 6, 0, 0, 0,				/* 1: mov $6,%edi */
		0xba, 1, 0, 0, 0,				/* mov  $1,%edx */
		0xe8, 0, 0, 0, 0,				/* 2: call */
		0xc3,
	};
	struct calls calls;

	WALK(&code_x86_64, code, &calls);
	assert_int_equal(calls.nr, 1);
	assert_no_arg(&code_x86_64, &calls, 0, 0);
	assert_arg(&code_x86_64, &calls, 0, 1, 7);
	assert_arg(&code_x86_64, &calls, 0, 2, 1);
}

/* The second time round the loop, the counter is another. */
static void test_x86_loop(void **state)
{
	static const uint8_t code[] = {
		0xbb, 1, 0, 0, 0,				/* mov  $1,%ebx */
		0x89, 0xde,					/* 1: mov %ebx,%esi */
		0xbf, 3, 0, 0, 0,				/* mov  $3,%edi */
		0xe8, 0, 0, 0, 0,				/* call */
		0xff, 0xc3,					/* inc  %ebx */
		0x83, 0xfb, 5,					/* cmp  $5,%ebx */
		0x75, 0xed,					/* jne  1b */
		0xc3,
	};
	struct calls calls;

	WALK(&code_x86_64, code, &calls);
	assert_int_equal(calls.nr, 1);
	assert_arg(&code_x86_64, &calls, 0, 0, 3);
	assert_no_arg(&code_x86_64, &calls, 0, 1);
}

static void test_x86_memory_is_not_known(void **state)
{
	static const uint8_t code[] = {
		0xbf, 5, 0, 0, 0,				/* mov  $5,%edi */
		0x48, 0x8b, 0x3d, 0, 0, 0, 0,			/* mov  0(%rip),%rdi */
		0x40, 0xb6, 1,					/* mov  $1,%sil */
		0xe8, 0, 0, 0, 0,				/* call */
		0xc3,
	};
	struct calls calls;

	WALK(&code_x86_64, code, &calls);
	assert_no_arg(&code_x86_64, &calls, 0, 0);
	assert_no_arg(&code_x86_64, &calls, 0, 1);
}

/* A jump to itself, code that ends in the middle of nothing, an address without code. */
static void test_it_ends(void **state)
{
	static const uint8_t forever[] = { 0xeb, 0xfe }, cut[] = { 0x48, 0xc7 };
	struct image_section section = { .name = ".text", .va = VA, .bytes = { cut, 2 } };
	struct successor_image image = { .sections = &section, .nr_sections = 1 };
	struct calls calls;
	const struct code_visit visit = { .on_call = note_call, .data = &calls };

	WALK(&code_x86_64, forever, &calls);
	assert_int_equal(calls.nr, 0);
	assert_int_equal(walk(&code_x86_64, cut, sizeof(cut), &calls), -ENOENT);
	assert_int_equal(code_walk(&code_x86_64, &image, VA + 2, &visit), -ENOENT);
}

static void test_too_large(void **state)
{
	static uint8_t nops[CODE_MAX_STEPS + 1];
	struct calls calls;

	memset(nops, 0x90, sizeof(nops));
	assert_int_equal(walk(&code_x86_64, nops, sizeof(nops), &calls), -E2BIG);
	assert_int_equal(walk(&code_x86_64, nops, sizeof(nops) - 2, &calls), 0);
}

static void test_arm64_constants(void **state)
{
	static const uint32_t code[] = {
		0x92800000,	/* mov  x0, #-1 */
		0xf2b00000,	/* movk x0, #0x8000, lsl #16 */
		0x12800001,	/* mov  w1, #-1 */
		0x90000002,	/* adrp x2, . */
		0x91010042,	/* add  x2, x2, #0x40 */
		0xaa0003e3,	/* mov  x3, x0 */
		0xd1000463,	/* sub  x3, x3, #1 */
		0x9400003e,	/* bl   */
		0xd65f03c0,	/* ret */
	};
	struct calls calls;

	WALK(&code_arm64, code, &calls);
	assert_int_equal(calls.nr, 1);
	assert_arg(&code_arm64, &calls, 0, 0, UINT64_C(0xffffffff8000ffff));
	assert_arg(&code_arm64, &calls, 0, 1, UINT32_MAX);
	assert_arg(&code_arm64, &calls, 0, 2, VA + 0x40);
	assert_arg(&code_arm64, &calls, 0, 3, UINT64_C(0xffffffff8000fffe));
}

static void test_arm64_select_is_not_known(void **state)
{
	static const uint32_t code[] = {
		0xd2800541,	/* mov  x1, #42 */
		0xd2800542,	/* mov  x2, #42 */
		0x9a820020,	/* csel x0, x1, x2, eq */
		0x9400003e,	/* bl   */
		0xd65f03c0,	/* ret */
	};
	struct calls calls;

	WALK(&code_arm64, code, &calls);
	assert_no_arg(&code_arm64, &calls, 0, 0);
	assert_arg(&code_arm64, &calls, 0, 1, 42);
}

/* A constant that is kept on the stack over a call. */
static void test_arm64_stack(void **state)
{
	static const uint32_t code[] = {
		0xa9be7bfd,	/* stp  x29, x30, [sp, #-32]! */
		0xd2800549,	/* mov  x9, #42 */
		0xf9000be9,	/* str  x9, [sp, #16] */
		0x94000040,	/* bl   */
		0xf9400be0,	/* ldr  x0, [sp, #16] */
		0x9400003e,	/* bl   */
		0xa8c27bfd,	/* ldp  x29, x30, [sp], #32 */
		0xd65f03c0,	/* ret */
	};
	struct calls calls;

	WALK(&code_arm64, code, &calls);
	assert_int_equal(calls.nr, 2);
	assert_arg(&code_arm64, &calls, 1, 0, 42);
}

/* What happens to the word after the store: each makes it unknown. */
static void test_arm64_stack_is_written_otherwise(void **state)
{
	static const uint32_t between[] = {
		0x910043e1,	/* add  x1, sp, #16: the callee may write there */
		0xb90013e9,	/* str  w9, [sp, #16] */
		0xa9017bfd,	/* stp  x29, x30, [sp, #16] */
		0xd10043ff,	/* sub  sp, sp, #16 */
	};

	for (size_t i = 0; i < sizeof(between) / sizeof(between[0]); i++) {
		const uint32_t code[] = {
			0xa9be7bfd,	/* stp  x29, x30, [sp, #-32]! */
			0xd2800549,	/* mov  x9, #42 */
			0xf9000be9,	/* str  x9, [sp, #16] */
			between[i],
			0xf9400be0,	/* ldr  x0, [sp, #16] */
			0x9400003e,	/* bl   */
			0xd65f03c0,	/* ret */
		};
		struct calls calls;

		WALK(&code_arm64, code, &calls);
		assert_no_arg(&code_arm64, &calls, 0, 0);
	}
}

/* A short forward b may be patched into a nop at boot: both ways are taken. */
static void test_arm64_static_branch(void **state)
{
	static const uint32_t code[] = {
		0xd2800540,	/* mov  x0, #42 */
		0x14000002,	/* b    1f */
		0xd28000a0,	/* mov  x0, #5 */
		0x9400003e,	/* 1: bl */
		0xd65f03c0,	/* ret */
	};
	struct calls calls;

	WALK(&code_arm64, code, &calls);
	assert_int_equal(calls.nr, 1);
	assert_no_arg(&code_arm64, &calls, 0, 0);
}

/*
 * arch/x86/kernel/vmcore_info_64.c prints sme_mask, arch/arm64/kernel/vmcore_info.c the PAC
 * mask: constants in the code of a kernel where the feature is off, until the boot patches it.
 */
static void test_what_the_boot_decides(void **state)
{
	static const struct {
		const struct kho_arch *arch;
		const char *format, *line;
	} cases[] = {
		{ &kho_arch_x86_64, "NUMBER(sme_mask)=%ld\n", "NUMBER(sme_mask)=0?\n" },
		{ &kho_arch_x86_64, "SIZE(page)=%lu\n", "SIZE(page)=0\n" },
		{ &kho_arch_arm64, "NUMBER(KERNELPACMASK)=0x%lx\n",
		  "NUMBER(KERNELPACMASK)=0x0?\n" },
		{ &kho_arch_arm64, "NUMBER(VA_BITS)=%ld\n", "NUMBER(VA_BITS)=0\n" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct image_section section = {
			.name = ".rodata", .va = VA,
			.bytes = { (const uint8_t *)cases[i].format, strlen(cases[i].format) + 1 },
		};
		struct successor_image image = { .sections = &section, .nr_sections = 1 };
		struct vmcoreinfo_call call = { .site = VA };
		struct vmcoreinfo_calls calls = { &call, 1, true };
		struct kho_buffer text = { 0 };
		bool whole;

		code_set(&call.regs, cases[i].arch->isa->arg[0], VA);
		code_set(&call.regs, cases[i].arch->isa->arg[1], 0);
		assert_int_equal(vmcoreinfo_print(cases[i].arch, &image, &calls, &text, &whole), 0);
		assert_int_equal(text.size, strlen(cases[i].line));
		assert_memory_equal(text.data, cases[i].line, text.size);
		kho_buffer_deinit(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_x86_constants),
		cmocka_unit_test(test_x86_call_clobbers),
		cmocka_unit_test(test_x86_join),
		cmocka_unit_test(test_x86_loop),
		cmocka_unit_test(test_x86_memory_is_not_known),
		cmocka_unit_test(test_it_ends),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_arm64_constants),
		cmocka_unit_test(test_arm64_select_is_not_known),
		cmocka_unit_test(test_arm64_stack),
		cmocka_unit_test(test_arm64_stack_is_written_otherwise),
		cmocka_unit_test(test_arm64_static_branch),
		cmocka_unit_test(test_what_the_boot_decides),
	};

	return cmocka_run_group_tests_name("code", tests, NULL, NULL);
}

#else

static void test_nothing(void **state)
{
	print_message("# skipped: built without capstone\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_nothing) };

	return cmocka_run_group_tests_name("code", tests, NULL, NULL);
}

#endif
