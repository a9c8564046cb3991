// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "after/tell.h"
#include "base/json.h"
#include "report/json-report.h"

typedef unsigned long long ull;

/* ---- for people ---- */

/* The worst first, notes too: here they are the answer. */
void tell_findings(FILE *f, const struct kho_findings *findings, kho_verdict verdict)
{
	for (int severity = KHO_FAIL; severity >= KHO_NOTE; severity--)
		for (size_t i = 0; i < findings->n; i++) {
			const struct kho_finding *one = &findings->f[i];

			if ((int)kho_finding_severity(one->id) != severity)
				continue;
			fprintf(f, "%s%s: %s: %s\n", kho_severity_name((enum kho_severity)severity),
				one->accepted ? " (accepted)" : "", kho_finding_name(one->id),
				one->message);
			if (one->remedy)
				fprintf(f, "  remedy: %s\n", one->remedy);
		}
	fprintf(f, "verdict: %s\n", kho_verdict_name(verdict));
}

static void seen_amount(const struct seen_things *t, enum seen_thing thing, char text[40])
{
	if (!seen_has(t, thing))
		snprintf(text, 40, "none");
	else if (seen_is_count(thing))
		snprintf(text, 40, "%llu", (ull)t->value[thing]);
	else
		snprintf(text, 40, "%llu KiB", (ull)(t->value[thing] >> 10));
}

static void print_things(FILE *f, const struct told *told)
{
	fprintf(f, "  %-28s %16s %16s\n", "", "predicted", "seen");
	for (enum seen_thing thing = 0; thing < SEEN_THINGS; thing++) {
		char said[40], took[40];

		if (!(told->v->compared & (1u << thing)))
			continue;
		seen_amount(&told->p->things, thing, said);
		seen_amount(&told->here->seen.things, thing, took);
		fprintf(f, "  %-28s %16s %16s%s\n", seen_text(thing), said, took,
			told->v->differing & (1u << thing) ? "  differs" : "");
	}
}

static void print_facts(FILE *f, const struct told *told)
{
	for (enum kho_fact_id id = 0; id < KHO_FACT_NR; id++) {
		uint64_t value;

		if (!(told->v->facts_compared & (1u << id)) ||
		    kho_fact_get(&told->here->running.fact[id], &value, NULL) != KHO_FACT_KNOWN)
			continue;
		fprintf(f, "  %-28s %16llu %16llu%s\n", kho_fact_name(id),
			(ull)told->p->fact[id], (ull)value,
			told->v->facts_differing & (1u << id) ? "  differs" : "");
	}
}

void verify_tell_text(FILE *f, const struct told *told)
{
	const struct prediction *p = told->p;
	const struct here *here = told->here;
	const char *previous = here->machine.handover.previous_release;

	if (p)
		fprintf(f, "record: %s, made %s (%s, verdict %s)\n"
			"  %s loaded %s; predicted: %s\n", p->path, p->time[0] ? p->time :
			"at an unknown time", p->mode, p->verdict,
			p->machine.release[0] ? p->machine.release : "a kernel",
			p->release[0] ? p->release : "a kernel", predicted_text(p->outcome));
	fprintf(f, "this kernel: %s", here->machine.release[0] ? here->machine.release :
		"release unknown");
	if (!previous)
		previous = here->seen.previous;
	if (previous[0])
		fprintf(f, ", started by %s", previous);
	fprintf(f, "%s\n", verify_handed_over(here) == KHO_TRI_YES ? ", with a handover" :
		verify_handed_over(here) == KHO_TRI_NO ? ", without a handover" : "");
	if (told->v->compared)
		print_things(f, told);
	if (told->v->facts_compared)
		print_facts(f, told);
	if (here->free_bytes)
		fprintf(f, "  %-28s %16s %12llu KiB\n", "memory available now", "",
			(ull)(here->free_bytes >> 10));
	tell_findings(f, &told->v->findings, told->v->verdict);
}

/* ---- for programs ---- */

static void put_amount(struct builder *b, struct json_object *to, const char *key,
		       const struct seen_things *t, enum seen_thing thing)
{
	if (seen_has(t, thing))
		put_u64(b, to, key, t->value[thing]);
	else
		put(b, to, key, NULL);
}

static struct json_object *things_object(struct builder *b, const struct told *told)
{
	struct json_object *all = made(b, json_object_new_object());

