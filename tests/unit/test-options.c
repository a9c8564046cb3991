// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <string.h>

#include "kho-options.h"
#include "unit.h"

/* Parse a NULL-terminated list of words; returns what kho_options_parse() does. */
static int parse(struct kho_options *o, struct kho_err *err, const char *env, ...)
{
	static char *argv[16];
	int argc = 1;
	va_list ap;

	argv[0] = (char *)"kexec";
	va_start(ap, env);
	while ((argv[argc] = va_arg(ap, char *)))
		argc++;
	va_end(ap);
	return kho_options_parse(argc, argv, env, o, err);
}

#define PARSE(...) parse(&o, &err, __VA_ARGS__, NULL)

static void assert_loader_words(const struct kho_options *o, const char *words)
{
	char joined[256] = "";

	for (int i = 1; i < o->loader_argc; i++) {
		strcat(joined, i > 1 ? " " : "");
		strcat(joined, o->loader_argv[i]);
	}
	assert_string_equal(joined, words);
	assert_null(o->loader_argv[o->loader_argc]);
}

static void test_nothing_of_ours(void **state)
{
	struct kho_options o;
	struct kho_err err;

	assert_int_equal(PARSE(NULL, "-l", "/boot/vmlinuz", "--append=kho"), 0);
	assert_int_equal(o.mode, KHO_MODE_OFF);
	assert_loader_words(&o, "-l /boot/vmlinuz --append=kho");
	kho_options_deinit(&o);
}

static void test_ours_are_taken_out_wherever_they_stand(void **state)
{
	struct kho_options o;
	struct kho_err err;

	assert_int_equal(PARSE(NULL, "-l", "--kho-strict=warn", "image", "--kho-machine", "/m",
			       "--initrd=i", "--kho-vmcoreinfo=v"), 0);
	assert_int_equal(o.mode, KHO_MODE_STRICT_WARN);
	assert_string_equal(o.machine, "/m");
	assert_string_equal(o.vmcoreinfo, "v");
	assert_loader_words(&o, "-l image --initrd=i");
	kho_options_deinit(&o);
}

static void test_behind_two_dashes_all_is_the_loaders(void **state)
{
	struct kho_options o;
	struct kho_err err;

	assert_int_equal(PARSE(NULL, "--kho-check", "--", "--kho-strict"), 0);
	assert_int_equal(o.mode, KHO_MODE_CHECK);
	assert_loader_words(&o, "--kho-strict");
	kho_options_deinit(&o);
	assert_int_equal(PARSE(NULL, "--kho-check", "-l", "--", "-image"), 0);
	assert_loader_words(&o, "-l -- -image");
	kho_options_deinit(&o);
	assert_int_equal(PARSE(NULL, "--kho-check", "--"), 0);
	assert_loader_words(&o, "");
	kho_options_deinit(&o);
}

static void test_the_environment_stands_for_an_option(void **state)
{
	struct kho_options o;
	struct kho_err err;

	assert_int_equal(PARSE("strict", "-l", "image"), 0);
	assert_int_equal(o.mode, KHO_MODE_STRICT);
	kho_options_deinit(&o);
	assert_int_equal(PARSE("strict", "--kho-check", "-l", "image"), 0);
	assert_int_equal(o.mode, KHO_MODE_CHECK);
	kho_options_deinit(&o);
	assert_int_equal(PARSE("", "-l", "image"), 0);
	assert_int_equal(o.mode, KHO_MODE_OFF);
	kho_options_deinit(&o);
	assert_int_equal(PARSE("srict", "-l", "image"), -EINVAL);
}

static void test_vmcoreinfo_takes_its_image_as_a_word(void **state)
{
	struct kho_options o;
	struct kho_err err;

	assert_int_equal(PARSE(NULL, "--kho-report=vmcoreinfo", "vmlinuz"), 0);
	assert_int_equal(o.format, KHO_FORMAT_VMCOREINFO);
	assert_string_equal(o.image, "vmlinuz");
	assert_loader_words(&o, "");
	kho_options_deinit(&o);
	assert_int_equal(PARSE(NULL, "--kho-report=vmcoreinfo"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-report=vmcoreinfo", "-l", "vmlinuz"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-report=vmcoreinfo", "-l"), -EINVAL);
}

static void test_headroom_is_a_percentage(void **state)
{
	struct kho_options o;
	struct kho_err err;

	assert_int_equal(PARSE(NULL, "--kho-check", "-l", "i"), 0);
	assert_int_equal(o.headroom_percent, 10);
	kho_options_deinit(&o);
	assert_int_equal(PARSE(NULL, "--kho-check", "--kho-headroom=0", "-l", "i"), 0);
	assert_int_equal(o.headroom_percent, 0);
	kho_options_deinit(&o);
	assert_int_equal(PARSE(NULL, "--kho-check", "--kho-headroom=101", "-l", "i"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-check", "--kho-headroom=-1", "-l", "i"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-check", "--kho-headroom=5%", "-l", "i"), -EINVAL);
}

