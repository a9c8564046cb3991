// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "after/record.h"
#include "after/records.h"
#include "base/cursor.h"
#include "base/json.h"
#include "machine/snapshot/snapshot.h"
#include "machine/tree.h"
#include "report/json-report.h"
#include "successor/vmcoreinfo/build-id.h"

void kho_build_id_text(const struct kho_bytes *id, char text[KHO_BUILD_ID_TEXT])
{
	size_t n = id->size < KHO_BUILD_ID_TEXT / 2 ? id->size : KHO_BUILD_ID_TEXT / 2;

	text[0] = '\0';
	for (size_t i = 0; i < n; i++)
		sprintf(text + 2 * i, "%02x", id->data[i]);
}

void kho_boot_id(const char *root, char text[KHO_BOOT_ID_TEXT])
{
	struct machine_tree tree;
	char *line = NULL;

	text[0] = '\0';
	if (tree_init(&tree, root))
		return;
	if (!tree_read(&tree, "proc/sys/kernel/random/boot_id", &line, NULL)) {
		line[strcspn(line, "\n")] = '\0';
		snprintf(text, KHO_BOOT_ID_TEXT, "%s", line);
		kho_make_printable(text);
	}
	free(line);
	tree_deinit(&tree);
}

static void put_time(struct builder *b, struct json_object *to)
{
	time_t now = time(NULL);
	struct tm tm;
	char text[32] = "";

	if (gmtime_r(&now, &tm))
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	put_string(b, to, "time", text);
}

static struct json_object *load_object(struct builder *b, const struct kho_record *record)
{
	struct json_object *o = made(b, json_object_new_object());
	const struct successor *s = record->report->successor;
	char text[KHO_BUILD_ID_TEXT] = "";
	struct kho_bytes id;

	if (s && s->image && !image_build_id(s->image, &id))
		kho_build_id_text(&id, text);
	put_string(b, o, "mode", record->mode);
	put_string(b, o, "build_id", text);
	/* "" is a command line too. */
	put(b, o, "cmdline", record->cmdline ? made(b, json_object_new_string(record->cmdline)) :
	    NULL);
	put_u64(b, o, "initrd_bytes", record->initrd_bytes);
	return o;
}

static int put_machine(struct builder *b, struct json_object *to, const struct machine *m,
		       struct kho_err *err)
{
	char *line;
	int ret = snapshot_write(m, &line, err);

	if (ret)
		return ret;
	put(b, to, "machine", made(b, json_tokener_parse(line)));
	free(line);
	return 0;
}

/* The whole file, to be freed. */
static int record_text(const struct kho_record *record, char **text, struct kho_err *err)
{
	struct builder b = { false };
	struct json_object *o = made(&b, json_object_new_object());
	char boot_id[KHO_BOOT_ID_TEXT];
	const char *json;
	int ret;

	*text = NULL;
	kho_boot_id(record->root, boot_id);
	put_int(&b, o, "kexec_kho_record", KHO_RECORD_SCHEMA);
	put_time(&b, o);
	put_string(&b, o, "boot_id", boot_id);
	put(&b, o, "load", load_object(&b, record));
	ret = put_machine(&b, o, record->report->machine, err);
	put(&b, o, "report", kho_report_object(&b, record->report));
	json = ret || b.failed ? NULL : json_object_to_json_string_ext(o,
					JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	if (json && asprintf(text, "%s\n", json) < 0)
		*text = NULL;
	json_object_put(o);
	if (ret)
		return ret;
	if (!*text)
		return kho_fail(err, ENOMEM, "%s", strerror(ENOMEM));
	if (strlen(*text) > KHO_RECORD_LIMIT_BYTES) {
		free(*text);
		return kho_fail(err, EFBIG, "it would have more than %u MiB",
				KHO_RECORD_LIMIT_BYTES >> 20);
	}
	return 0;
}

int kho_record_save(const char *dir, const struct kho_record *record, struct kho_err *err)
{
	char *text;
	int ret = record_text(record, &text, err);

	if (!ret) {
		ret = records_add(dir, text, err);
		free(text);
	}
	if (ret)
		kho_err_prefix(err, "%s: ", dir);
	return ret;
}