	for (enum seen_thing thing = 0; thing < SEEN_THINGS; thing++) {
		struct json_object *o;

		if (!(told->v->compared & (1u << thing)))
			continue;
		o = made(b, json_object_new_object());
		put_amount(b, o, "predicted", &told->p->things, thing);
		put_amount(b, o, "seen", &told->here->seen.things, thing);
		put_bool(b, o, "right", !(told->v->differing & (1u << thing)));
		put(b, all, seen_key(thing), o);
	}
	return all;
}

static struct json_object *facts_object(struct builder *b, const struct told *told)
{
	struct json_object *all = made(b, json_object_new_object());

	for (enum kho_fact_id id = 0; id < KHO_FACT_NR; id++)
		if (told->v->facts_compared & (1u << id))
			put_bool(b, all, kho_fact_name(id),
				 !(told->v->facts_differing & (1u << id)));
	return all;
}

static void put_record(struct builder *b, struct json_object *o, const struct prediction *p)
{
	put_string(b, o, "record", p ? p->path : NULL);
	put_string(b, o, "recorded", p ? p->time : NULL);
	put_string(b, o, "successor", p ? p->release : NULL);
	put_string(b, o, "recorded_verdict", p ? p->verdict : NULL);
	put_string(b, o, "predicted", p ? predicted_key(p->outcome) : NULL);
}

char *verify_tell_json(const struct told *told)
{
	struct builder b = { false };
	struct json_object *o = made(&b, json_object_new_object());
	const struct machine *m = &told->here->machine;
	const char *json;
	char *line = NULL;

	put_int(&b, o, "kexec_kho_verification", VERIFICATION_SCHEMA);
	put_string(&b, o, "host", m->host);
	put_string(&b, o, "boot_id", told->here->boot_id);
	put_string(&b, o, "release", m->release);
	put_string(&b, o, "previous_release", m->handover.previous_release ?
		   m->handover.previous_release : told->here->seen.previous);
	put_tri(&b, o, "handed_over", verify_handed_over(told->here));
	put_record(&b, o, told->p);
	put_string(&b, o, "became", became_key(told->v->became));
	put_tri(&b, o, "right", told->v->right);
	put(&b, o, "things", things_object(&b, told));
	put(&b, o, "facts", facts_object(&b, told));
	if (told->here->free_bytes)
		put_u64(&b, o, "free_bytes", told->here->free_bytes);
	put_string(&b, o, "verdict", kho_verdict_name(told->v->verdict));
	put(&b, o, "findings", kho_findings_array(&b, &told->v->findings));
	json = b.failed ? NULL : json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
								JSON_C_TO_STRING_NOSLASHESCAPE);
	if (json && asprintf(&line, "%s\n", json) < 0)
		line = NULL;
	json_object_put(o);
	return line;
}

/* ---- for node_exporter's textfile collector ---- */

static void put_metric_head(FILE *f, const char *name, const char *help)
{
	fprintf(f, "# HELP kexec_kho_%s %s\n# TYPE kexec_kho_%s gauge\n", name, help, name);
}

/* What is not known has no sample: 0 would read as a value. */
void verify_tell_metrics(FILE *f, const struct told *told)
{
	const struct verification *v = told->v;
	bool any = false;

	put_metric_head(f, "verify_verdict",
			"1 for the verdict of --kho-verify, 0 for the others.");
	for (int i = KHO_NOTE; i <= KHO_FAIL; i++)
		fprintf(f, "kexec_kho_verify_verdict{verdict=\"%s\"} %d\n",
			kho_verdict_name((kho_verdict)i), (kho_verdict)i == v->verdict);
	if (v->right != KHO_TRI_UNKNOWN) {
		put_metric_head(f, "verify_right", "1 if this boot is what was predicted.");
		fprintf(f, "kexec_kho_verify_right %d\n", v->right == KHO_TRI_YES);
	}
	for (enum seen_thing thing = 0; thing < SEEN_THINGS; thing++) {
		const struct seen_things *side[] = { &told->p->things, &told->here->seen.things };

		if (!(v->compared & (1u << thing)))
			continue;
		if (!any)
			put_metric_head(f, "verify_thing",
					"What was predicted and seen of this boot, in bytes "
					"or pages.");
		any = true;
		for (int i = 0; i < 2; i++)
			if (seen_has(side[i], thing))
				fprintf(f, "kexec_kho_verify_thing{thing=\"%s\",side=\"%s\"} %llu\n",
					seen_key(thing), i ? "seen" : "predicted",
					(ull)side[i]->value[thing]);
	}
}
