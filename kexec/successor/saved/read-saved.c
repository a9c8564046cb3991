// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "arch/arch.h"
#include "base/read-file.h"
#include "kernel/questions.h"
#include "successor/saved/answers.h"
#include "successor/saved/header-numbers.h"
#include "successor/saved/saved.h"
#include "successor/successor.h"

#define DEPTH_LIMIT	4
#define NOTES_LIMIT	64

struct reading {
	struct successor *s;
	struct kho_err *err;
};

static int bad(const struct reading *r, const char *at, const char *key, const char *what)
{
	return kho_fail(r->err, EBADMSG, "$%s%s%s%s: %s", *at ? "." : "", at, *key ? "." : "", key,
			what);
}

/* Member @key of @o, which stands at @at; absent and null are the same: NULL, not known. */
static int get(const struct reading *r, struct json_object *o, const char *at, const char *key,
	       enum json_type type, struct json_object **ret_value)
{
	if (!json_object_object_get_ex(o, key, ret_value))
		*ret_value = NULL;
	if (*ret_value && json_object_get_type(*ret_value) != type)
		return bad(r, at, key, "of the wrong type");
	if (*ret_value && type == json_type_string &&
	    strlen(json_object_get_string(*ret_value)) !=
	    (size_t)json_object_get_string_len(*ret_value))
		return bad(r, at, key, "a NUL in a string");
	return 0;
}

/* *@number stays as it is where it is not there. */
static int get_number(const struct reading *r, struct json_object *o, const char *at,
		      const char *key, uint64_t limit, uint64_t *number)
{
	struct json_object *value;
	int ret = get(r, o, at, key, json_type_int, &value);

	if (ret || !value)
		return ret;
	if (json_object_get_int64(value) < 0)
		return bad(r, at, key, "below 0");
	*number = json_object_get_uint64(value);
	return *number > limit ? bad(r, at, key, "too large") : 0;
}

/* NULL where it is not there. */
static int get_text(const struct reading *r, struct json_object *o, const char *at,
		    const char *key, const char **ret_text)
{
	struct json_object *value;
	int ret = get(r, o, at, key, json_type_string, &value);

	*ret_text = ret || !value ? NULL : json_object_get_string(value);
	return ret;
}

/* Each member of @o is of @type, or null where that is @or_null. */
static int check_members(const struct reading *r, struct json_object *o, const char *at,
			 enum json_type type, bool or_null)
{
	json_object_object_foreach(o, key, value) {
		struct json_object *same;
		uint64_t number;
		int ret = !value && !or_null ? bad(r, at, key, "null") :
			  type == json_type_int ? get_number(r, o, at, key, UINT64_MAX, &number) :
			  get(r, o, at, key, type, &same);

		if (ret)
			return ret;
	}
	return 0;
}

static int read_file_of(const struct reading *r, struct json_object *o)
{
	const char *sha256;
	int ret = get_text(r, o, "", "sha256", &sha256);

	if (ret)
		return ret;
	if (!sha256 || strlen(sha256) != KHO_SHA256_TEXT - 1 ||
	    strspn(sha256, "0123456789abcdef") != KHO_SHA256_TEXT - 1)
		return bad(r, "", "sha256", "not 64 hexadecimal digits");
	strcpy(r->s->file.sha256, sha256);
	return get_number(r, o, "", "bytes", UINT64_MAX, &r->s->file.bytes);
}

/* KHO_SRC_NR: no source has this name, or one that does not stand in an image. */
static enum kho_source find_source(const char *name)
{
	enum kho_source source = 0;

	while (source < KHO_SRC_NR && strcmp(kho_source_name(source), name))
		source++;
	return source == KHO_SRC_GIVEN ? KHO_SRC_NR : source;
}

