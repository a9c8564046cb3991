// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "after/tell.h"
#include "base/json.h"
#include "report/json-report.h"

static size_t number_of(const struct log *log, const struct postmortem *pm)
{
	return pm->boot ? (size_t)(pm->boot - log->boot) + 1 : 0;
}

static void line(FILE *f, const char *what, const char *text)
{
	if (text && *text)
		fprintf(f, "  %-14s %s\n", what, text);
}

void postmortem_tell_text(FILE *f, const char *path, const struct log *log,
			  const struct prediction *p, const struct postmortem *pm)
{
	char advice[96];

	fprintf(f, "log: %s, %zu line%s, %zu boot%s\n", path, log->nr_lines,
		log->nr_lines == 1 ? "" : "s", log->nr_boots, log->nr_boots == 1 ? "" : "s");
	if (!pm->boot) {
		fprintf(f, "no death: each of them came up or was followed by another\n");
	} else {
		fprintf(f, "boot %zu: %s, lines %zu to %zu, %s\n", number_of(log, pm),
			pm->seen.release[0] ? pm->seen.release : "release unknown",
			pm->boot->first + 1, pm->boot->end,
			pm->seen.handover_found ? "it found a handover" : "it told of no handover");
		line(f, "died of", death_text(pm->cause));
		line(f, "when", pm->stage);
		line(f, "first sign", pm->cause_line);
		line(f, "end", pm->death_line);
		line(f, "in function", pm->place);
		line(f, "last before", pm->last_line);
		if (pm->has_request)
			fprintf(f, "  %-14s %llu bytes, node %d, for %s\n", "not had",
				(unsigned long long)pm->request_bytes, pm->request_node,
				pm->request_function);
		line(f, "command line", pm->cmdline);
	}
	if (p) {
		fprintf(f, "record: %s, made %s\n", p->path, p->time);
		line(f, "successor", p->release);
		line(f, "predicted", predicted_text(p->outcome));
		prediction_advice(p, advice);
		line(f, "advised", advice);
		if (pm->boot && !pm->of_record)
			line(f, "note", "the kernel that died is another one");
	}
	tell_findings(f, &pm->findings, pm->verdict);
}

static struct json_object *request_object(struct builder *b, const struct postmortem *pm)
{
	struct json_object *o;

	if (!pm->has_request)
		return NULL;
	o = made(b, json_object_new_object());
	put_u64(b, o, "bytes", pm->request_bytes);
	put_node(b, o, "node", pm->request_node);
	put_string(b, o, "function", pm->request_function);
	return o;
}

static void put_death(struct builder *b, struct json_object *o, const struct postmortem *pm)
{
	put_string(b, o, "release", pm->seen.release);
	put_bool(b, o, "handover_found", pm->seen.handover_found);
	put_string(b, o, "cause", death_key(pm->cause));
	put_string(b, o, "stage", pm->stage);
	put_string(b, o, "cause_line", pm->cause_line);
	put_string(b, o, "death_line", pm->death_line);
	put_string(b, o, "last_line", pm->last_line);
	put_string(b, o, "function", pm->place);
	put_node(b, o, "node", pm->node);
	put(b, o, "request", request_object(b, pm));
	put_string(b, o, "cmdline", pm->cmdline);
}

int postmortem_tell_json(FILE *f, const char *path, const struct log *log,
			 const struct prediction *p, const struct postmortem *pm)
{
	struct builder b = { false };
	struct json_object *o = made(&b, json_object_new_object());
	char advice[96];
	const char *text;

	prediction_advice(p, advice);
	put_int(&b, o, "kexec_kho_postmortem", POSTMORTEM_SCHEMA);
	put_string(&b, o, "log", path);
	put_u64(&b, o, "boots", log->nr_boots);
	put_u64(&b, o, "boot", number_of(log, pm));
	put_death(&b, o, pm);
	put_string(&b, o, "record", p ? p->path : NULL);
	put_string(&b, o, "predicted", p ? predicted_key(p->outcome) : NULL);
	put(&b, o, "right", pm->right == KHO_TRI_UNKNOWN ? NULL :
	    made(&b, json_object_new_boolean(pm->right == KHO_TRI_YES)));
	put_string(&b, o, "advice", advice);
	put_string(&b, o, "verdict", kho_verdict_name(pm->verdict));
	put(&b, o, "findings", kho_findings_array(&b, &pm->findings));
	text = b.failed ? NULL : json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
								JSON_C_TO_STRING_NOSLASHESCAPE);
	if (text)
		fprintf(f, "%s\n", text);
	json_object_put(o);
	return text ? 0 : -1;
}
