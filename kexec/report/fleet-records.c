// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "base/size.h"
#include "check/advice-text.h"
#include "report/fleet-records.h"

#define BAR_WIDTH	30

typedef unsigned long long ull;

/* Text that is printable ASCII already. */
static void print_string(FILE *f, const char *key, const char *text)
{
	fprintf(f, ",\"%s\":", key);
	if (!*text) {
		fputs("null", f);
		return;
	}
	putc('"', f);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			putc('\\', f);
		putc(*text, f);
	}
	putc('"', f);
}

static void print_findings(FILE *f, const struct kho_findings *findings)
{
	fputs(",\"findings\":[", f);
	for (size_t i = 0; i < findings->n; i++)
		fprintf(f, "%s{\"id\":\"%s\",\"severity\":\"%s\",\"accepted\":%s}", i ? "," : "",
			kho_finding_name(findings->f[i].id),
			kho_severity_name(kho_finding_severity(findings->f[i].id)),
			findings->f[i].accepted ? "true" : "false");
	putc(']', f);
}

/* A record is read where the command line is not: what was accepted for all machines. */
static void print_ignored(FILE *f, const bool ignore[KHO_F_NR])
{
	bool any = false;

	fputs(",\"ignored\":[", f);
	for (enum kho_finding_id id = 0; id < KHO_F_NR; id++) {
		if (!ignore[id])
			continue;
		fprintf(f, "%s\"%s\"", any ? "," : "", kho_finding_name(id));
		any = true;
	}
	putc(']', f);
}

static void print_advice(FILE *f, const struct boot_advised *a)
{
	char text[KHO_SETTING_BYTES];

	if (!a->found) {
		fputs(",\"advice\":null", f);
		return;
	}
	kho_setting_text(&a->setting, text);
	fprintf(f, ",\"advice\":{\"setting\":\"%s\",\"percent\":%u,\"low_bytes\":%llu,"
		"\"global_bytes\":%llu,\"node_bytes\":%llu,\"total_bytes\":%llu,\"nokaslr\":%s}", text,
		a->setting.percent, (ull)a->setting.low_bytes, (ull)a->setting.global_bytes,
		(ull)a->setting.node_bytes, (ull)a->total_bytes, a->nokaslr ? "true" : "false");
}

static bool has_accepted(const struct kho_findings *findings)
{
	for (size_t i = 0; i < findings->n; i++)
		if (findings->f[i].accepted)
			return true;
	return false;
}

static bool comes_up(const struct kho_check *check)
{
	return check->has_boot && check->boot.outcome == BOOT_UP;
}

static void count_machine(struct fleet_tally *tally, uint64_t line, const char *host,
			  const struct kho_check *check)
{
	tally->machines++;
	tally->accepted += has_accepted(&check->findings);
	tally->with[check->verdict]++;
	if (!comes_up(check) ||
	    (tally->has_headroom && tally->headroom_bytes <= check->boot.headroom_bytes))
		return;
	tally->has_headroom = true;
	tally->headroom_bytes = check->boot.headroom_bytes;
	tally->headroom_line = line;
	strcpy(tally->headroom_host, host);
}

void fleet_report_machine(FILE *f, uint64_t line, const struct machine *m,
			  const struct kho_check *check, const bool ignore[KHO_F_NR],
			  struct fleet_tally *tally)
{
	static const char *const outcome[] = {
		[BOOT_UP] = "\"up\"", [BOOT_LOAD_FAILS] = "\"load_fails\"",
		[BOOT_DIES] = "\"dies\"",
	};

	fprintf(f, "{\"schema\":%d,\"line\":%llu", FLEET_SCHEMA, (ull)line);
	print_string(f, "host", m->host);
	print_string(f, "verdict", kho_verdict_name(check->verdict));
	print_findings(f, &check->findings);
	print_ignored(f, ignore);
	fprintf(f, ",\"outcome\":%s,\"headroom_bytes\":",
		check->has_boot ? outcome[check->boot.outcome] : "null");
	if (comes_up(check))
		fprintf(f, "%llu", (ull)check->boot.headroom_bytes);
	else
		fputs("null", f);
	print_advice(f, &check->advice.best);
	fputs("}\n", f);
	count_machine(tally, line, m->host, check);
}

void fleet_report_error(FILE *f, uint64_t line, const char *why, struct fleet_tally *tally)
{
	fprintf(f, "{\"schema\":%d,\"line\":%llu,\"host\":null,\"verdict\":null", FLEET_SCHEMA,
		(ull)line);
	print_string(f, "error", why);
	fputs("}\n", f);
	tally->errors++;
}

void fleet_tally_add(struct fleet_tally *tally, const struct fleet_tally *more)
{
	tally->machines += more->machines;
	tally->accepted += more->accepted;
	tally->errors += more->errors;
	for (int v = 0; v <= KHO_FAIL; v++)
		tally->with[v] += more->with[v];
	if (!more->has_headroom ||
	    (tally->has_headroom && tally->headroom_bytes <= more->headroom_bytes))
		return;
	tally->has_headroom = true;
	tally->headroom_bytes = more->headroom_bytes;
	tally->headroom_line = more->headroom_line;
	strcpy(tally->headroom_host, more->headroom_host);
}

static uint64_t lines(const struct fleet_tally *tally)
{
	return tally->machines + tally->errors;
}

static double rate(const struct fleet_tally *tally, double seconds)
{
	return seconds > 0 ? (double)lines(tally) / seconds : 0;
}

void fleet_report_progress(FILE *f, const struct fleet_tally *tally, uint64_t done,
			   uint64_t total, double seconds)
{
	char bar[BAR_WIDTH + 1];
	uint64_t filled = total ? done * BAR_WIDTH / total : 0;

	if (filled > BAR_WIDTH)
		filled = BAR_WIDTH;
	memset(bar, '.', BAR_WIDTH);
	memset(bar, '#', filled);
	bar[BAR_WIDTH] = '\0';
	if (total)
		fprintf(f, "\r[%s] ", bar);
	else
		putc('\r', f);
	fprintf(f, "%llu machines, %.0f a second, %llu fail ", (ull)lines(tally),
		rate(tally, seconds), (ull)tally->with[KHO_FAIL]);
	fflush(f);
}

void fleet_report_summary(FILE *f, const struct fleet_tally *tally, double seconds)
{
	char headroom[KHO_SIZE_BYTES];

	fprintf(f, "%llu machines in %.1f s, %.0f a second: %llu ok, %llu warn, %llu fail, "
		"%llu unknown, %llu errors", (ull)lines(tally), seconds, rate(tally, seconds),
		(ull)tally->with[KHO_NOTE], (ull)tally->with[KHO_WARN],
		(ull)tally->with[KHO_FAIL], (ull)tally->with[KHO_UNKNOWN], (ull)tally->errors);
	if (tally->accepted)
		fprintf(f, "; %llu with accepted findings", (ull)tally->accepted);
	fputc('\n', f);
	if (tally->has_headroom)
		fprintf(f, "smallest headroom: %s, %s (line %llu)\n",
			kho_size(tally->headroom_bytes, headroom),
			tally->headroom_host[0] ? tally->headroom_host : "host not named",
			(ull)tally->headroom_line);
	fflush(f);
}