static int read_release(const struct reading *r, struct json_object *o)
{
	const char *release, *source, *arch;
	int ret = get_text(r, o, "", "release", &release);

	if (!ret)
		ret = get_text(r, o, "", "release_source", &source);
	if (!ret)
		ret = get_text(r, o, "", "arch", &arch);
	if (ret)
		return ret;
	if (!release || !*release || strlen(release) >= sizeof(r->s->release))
		return bad(r, "", "release", "absent, or too long");
	if (!source || find_source(source) == KHO_SRC_NR)
		return bad(r, "", "release_source", "no source of an image");
	strcpy(r->s->release, release);
	kho_make_printable(r->s->release);
	r->s->release_source = find_source(source);
	r->s->arch = arch ? kho_arch_by_name(arch) : NULL;
	return 0;
}

/* The bounds of vmcoreinfo/text.c, for every source: the model counts on them. */
static bool is_possible(enum kho_fact_id id, uint64_t value)
{
	bool power = !(value & (value - 1));

	switch (id) {
	case KHO_FACT_PAGE_BYTES:
		return power && value >= 1 << 12 && value <= 1 << 20;
	case KHO_FACT_STRUCT_PAGE_BYTES:
		return value >= 32 && value <= 1024;
	case KHO_FACT_SECTION_SIZE_BITS:
		return value >= 20 && value <= 40;
	case KHO_FACT_PMD_BYTES:
		return !value || (power && value >= 1 << 20 && value <= UINT64_C(1) << 40);
	default:
		return value <= 1;
	}
}

static int read_fact(const struct reading *r, struct json_object *claims, enum kho_fact_id id)
{
	const char *at = kho_fact_name(id);

	json_object_object_foreach(claims, key, value) {
		enum kho_source source = find_source(key);
		uint64_t number = 0;
		int ret = source == KHO_SRC_NR || !value ? bad(r, at, key, "no source of an image") :
			  get_number(r, claims, at, key, UINT64_MAX, &number);

		if (ret)
			return ret;
		if (!is_possible(id, number))
			return bad(r, at, key, "an impossible value");
		successor_claim(r->s, id, source, number);
	}
	return 0;
}

static int read_facts(const struct reading *r, struct json_object *o)
{
	struct json_object *facts, *claims;
	int ret = get(r, o, "", "facts", json_type_object, &facts);

	if (!ret && !facts)
		ret = bad(r, "", "facts", "absent");
	for (enum kho_fact_id id = 0; id < KHO_FACT_NR && !ret; id++) {
		ret = get(r, facts, "facts", kho_fact_name(id), json_type_object, &claims);
		if (!ret && claims)
			ret = read_fact(r, claims, id);
	}
	return ret;
}

static int read_load(const struct reading *r, struct json_object *o)
{
	struct successor_load *load = &r->s->load;
	uint64_t protocol = 0, loadflags = 0, xloadflags = 0, cmdline_bytes = 0;
	struct json_object *from, *relocatable = NULL;
	int ret = get(r, o, "", "load", json_type_object, &from);

	if (!ret && !from)
		ret = bad(r, "", "load", "absent");
	for (size_t i = 0; i < SAVED_NUMBERS && !ret; i++)
		ret = get_number(r, from, "load", saved_numbers[i].key, UINT64_MAX,
				 saved_number_of(load, i));
	if (!ret)
		ret = get(r, from, "load", "relocatable", json_type_boolean, &relocatable);
	if (!ret)
		ret = get_number(r, from, "load", "protocol", UINT16_MAX, &protocol);
	if (!ret)
		ret = get_number(r, from, "load", "loadflags", UINT8_MAX, &loadflags);
	if (!ret)
		ret = get_number(r, from, "load", "xloadflags", UINT16_MAX, &xloadflags);
	if (!ret)
		ret = get_number(r, from, "load", "cmdline_bytes", UINT32_MAX, &cmdline_bytes);
	if (relocatable)
		load->relocatable = json_object_get_boolean(relocatable) ? KHO_TRI_YES : KHO_TRI_NO;
	load->protocol = (unsigned int)protocol;
	load->loadflags = (uint8_t)loadflags;
	load->xloadflags = (uint16_t)xloadflags;
	load->cmdline_bytes = (uint32_t)cmdline_bytes;
	return ret;
}

