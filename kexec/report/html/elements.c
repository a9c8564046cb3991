// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "report/html/elements.h"
#include "report/report.h"

void html_text(FILE *f, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c > 0x7e)
			fprintf(f, "\\x%02x", c);
		else if (strchr("&<>\"'", c))
			fprintf(f, "&#%u;", c);
		else
			fputc(c, f);
	}
}

void html_number(FILE *f, uint64_t number)
{
	char text[24];
	int n = snprintf(text, sizeof(text), "%" PRIu64, number);

	for (int i = 0; i < n; i++)
		fprintf(f, i && (n - i) % 3 == 0 ? ",%c" : "%c", text[i]);
}

struct html_nodes {
	FILE *f;
	unsigned int n;
};

static void put_node_number(int node, void *arg)
{
	struct html_nodes *list = arg;

	fprintf(list->f, list->n++ ? ", %d" : ", node %d", node);
}

void html_nodes(FILE *f, const struct kho_range *range, const struct kho_ranges *memory)
{
	struct html_nodes list = { .f = f };

	kho_report_area_nodes(range, memory, put_node_number, &list);
}

void html_begin_section(FILE *f, const char *id, const char *title)
{
	fprintf(f, "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n", id, id, title);
}

void html_begin_table(FILE *f, const char *id, const char *caption, const char *const *head)
{
	fputs("<table", f);
	if (id)
		fprintf(f, " id=\"%s\"", id);
	fprintf(f, "><caption>%s</caption>\n<thead><tr>", caption);
	for (; *head; head++) {
		bool number = **head == '#';

		fprintf(f, "<th scope=\"col\"%s>%s</th>", number ? " class=\"number\"" : "",
			*head + number);
	}
	fputs("</tr></thead>\n<tbody>\n", f);
}

/* A path may be broken behind each slash. */
static void put_source(FILE *f, const char *text)
{
	for (; *text; text++) {
		const char one[2] = { *text, '\0' };

		html_text(f, one);
		if (*text == '/')
			fputs("<wbr>", f);
	}
}

void html_row(FILE *f, const char *what, const char *value, const char *source)
{
	fputs("<tr><th scope=\"row\">", f);
	html_text(f, what);
	fputs("</th><td>", f);
	html_text(f, value);
	if (source) {
		fputs("</td><td class=\"soft\">", f);
		put_source(f, source);
	}
	fputs("</td></tr>\n", f);
}
