// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "unit.h"

/* Its texts stay for the options that point to them. */
static struct kho_settings settings;
static size_t complaints;

/* Parse a NULL-terminated list of words; returns what kho_options_parse() does. */
static int parse(struct kho_options *o, struct kho_err *err, const char *env, ...)
{
	static char *argv[16], mode[64], *environment[] = { (char *)"KEXEC_KHO_CONFIG=none", mode, NULL };
	int argc = 1, ret;
	va_list ap;

	kho_settings_deinit(&settings);
	snprintf(mode, sizeof(mode), "%s%s", env ? "KEXEC_KHO=" : "HOME=", env ? env : "");
	argv[0] = (char *)"kexec";
	va_start(ap, env);
	while ((argv[argc] = va_arg(ap, char *)))
		argc++;
	va_end(ap);
	assert_int_equal(kho_settings_environment(&settings, environment), 0);
	ret = kho_options_parse(argc, argv, &settings, o, err);
	complaints = settings.nr_complaints;
	return ret;
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
	assert_int_equal(o.choice, KHO_CHOICE_NONE);
	assert_loader_words(&o, "-l /boot/vmlinuz --append=kho");
	kho_options_deinit(&o);
}

static void test_ours_are_taken_out_wherever_they_stand(void **state)
{
	struct kho_options o;
	struct kho_err err;

	assert_int_equal(PARSE(NULL, "-l", "--kho-strict=warn", "image", "--kho-loader", "/m",
			       "--initrd=i", "--kho-vmcoreinfo=v"), 0);
	assert_int_equal(o.task, KHO_TASK_LOAD);
	assert_int_equal(o.choice, KHO_CHOICE_STRICT_WARN);
	assert_string_equal(o.loader, "/m");
	assert_string_equal(o.policy.vmcoreinfo, "v");
	assert_loader_words(&o, "-l image --initrd=i");
	kho_options_deinit(&o);
}

static void test_behind_two_dashes_all_is_the_loaders(void **state)
{
	struct kho_options o;
	struct kho_err err;

	assert_int_equal(PARSE(NULL, "--kho-check", "--", "--kho-strict"), 0);
	assert_int_equal(o.choice, KHO_CHOICE_CHECK);
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
	static const struct {
		const char *env;
		enum kho_choice choice;
		bool unknown;
	} value[] = {
		{ NULL, KHO_CHOICE_NONE, false },
		{ "", KHO_CHOICE_NONE, false },
		{ "off", KHO_CHOICE_NONE, false },
		{ "check", KHO_CHOICE_CHECK, false },
		{ "strict", KHO_CHOICE_STRICT, false },
		{ "strict=warn", KHO_CHOICE_STRICT_WARN, false },
		{ "0", KHO_CHOICE_STRICT, true },
		{ "1", KHO_CHOICE_STRICT, true },
		{ "STRICT", KHO_CHOICE_STRICT, true },
		{ "srict", KHO_CHOICE_STRICT, true },
		{ " off", KHO_CHOICE_STRICT, true },
	};
	struct kho_options o;
	struct kho_err err;

	for (size_t i = 0; i < sizeof(value) / sizeof(value[0]); i++) {
		assert_int_equal(PARSE(value[i].env, "-p", "image"), 0);
		assert_int_equal(o.choice, value[i].choice);
		assert_int_equal(complaints, value[i].unknown);
		assert_loader_words(&o, "-p image");
		kho_options_deinit(&o);
		/* An option wins. */
		assert_int_equal(PARSE(value[i].env, "--kho-check", "-l", "image"), 0);
		assert_int_equal(o.choice, KHO_CHOICE_CHECK);
		assert_int_equal(complaints, 0);
		kho_options_deinit(&o);
	}
	/* The options of a load stay where it is switched off for a while, but no others. */
	assert_int_equal(PARSE("off", "--kho-loader=luod", "--kho-ignore=chain"), 0);
	assert_int_equal(o.task, KHO_TASK_UNCHECKED);
	assert_string_equal(o.loader, "luod");
	kho_options_deinit(&o);
	assert_int_equal(PARSE("off", "--kho-image=i"), -EINVAL);
	assert_int_equal(PARSE("", "--kho-ignore=chain", "-l", "i"), -EINVAL);
	/* And what is not theirs is no load that the environment could mean. */
	assert_int_equal(PARSE("strict", "--kho-image=i"), -EINVAL);
	assert_string_equal(err.text, "--kho-image does not go with a load, only with --kho-report and "
			    "--kho-save-kernel; see kexec --kho-help");
}