static int read_uki(const struct reading *r, struct json_object *o)
{
	struct successor_uki *uki = &r->s->uki;
	struct json_object *from;
	const char *cmdline = NULL;
	uint64_t profiles = 0;
	int ret = get(r, o, "", "uki", json_type_object, &from);

	if (ret || !from)
		return ret;
	ret = get_number(r, from, "uki", "nr_profiles", UINT16_MAX, &profiles);
	if (!ret)
		ret = get_number(r, from, "uki", "initrd_bytes", UINT64_MAX, &uki->initrd_bytes);
	if (!ret)
		ret = get_text(r, from, "uki", "cmdline", &cmdline);
	uki->nr_profiles = (unsigned int)profiles;
	if (ret || !cmdline)
		return ret;
	uki->cmdline = strdup(cmdline);
	return uki->cmdline ? 0 : -ENOMEM;
}

static int read_notes(const struct reading *r, struct json_object *o)
{
	struct json_object *notes;
	int ret = get(r, o, "", "notes", json_type_array, &notes);
	size_t n = !ret && notes ? json_object_array_length(notes) : 0;

	if (n > NOTES_LIMIT)
		return bad(r, "", "notes", "more than 64 of them");
	for (size_t i = 0; i < n; i++) {
		struct json_object *note = json_object_array_get_idx(notes, i);

		if (!note || json_object_get_type(note) != json_type_string)
			return bad(r, "", "notes", "not of strings");
		successor_note(r->s, "%s", json_object_get_string(note));
		if (r->s->nr_notes)
			kho_make_printable(r->s->notes[r->s->nr_notes - 1]);
	}
	return ret;
}

/* An object of answers; NULL: there is none. */
static int read_answers(const struct reading *r, struct json_object *o, const char *key,
			enum json_type type, bool or_null, struct json_object **ret_answers)
{
	int ret = get(r, o, "", key, json_type_object, ret_answers);

	return ret || !*ret_answers ? ret : check_members(r, *ret_answers, key, type, or_null);
}

static int read_all_answers(const struct reading *r, struct json_object *o,
			    struct successor_answers *a)
{
	int ret = read_answers(r, o, "strings", json_type_boolean, true, &a->strings);

	if (!ret)
		ret = read_answers(r, o, "functions", json_type_boolean, true, &a->functions);
	if (!ret)
		ret = read_answers(r, o, "parameters", json_type_boolean, true, &a->parameters);
	if (!ret)
		ret = read_answers(r, o, "config", json_type_string, false, &a->config);
	if (!ret)
		ret = read_answers(r, o, "sizes", json_type_int, true, &a->sizes);
	if (!ret)
		ret = read_answers(r, o, "initial", json_type_int, true, &a->initial);
	if (!ret)
		ret = read_answers(r, o, "formats", json_type_boolean, false, &a->formats);
	if (!ret)
		ret = get_text(r, o, "", "kind", &a->kind);
	return ret;
}

static bool lacks_answer(struct json_object *answers, const char *const *questions)
{
	for (; *questions; questions++)
		if (!json_object_object_get_ex(answers, *questions, NULL))
			return true;
	return false;
}

/* Saved by a version that asked less, or from an image with formats without number. */
static void note_unanswered(struct successor *s)
{
	const struct successor_answers *a = s->answers;
	const char *name;
	bool less = lacks_answer(a->strings, question_strings) ||
		    lacks_answer(a->functions, question_functions) ||
		    lacks_answer(a->sizes, question_sizes) ||
		    (a->config && lacks_answer(a->config, question_configs)) || !a->formats;

	for (const struct question_variable *v = question_variables; v->name && !less; v++)
		less = !json_object_object_get_ex(a->initial, v->name, NULL);
	for (size_t i = 0; (name = question_parameter(i)) && !less; i++)
		less = !json_object_object_get_ex(a->parameters, name, NULL);
	if (less)
		successor_note(s, "the saved facts leave questions open that this kexec asks: save "
			       "them again, with --kho-save-kernel");
}

