// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <string.h>

#include "cli/explain.h"
#include "finding/explanation.h"

#define WIDTH	78
#define INDENT	"  "

/* @text in lines of at most WIDTH, broken at blanks. */
static void put_paragraph(FILE *f, const char *text)
{
	size_t column = 0;

	while (*text) {
		size_t bytes = strcspn(text, " ");

		if (column && column + 1 + bytes > WIDTH) {
			fputc('\n', f);
			column = 0;
		}
		column += (size_t)fprintf(f, "%s%.*s", column ? " " : INDENT, (int)bytes, text);
		text += bytes + (text[bytes] == ' ');
	}
	fputc('\n', f);
}

static void put_part(FILE *f, const char *head, const char *text)
{
	if (!text || !*text)
		return;
	fprintf(f, "\n%s\n", head);
	put_paragraph(f, text);
}

static void print_finding(FILE *f, enum kho_finding_id id)
{
	const struct kho_explanation e = kho_finding_explain(id);

	fprintf(f, "%s (%s)\n", kho_finding_name(id), kho_severity_name(kho_finding_severity(id)));
	put_paragraph(f, e.meaning);
	put_part(f, "Why it happens", e.why);
	put_part(f, "What to do", e.action);
	if (e.command && *e.command)
		fprintf(f, INDENT "# %s\n", e.command);
	put_part(f, "When it is safe to accept", e.accept);
	if (e.example && *e.example)
		fprintf(f, "\nExample\n" INDENT "%s: %s: %s\n",
			kho_severity_name(kho_finding_severity(id)), kho_finding_name(id),
			e.example);
}

void kho_explain(FILE *f, const char *name)
{
	if (name) {
		print_finding(f, kho_finding_by_name(name, strlen(name)));
		return;
	}
	for (int severity = KHO_FAIL; severity >= KHO_NOTE; severity--)
		for (enum kho_finding_id id = 0; id < KHO_F_NR; id++)
			if (kho_finding_severity(id) == (enum kho_severity)severity)
				fprintf(f, "%-24s %-8s %s\n", kho_finding_name(id),
					kho_severity_name(kho_finding_severity(id)),
					kho_finding_explain(id).meaning);
}
