// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/json-about.h"

const char *kho_about_time(const struct kho_about *about, char text[KHO_ABOUT_TIME])
{
	time_t seconds = (time_t)about->time;
	struct tm utc;

	if (!gmtime_r(&seconds, &utc) || !strftime(text, KHO_ABOUT_TIME, "%Y-%m-%dT%H:%M:%SZ", &utc))
		text[0] = '\0';
	return text;
}

/*
 * A word that somebody gave, which may be no UTF-8: what is not ASCII is written as "\\xe4", and
 * so are controls.  NULL is null, "" is itself.
 */
static struct json_object *ascii_string(struct builder *b, const char *text)
{
	struct json_object *o;
	char *ascii;
	size_t used = 0;

	if (!text)
		return NULL;
	ascii = malloc(4 * strlen(text) + 1);
	if (!ascii)
		return made(b, NULL);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		used += (size_t)sprintf(ascii + used, c < 0x20 || c > 0x7e ? "\\x%02x" : "%c", c);
	}
	ascii[used] = '\0';
	o = made(b, json_object_new_string(ascii));
	free(ascii);
	return o;
}

static struct json_object *image_object(struct builder *b, const struct kho_report *report)
{
	const struct kho_about *about = report->about;
	struct json_object *o;

	if (!about->image)
		return NULL;
	o = made(b, json_object_new_object());
	put(b, o, "path", ascii_string(b, about->image));
	put_string(b, o, "release", report->successor ? report->successor->release : NULL);
	put_u64(b, o, "bytes", about->image_bytes);
	put_string(b, o, "sha256", about->image_sha256[0] ? about->image_sha256 : NULL);
	return o;
}

static struct json_object *initrd_object(struct builder *b, const struct kho_about *about)
{
	struct json_object *o;

	if (!about->initrd_known)
		return NULL;
	o = made(b, json_object_new_object());
	put(b, o, "path", ascii_string(b, about->initrd));
	put_u64(b, o, "bytes", about->initrd_bytes);
	return o;
}

static struct json_object *accepted_array(struct builder *b, const struct kho_findings *findings)
{
	struct json_object *array = made(b, json_object_new_array());
	bool seen[KHO_F_NR] = { false };

	for (size_t i = 0; i < findings->n; i++) {
		enum kho_finding_id id = findings->f[i].id;

		if (findings->f[i].accepted && !seen[id])
			push(b, array, made(b, json_object_new_string(kho_finding_name(id))));
		seen[id] |= findings->f[i].accepted;
	}
	return array;
}

struct json_object *kho_report_about(struct builder *b, const struct kho_report *report)
{
	const struct kho_about *about = report->about;
	char time[KHO_ABOUT_TIME];
	struct json_object *o, *options;

	if (!about)
		return NULL;
	o = made(b, json_object_new_object());
	options = made(b, json_object_new_array());
	for (int i = 0; i < about->nr_options; i++)
		push(b, options, ascii_string(b, about->option[i]));
	put_string(b, o, "tool", PACKAGE_NAME);
	put_string(b, o, "version", PACKAGE_VERSION);
	put_string(b, o, "time", kho_about_time(about, time));
	put(b, o, "host", about->host[0] ? ascii_string(b, about->host) : NULL);
	put(b, o, "image", image_object(b, report));
	put(b, o, "initrd", initrd_object(b, about));
	put(b, o, "command_line", ascii_string(b, about->cmdline));
	put(b, o, "options", options);
	put(b, o, "accepted", accepted_array(b, &report->check->findings));
	return o;
}