static int read_kernel(const struct reading *r, struct json_object *o)
{
	uint64_t version = 0;
	int ret;

	if (json_object_get_type(o) != json_type_object)
		return bad(r, "", "", "no object");
	ret = get_number(r, o, "", "kho_kernel", UINT64_MAX, &version);
	if (!ret && !version)
		ret = bad(r, "", "kho_kernel", "absent: these are no facts of a kernel");
	if (!ret && version > SAVED_VERSION)
		ret = kho_fail(r->err, ENOTSUP, "$.kho_kernel: version %llu, this kexec reads up to "
			       "%d", (unsigned long long)version, SAVED_VERSION);
	if (!ret)
		ret = read_file_of(r, o);
	if (!ret)
		ret = read_release(r, o);
	if (!ret)
		ret = read_facts(r, o);
	if (!ret)
		ret = read_load(r, o);
	if (!ret)
		ret = read_uki(r, o);
	if (!ret)
		ret = read_notes(r, o);
	return ret ? ret : read_all_answers(r, o, r->s->answers);
}

static int parse_line(const char *text, size_t bytes, struct json_object **ret_o,
		      struct kho_err *err)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH_LIMIT);
	enum json_tokener_error error;

	if (!tokener)
		return -ENOMEM;
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	*ret_o = json_tokener_parse_ex(tokener, text, (int)bytes);
	error = json_tokener_get_error(tokener);
	bytes = error == json_tokener_success ? 0 : json_tokener_get_parse_end(tokener);
	json_tokener_free(tokener);
	if (error == json_tokener_success)
		return 0;
	return kho_fail(err, EBADMSG, "no facts of a kernel: byte %zu: %s", bytes,
			error == json_tokener_continue ? "it ends too early" :
							 json_tokener_error_desc(error));
}

int saved_parse(const char *text, size_t bytes, struct successor *s, struct kho_err *err)
{
	const struct reading r = { s, err };
	struct json_object *o;
	int ret;

	successor_init(s);
	if (bytes > SAVED_LIMIT_BYTES)
		return kho_fail(err, EFBIG, "longer than the facts of a kernel can be");
	if (memchr(text, '\0', bytes))
		return kho_fail(err, EBADMSG, "no facts of a kernel: a NUL");
	ret = parse_line(text, bytes, &o, err);
	if (ret)
		return ret;
	s->answers = calloc(1, sizeof(*s->answers));
	if (!s->answers) {
		json_object_put(o);
		return kho_fail(err, ENOMEM, "no memory");
	}
	s->answers->all = o;
	ret = read_kernel(&r, o);
	if (ret)
		successor_deinit(s);
	else
		note_unanswered(s);
	return ret == -ENOMEM ? kho_fail(err, ENOMEM, "no memory") : ret;
}

int saved_read_fd(int fd, struct successor *s, struct kho_err *err)
{
	struct kho_buffer file = { 0 };
	int ret = read_file(fd, SAVED_LIMIT_BYTES, &file, err);

	successor_init(s);
	if (!ret)
		ret = saved_parse((const char *)file.data, file.size, s, err);
	kho_buffer_deinit(&file);
	return ret;
}

int saved_read(const char *path, struct successor *s, struct kho_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), ret;

	successor_init(s);
	if (fd < 0)
		return kho_fail(err, errno, "%s: %s", path, strerror(errno));
	ret = saved_read_fd(fd, s, err);
	if (ret)
		kho_err_prefix(err, "%s: ", path);
	close(fd);
	return ret;
}

bool saved_is(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char first = 0;
	bool saved = fd >= 0 && pread(fd, &first, 1, 0) == 1 && first == '{';

	if (fd >= 0)
		close(fd);
	return saved;
}