/*
 * Each task with each option: taken, or one line that says why not.  The table is the
 * SYNOPSIS of kexec-kho(8), not that of the code.
 */
static void test_each_option_is_used_or_refused(void **state)
{
	static const char *const tasks[][3] = {
		[KHO_TASK_UNCHECKED]	= { "-l", "i" },
		[KHO_TASK_LOAD]		= { "--kho-strict", "-l", "i" },
		[KHO_TASK_DRY_RUN]	= { "--kho-report", "-l", "i" },
		[KHO_TASK_IMAGE]	= { "--kho-report", "--kho-image=i" },
		[KHO_TASK_MACHINE]	= { "--kho-report" },
		[KHO_TASK_FLEET]	= { "--kho-report", "--kho-image=i", "--kho-fleet=f" },
		[KHO_TASK_VMCOREINFO]	= { "--kho-report=vmcoreinfo", "--kho-image=i" },
		[KHO_TASK_SAVE_MACHINE]	= { "--kho-save-machine=s" },
		[KHO_TASK_SAVE_KERNEL]	= { "--kho-save-kernel=s", "--kho-image=i" },
		[KHO_TASK_PLAN]		= { "--kho-plan", "i" },
		[KHO_TASK_DIFF]		= { "--kho-diff=a", "b" },
		[KHO_TASK_EXPLAIN]	= { "--kho-explain" },
		[KHO_TASK_VERSION]	= { "--kho-version" },
		[KHO_TASK_VERIFY]	= { "--kho-verify=v" },
		[KHO_TASK_POSTMORTEM]	= { "--kho-postmortem=c" },
	};
	/* In the order of the tasks, 'y': goes with it; '-': would change the task. */
	static const struct {
		const char *option, *goes;
	} with[] = {
		{ "--kho-machine=m",	"nnyyynnynnynnyy" },
		{ "--kho-describe=1G",	"nnnynnnynnnnnyy" },
		{ "--kho-scratch=9%",	"nnyynnnnnnnnnyn" },
		{ "--kho-vmcoreinfo=v",	"nyyynynnnnnnnnn" },
		{ "--kho-loader=l",	"nyyn-nnnnnnnnnn" },
		{ "--kho-initrd=r",	"nnnynynnnnnnnyn" },
		{ "--kho-append=a",	"nnnynynnnnnnnyy" },
		{ "--kho-headroom=5",	"nnyynynnnnnnnyn" },
		{ "--kho-ignore=chain",	"nyyyyynnnnyynny" },
		{ "--kho-ignore-fatal=rehearsal-died", "nyyynynnnnnnnnn" },
		{ "--kho-verbose",	"nnyyynnnnnnnnnn" },
		{ "--kho-progress=bar",	"nnnnnynnnnnnnnn" },
		{ "--kho-jobs=2",	"nnnnnynnnnnnnnn" },
		{ "--kho-kernel=k",	"nyyy-ynnnnnnnnn" },
		{ "--kho-image=i",	"nnny-yynnnnnynn" },
		{ "--kho-fleet=f",	"nnn-nynnnnynnyy" },
		{ "--kho-record=r",	"nynynnnnnnnnnnn" },
		{ "--kho-verify=v",	"nnnn-nnnnnyynnn" },
		{ "--kho-check",	"-nnnnnnnnnnnnnn" },
		{ "--kho-help",		"---------------" },
	};
	struct kho_options o;
	struct kho_err err;

	for (size_t i = 0; i < sizeof(with) / sizeof(with[0]); i++)
		for (enum kho_task task = 0; task < KHO_TASK_HELP; task++) {
			const char *const *word = tasks[task];
			char goes = with[i].goes[task];
			int ret = PARSE(NULL, with[i].option, word[0], word[1], word[2]);

			if (goes != 'n') {
				assert_int_equal(ret, 0);
				assert_int_equal(goes == 'y', o.task == task);
				kho_options_deinit(&o);
			} else if (ret != -EINVAL) {
				fail_msg("%s goes with task %d", with[i].option, task);
			} else {
				assert_non_null(strstr(err.text, "; see kexec --kho-help"));
				assert_null(strchr(err.text, '\n'));
			}
		}
}