static void test_a_report_without_an_image(void **state)
{
	struct kho_options o;
	struct kho_err err;

	assert_int_equal(PARSE(NULL, "--kho-report"), 0);
	assert_int_equal(o.mode, KHO_MODE_REPORT);
	assert_null(o.image);
	assert_int_equal(o.loader_argc, 1);
	kho_options_deinit(&o);
}

static void test_findings_are_accepted_by_name(void **state)
{
	struct kho_options o;
	struct kho_err err;

	assert_int_equal(PARSE(NULL, "--kho-strict", "--kho-ignore=chain,abi-mismatch",
			       "--kho-ignore", "luo-off", "-l", "i"), 0);
	for (enum kho_finding_id id = 0; id < KHO_F_NR; id++)
		assert_int_equal(o.ignore[id], id == KHO_F_CHAIN || id == KHO_F_ABI_MISMATCH ||
					       id == KHO_F_LUO_OFF);
	assert_loader_words(&o, "-l i");
	kho_options_deinit(&o);
	assert_int_equal(PARSE(NULL, "--kho-strict", "--kho-ignore=abi,chain", "-l", "i"), -EINVAL);
	assert_string_equal(err.text, "--kho-ignore=abi: no such finding; the table in "
			    "kexec-kho(8) has them all");
	assert_int_equal(PARSE(NULL, "--kho-strict", "--kho-ignore=chain,", "-l", "i"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-strict", "--kho-ignore=", "-l", "i"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-ignore=chain", "-l", "i"), -EINVAL);
}

static void test_what_does_not_go(void **state)
{
	struct kho_options o;
	struct kho_err err;

	assert_int_equal(PARSE(NULL, "--kho-chekc"), -EINVAL);
	assert_string_equal(err.text, "unknown option '--kho-chekc'; see kexec --kho-help");
	assert_int_equal(PARSE(NULL, "--kho-check=yes", "i"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-strict=fail", "i"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-report=xml", "i"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-report", "--kho-machine"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-report", "--kho-machine=", "i"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-machine=/m", "-l", "i"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-check", "--kho-strict", "-l", "i"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-check", "--kho-image=i"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-report", "--kho-image=i", "-l"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-report", "--kho-append=a", "i"), -EINVAL);
}

static void test_a_fleet(void **state)
{
	struct kho_options o;
	struct kho_err err;

	assert_int_equal(PARSE(NULL, "--kho-report", "--kho-fleet=f", "--kho-image=i"), 0);
	assert_string_equal(o.fleet, "f");
	assert_int_equal(o.jobs, 0);
	kho_options_deinit(&o);
	assert_int_equal(PARSE(NULL, "--kho-report=json", "--kho-fleet", "-", "--kho-image=i",
			       "-j", "3"), 0);
	assert_string_equal(o.fleet, "-");
	assert_int_equal(o.jobs, 3);
	assert_loader_words(&o, "");
	kho_options_deinit(&o);
	assert_int_equal(PARSE(NULL, "-j12", "--kho-report", "--kho-fleet=f", "--kho-image=i"), 0);
	assert_int_equal(o.jobs, 12);
	kho_options_deinit(&o);
	assert_int_equal(PARSE(NULL, "--kho-report", "--kho-fleet=f", "--kho-image=i",
			       "--kho-jobs=1025"), -EINVAL);
	assert_string_equal(err.text, "--kho-jobs=1025: not a number from 1 to 1024; see kexec "
			    "--kho-help");
	assert_int_equal(PARSE(NULL, "--kho-report=prometheus", "--kho-fleet=f", "--kho-image=i"),
			 -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-check", "--kho-fleet=f", "image"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-report", "--kho-jobs=2", "image"), -EINVAL);
	/* Without a fleet -j is the loader's. */
	assert_int_equal(PARSE(NULL, "--kho-check", "-j", "3"), 0);
	assert_loader_words(&o, "-j 3");
	kho_options_deinit(&o);
}

static void test_a_snapshot(void **state)
{
	struct kho_options o;
	struct kho_err err;

	assert_int_equal(PARSE("strict", "--kho-save-machine", "-", "--kho-machine=/m"), 0);
	assert_int_equal(o.mode, KHO_MODE_SAVE_MACHINE);
	assert_string_equal(o.save_machine, "-");
	kho_options_deinit(&o);
	assert_int_equal(PARSE(NULL, "--kho-save-machine=x", "--kho-check"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-save-machine=x", "--kho-image=i"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-save-machine="), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_of_ours),
		cmocka_unit_test(test_ours_are_taken_out_wherever_they_stand),
		cmocka_unit_test(test_behind_two_dashes_all_is_the_loaders),
		cmocka_unit_test(test_the_environment_stands_for_an_option),
		cmocka_unit_test(test_vmcoreinfo_takes_its_image_as_a_word),
		cmocka_unit_test(test_headroom_is_a_percentage),
		cmocka_unit_test(test_a_report_without_an_image),
		cmocka_unit_test(test_findings_are_accepted_by_name),
		cmocka_unit_test(test_what_does_not_go),
		cmocka_unit_test(test_a_fleet),
		cmocka_unit_test(test_a_snapshot),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
