// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file of settings, as it is read and as a report takes it: each complaint is one line, a
 * setting stands in one line of the file, and what can't be understood makes the mode strict,
 * never none.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "cli/settings.h"
#include "fuzz-file.h"
#include "fuzz-successor.h"
#include "fuzz.h"

static size_t lines_of(const uint8_t *data, size_t size)
{
	size_t lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	return lines;
}

static void check_settings(const struct kho_settings *settings, size_t lines)
{
	if (settings->n + settings->nr_complaints > lines ||
	    (settings->nr_complaints && !settings->bad[KHO_LAYER_FILES]))
		abort();
	for (size_t i = 0; i < settings->n; i++) {
		const struct kho_setting *s = &settings->s[i];

		if (s->layer != KHO_LAYER_FILES || strchr(s->value, '\n'))
			abort();
		/* "" is a key that is no name. */
		if (s->name[strspn(s->name, "abcdefghijklmnopqrstuvwxyz-")])
			abort();
	}
	for (size_t i = 0; i < settings->nr_complaints; i++)
		fuzz_check_line(settings->complaint[i]);
}

static void take(const char *config)
{
	char *argv[] = { "kexec", (char *)config, "-l", "image", NULL };
	struct kho_settings settings = { .n = 0 };
	struct kho_err err = { "" };
	struct kho_options o;

	if (!kho_options_parse(4, argv, &settings, &o, &err)) {
		if (settings.bad[KHO_LAYER_FILES] && o.policy.mode != KHO_MODE_STRICT)
			abort();
		kho_options_deinit(&o);
	} else {
		fuzz_check_line(err.text);
	}
	for (size_t i = 0; i < settings.nr_complaints; i++)
		fuzz_check_line(settings.complaint[i]);
	kho_settings_deinit(&settings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kho_settings settings = { .n = 0 };
	char path[FUZZ_PATH_BYTES], config[FUZZ_PATH_BYTES + 16];
	int fd = fuzz_file(data, size, path);

	if (kho_settings_files(&settings, "", path))
		abort();
	check_settings(&settings, lines_of(data, size));
	kho_settings_deinit(&settings);
	snprintf(config, sizeof(config), "--kho-config=%s", path);
	take(config);
	close(fd);
	return 0;
}