static void test_an_option_given_twice(void **state)
{
	static const char *const option[][2] = {
		{ "--kho-kernel=k", "--kho-kernel=j" },
		{ "--kho-image=i", "--kho-image=j" },
		{ "--kho-machine=m", "--kho-machine=n" },
		{ "--kho-initrd=m", "--kho-initrd=n" },
		{ "--kho-append=a", "--kho-append=" },
		{ "--kho-vmcoreinfo=v", "--kho-vmcoreinfo=w" },
		{ "--kho-headroom=1", "--kho-headroom=2" },
		{ "--kho-report=json", "--kho-report=map" },
		{ "--kho-report", "--kho-report=json" },
	};
	struct kho_options o;
	struct kho_err err;

	for (size_t i = 0; i < sizeof(option) / sizeof(option[0]); i++) {
		char text[128];

		snprintf(text, sizeof(text), "%.*s is given twice, with different values; "
			 "see kexec --kho-help", (int)strcspn(option[i][0], "="), option[i][0]);
		assert_int_equal(PARSE(NULL, "--kho-image=i", option[i][0], option[i][1]), -EINVAL);
		assert_string_equal(err.text, text);
	}
	/* The same again changes nothing; accepted findings add up. */
	assert_int_equal(PARSE(NULL, "--kho-report=json", "--kho-image=i", "--kho-image=i",
			       "--kho-report=json", "--kho-ignore=chain", "--kho-ignore=luo-off"), 0);
	assert_true(o.policy.ignore[KHO_F_CHAIN] && o.policy.ignore[KHO_F_LUO_OFF]);
	kho_options_deinit(&o);
	assert_int_equal(PARSE(NULL, "--kho-report", "--kho-fleet=f", "--kho-image=i", "--kho-jobs=2",
			       "-j3"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-strict", "--kho-strict=warn", "-l", "i"), -EINVAL);
}

static void test_a_named_loader_is_run_without_words(void **state)
{
	struct kho_options o;
	struct kho_err err;

	assert_int_equal(PARSE(NULL, "--kho-report", "--kho-loader=luod"), 0);
	assert_int_equal(o.task, KHO_TASK_DRY_RUN);
	kho_options_deinit(&o);
}

static void test_vmcoreinfo_takes_its_image_as_a_word(void **state)
{
	struct kho_options o;
	struct kho_err err;

	assert_int_equal(PARSE(NULL, "--kho-report=vmcoreinfo", "vmlinuz"), 0);
	assert_int_equal(o.choice, KHO_CHOICE_VMCOREINFO);
	assert_string_equal(o.policy.image.path, "vmlinuz");
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
	assert_int_equal(o.policy.headroom_percent, 10);
	kho_options_deinit(&o);
	assert_int_equal(PARSE(NULL, "--kho-report", "--kho-headroom=0", "-l", "i"), 0);
	assert_int_equal(o.policy.headroom_percent, 0);
	kho_options_deinit(&o);
	assert_int_equal(PARSE(NULL, "--kho-report", "--kho-headroom=101", "-l", "i"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-report", "--kho-headroom=-1", "-l", "i"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-report", "--kho-headroom=5%", "-l", "i"), -EINVAL);
}

static void test_a_report_without_an_image(void **state)
{
	struct kho_options o;
	struct kho_err err;

	assert_int_equal(PARSE(NULL, "--kho-report"), 0);
	assert_int_equal(o.choice, KHO_CHOICE_REPORT);
	assert_null(o.policy.image.path);
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
		assert_int_equal(o.policy.ignore[id], id == KHO_F_CHAIN || id == KHO_F_ABI_MISMATCH ||
					       id == KHO_F_LUO_OFF);
	assert_loader_words(&o, "-l i");
	kho_options_deinit(&o);
	assert_int_equal(PARSE(NULL, "--kho-strict", "--kho-ignore=abi,chain", "-l", "i"), -EINVAL);
	assert_string_equal(err.text, "--kho-ignore=abi: no such finding; kexec --kho-explain "
			    "lists them");
	assert_int_equal(PARSE(NULL, "--kho-strict", "--kho-ignore=chain,", "-l", "i"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-strict", "--kho-ignore=", "-l", "i"), -EINVAL);
	assert_int_equal(PARSE(NULL, "--kho-ignore=chain", "-l", "i"), -EINVAL);
}

/* What surely kills is not accepted in passing, and nothing else needs the word. */
static void test_a_death_has_a_word_of_its_own(void **state)
{
	struct kho_options o;
	struct kho_err err;

	assert_int_equal(PARSE(NULL, "--kho-strict", "--kho-ignore=chain,memory-map-short", "-l",
			       "i"), -EINVAL);
	assert_non_null(strstr(err.text, "--kho-ignore-fatal=memory-map-short"));
	assert_int_equal(PARSE(NULL, "--kho-strict", "--kho-ignore-fatal=chain", "-l", "i"), -EINVAL);
	assert_string_equal(err.text, "--kho-ignore-fatal=chain: no certain death; say "
			    "--kho-ignore=chain");
	assert_int_equal(PARSE(NULL, "--kho-strict", "--kho-ignore-fatal=memory-map-short",
			       "--kho-ignore=chain", "-l", "i"), 0);
	assert_true(o.policy.ignore[KHO_F_MEMORY_MAP_SHORT] && o.policy.ignore[KHO_F_CHAIN]);
	kho_options_deinit(&o);
}

static void test_an_explanation(void **state)
{
	struct kho_options o;
	struct kho_err err;

	assert_int_equal(PARSE(NULL, "--kho-explain"), 0);
	assert_null(o.explain);
	kho_options_deinit(&o);
	assert_int_equal(PARSE(NULL, "--kho-explain=chain"), 0);
	assert_string_equal(o.explain, "chain");
	kho_options_deinit(&o);
	assert_int_equal(PARSE(NULL, "--kho-explain=chai"), -EINVAL);
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
	assert_int_equal(o.choice, KHO_CHOICE_SAVE_MACHINE);
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
		cmocka_unit_test(test_each_option_is_used_or_refused),
		cmocka_unit_test(test_an_option_given_twice),
		cmocka_unit_test(test_a_named_loader_is_run_without_words),
		cmocka_unit_test(test_vmcoreinfo_takes_its_image_as_a_word),
		cmocka_unit_test(test_headroom_is_a_percentage),
		cmocka_unit_test(test_a_report_without_an_image),
		cmocka_unit_test(test_findings_are_accepted_by_name),
		cmocka_unit_test(test_a_death_has_a_word_of_its_own),
		cmocka_unit_test(test_an_explanation),
		cmocka_unit_test(test_what_does_not_go),
		cmocka_unit_test(test_a_fleet),
		cmocka_unit_test(test_a_snapshot),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
