// SPDX-License-Identifier: GPL-2.0-only
/* Which configuration files are read, and in which order: as systemd's own are (systemd.unit(5)). */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/settings.h"
#include "unit.h"

static char root[] = "/tmp/kho-settings.XXXXXX";

static void make_folders(const char *path)
{
	char part[PATH_MAX];

	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
		mkdir(part, 0700);
	}
}

/* NULL: a link to /dev/null. */
static void make_file(const char *folder, const char *name, const char *log)
{
	char path[PATH_MAX];
	FILE *f;

	snprintf(path, sizeof(path), "%s%s/%s", root, folder, name);
	make_folders(path);
	unlink(path);
	if (!log) {
		assert_int_equal(symlink("/dev/null", path), 0);
		return;
	}
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "[KHO]\nLog=%s\n", log);
	fclose(f);
}

/* The values, in their order. */
static void assert_read(const char *wanted)
{
	struct kho_settings settings = { NULL };
	char found[256] = "";

	assert_int_equal(kho_settings_files(&settings, root, NULL), 0);
	for (size_t i = 0; i < settings.n; i++) {
		strcat(found, i ? " " : "");
		strcat(found, settings.s[i].value);
	}
	assert_int_equal(settings.nr_complaints, 0);
	assert_string_equal(found, wanted);
	kho_settings_deinit(&settings);
}

#define ETC	KHO_SYSCONFDIR
#define LIB	KHO_VENDORDIR
#define MAIN	"kexec-kho.conf"
#define DROP_IN	"/kexec-kho.conf.d"

static void test_the_order_of_files(void **state)
{
	assert_non_null(mkdtemp(root));
	assert_read("");
	make_file(LIB, MAIN, "lib");
	assert_read("lib");
	make_file("/run", MAIN, "run");
	assert_read("run");
	make_file(ETC, MAIN, "etc");
	assert_read("etc");
	/* By name, wherever they are. */
	make_file(ETC DROP_IN, "20-b.conf", "etc20");
	make_file(LIB DROP_IN, "10-a.conf", "lib10");
	make_file("/run" DROP_IN, "30-c.conf", "run30");
	assert_read("etc lib10 etc20 run30");
	/* The same name: that of the site. */
	make_file("/run" DROP_IN, "10-a.conf", "run10");
	assert_read("etc run10 etc20 run30");
	make_file(ETC DROP_IN, "10-a.conf", NULL);
	assert_read("etc etc20 run30");
	/* Others are no settings. */
	make_file(ETC DROP_IN, "40-d.conf~", "no");
	make_file(ETC DROP_IN, ".50-e.conf", "no");
	make_file(ETC, MAIN, NULL);
	assert_read("etc20 run30");
}

static void test_the_environment(void **state)
{
	char *env[] = {
		(char *)"KEXEC_KHO=check", (char *)"KEXEC_KHO_REHEARSE_LOG=/x", (char *)"KEXEC_KHO_LOG=",
		(char *)"KEXEC_KHOX=1", (char *)"PATH=/bin", NULL,
	};
	struct kho_settings settings = { NULL };

	assert_int_equal(kho_settings_environment(&settings, env), 0);
	assert_int_equal(settings.n, 2);
	assert_string_equal(settings.s[0].name, "mode");
	assert_string_equal(settings.s[0].value, "check");
	assert_string_equal(settings.s[1].name, "rehearse-log");
	assert_string_equal(settings.s[1].where, "KEXEC_KHO_REHEARSE_LOG");
	assert_string_equal(settings.s[1].value, "/x");
	kho_settings_deinit(&settings);
}

static int remove_root(void **state)
{
	char command[sizeof(root) + 8];

	snprintf(command, sizeof(command), "rm -r %s", root);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_order_of_files),
		cmocka_unit_test(test_the_environment),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, remove_root);
}
