// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/arch.h"
#include "base/json.h"
#include "kernel/questions.h"
#include "successor/image/image.h"
#include "successor/known-formats.h"
#include "successor/saved/answers.h"
#include "successor/saved/header-numbers.h"
#include "successor/saved/saved.h"
#include "successor/successor.h"
#include "successor/vmcoreinfo/build-id.h"

/* Of formats; no kernel has so many, and without them they are unknown. */
#define FORMATS_LIMIT 1024

/* A text may hold anything: a NUL ends it, as in the image. */
static void put_text(struct builder *b, struct json_object *to, const char *key, const char *text)
{
	put(b, to, key, made(b, json_object_new_string(text)));
}

static void put_kernel_build_id(struct builder *b, struct json_object *to,
				const struct successor *s)
{
	struct kho_bytes id;
	char text[2 * 64 + 1] = "";

	if (image_build_id(s->image, &id))
		return;
	for (size_t i = 0; i < id.size && i < 64; i++)
		sprintf(text + 2 * i, "%02x", id.data[i]);
	put_text(b, to, "build_id", text);
}

/* {"page_bytes":{"BTF":4096}}: each source and what it says. */
static void put_claims(struct builder *b, struct json_object *to, const struct successor *s)
{
	struct json_object *facts = made(b, json_object_new_object());

	for (enum kho_fact_id id = 0; id < KHO_FACT_NR; id++) {
		const struct kho_fact *fact = &s->fact[id];
		struct json_object *claims = made(b, json_object_new_object());

		for (enum kho_source source = 0; source < KHO_SRC_NR; source++)
			if (fact->claimed & 1u << source)
				put_u64(b, claims, kho_source_name(source), fact->claim[source]);
		put(b, facts, kho_fact_name(id), claims);
	}
	put(b, to, "facts", facts);
}

static void put_load(struct builder *b, struct json_object *to, const struct successor *s)
{
	struct successor_load load = s->load;
	struct json_object *o = made(b, json_object_new_object());

	for (size_t i = 0; i < SAVED_NUMBERS; i++)
		if (*saved_number_of(&load, i) != SUCCESSOR_BYTES_UNKNOWN)
			put_u64(b, o, saved_numbers[i].key, *saved_number_of(&load, i));
	put_tri(b, o, "relocatable", load.relocatable);
	put_u64(b, o, "protocol", load.protocol);
	put_u64(b, o, "loadflags", load.loadflags);
	put_u64(b, o, "xloadflags", load.xloadflags);
	put_u64(b, o, "cmdline_bytes", load.cmdline_bytes);
	put(b, to, "load", o);
}

static void put_uki(struct builder *b, struct json_object *to, const struct successor *s)
{
	struct json_object *o;

	if (!s->uki.nr_profiles && !s->uki.initrd_bytes && !s->uki.cmdline)
		return;
	o = made(b, json_object_new_object());
	put_u64(b, o, "nr_profiles", s->uki.nr_profiles);
	put_u64(b, o, "initrd_bytes", s->uki.initrd_bytes);
	if (s->uki.cmdline)
		put_text(b, o, "cmdline", s->uki.cmdline);
	put(b, to, "uki", o);
}

static void put_notes(struct builder *b, struct json_object *to, const struct successor *s)
{
	struct json_object *notes = made(b, json_object_new_array());

	for (size_t i = 0; i < s->nr_notes; i++)
		push(b, notes, made(b, json_object_new_string(s->notes[i])));
	put(b, to, "notes", notes);
}

struct formats {
	struct builder *b;
	struct json_object *o;
};

static void visit_format(const char *word, size_t len, bool behind_nul, void *arg)
{
	struct formats *f = arg;
	struct json_object *before;

	if (!answers_is_format(word, len) || json_object_object_length(f->o) > FORMATS_LIMIT)
		return;
	if (!json_object_object_get_ex(f->o, word, &before))
		put_bool(f->b, f->o, word, behind_nul);
	else if (behind_nul)
		json_object_set_boolean(before, true);
}

static void put_formats(struct builder *b, struct json_object *to, const struct successor *s)
{
	struct formats f = { b, made(b, json_object_new_object()) };

	if (f.o)
		image_each_word(s->image, FORMAT_TEXT_BYTES, visit_format, &f);
	if (f.o && json_object_object_length(f.o) > FORMATS_LIMIT) {
		json_object_put(f.o);
		f.o = NULL;
	}
	put(b, to, "formats", f.o);
}

static void put_evidence(struct builder *b, struct json_object *to, const struct successor *s)
{
	struct json_object *strings = made(b, json_object_new_object());
	struct json_object *functions = made(b, json_object_new_object());
	struct json_object *parameters = made(b, json_object_new_object());
	const char *name;

	for (const char *const *text = question_strings; *text; text++)
		put_tri(b, strings, *text, successor_has_string(s, *text));
	for (const char *const *text = question_functions; *text; text++)
		put_tri(b, functions, *text, successor_has_function(s, *text));
	for (size_t i = 0; (name = question_parameter(i)); i++)
		put_tri(b, parameters, name, successor_has_parameter(s, name));
	put(b, to, "strings", strings);
	put(b, to, "functions", functions);
	put(b, to, "parameters", parameters);
}

static void put_config(struct builder *b, struct json_object *to, const struct successor *s)
{
	struct json_object *config = made(b, json_object_new_object());

	for (const char *const *name = question_configs; *name; name++) {
		const char *value = successor_config(s, *name);

		if (value)
			put_text(b, config, *name, value);
	}
	if (config && !json_object_object_length(config)) {
		json_object_put(config);
		config = NULL;
	}
	put(b, to, "config", config);
}

static void put_sizes(struct builder *b, struct json_object *to, const struct successor *s)
{
	struct json_object *sizes = made(b, json_object_new_object());
	uint64_t number;

	for (const char *const *key = question_sizes; *key; key++)
		if (successor_vmcoreinfo_number(s, *key, &number))
			put(b, sizes, *key, NULL);
		else
			put_u64(b, sizes, *key, number);
	put(b, to, "sizes", sizes);
}

static void put_initial(struct builder *b, struct json_object *to, const struct successor *s)
{
	struct json_object *initial = made(b, json_object_new_object());
	uint64_t value;

	for (const struct question_variable *v = question_variables; v->name; v++)
		if (successor_initial(s, v->name, v->bytes, &value))
			put(b, initial, v->name, NULL);
		else
			put_u64(b, initial, v->name, value);
	put(b, to, "initial", initial);
}

static int make_line(const struct successor *s, char **ret_line)
{
	struct builder b = { false };
	struct json_object *o = made(&b, json_object_new_object());
	const char *text;
	int ret = 0;

	put_int(&b, o, "kho_kernel", SAVED_VERSION);
	put_text(&b, o, "sha256", s->file.sha256);
	put_u64(&b, o, "bytes", s->file.bytes);
	put_kernel_build_id(&b, o, s);
	put_text(&b, o, "kind", successor_kind(s));
	put_text(&b, o, "release", s->release);
	put_text(&b, o, "release_source", kho_source_name(s->release_source));
	put_string(&b, o, "arch", s->arch ? s->arch->machine : NULL);
	put_claims(&b, o, s);
	put_load(&b, o, s);
	put_uki(&b, o, s);
	put_notes(&b, o, s);
	put_formats(&b, o, s);
	put_evidence(&b, o, s);
	put_config(&b, o, s);
	put_sizes(&b, o, s);
	put_initial(&b, o, s);
	text = b.failed ? NULL : json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
							       JSON_C_TO_STRING_NOSLASHESCAPE);
	*ret_line = NULL;
	if (!text || asprintf(ret_line, "%s\n", text) < 0)
		ret = -ENOMEM;
	json_object_put(o);
	return ret;
}

int saved_write(const struct successor *s, char **ret_line, struct kho_err *err)
{
	struct successor back;
	int ret = make_line(s, ret_line);

	if (ret)
		return kho_fail(err, -ret, "%s", strerror(-ret));
	/* What its own reader would refuse helps nobody later. */
	ret = saved_parse(*ret_line, strlen(*ret_line), &back, err);
	if (!ret) {
		successor_deinit(&back);
		return 0;
	}
	kho_err_prefix(err, "this kernel cannot be saved, judge it by its image: ");
	free(*ret_line);
	*ret_line = NULL;
	return ret;
}
