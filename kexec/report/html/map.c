// SPDX-License-Identifier: GPL-2.0-only
/* The layout as SVG bars, each with a table that says the same in numbers. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "base/size.h"
#include "report/html/elements.h"
#include "report/html/map.h"
#include "report/legend.h"

/* A piece below this part of its bar is drawn as a tick that stands out of it. */
#define TICK_PERCENT	0.6
/* Pixels of a bar on the narrowest screen, and of a letter: does a name fit? */
#define BAR_PIXELS	260
#define LETTER_PIXELS	7
#define PAD_PIXELS	14

/* Preserved memory in pieces no further apart than this is drawn as one. */
#define GAP_PERCENT	0.2

/* Stretches that a table names; of more it says how many. */
#define STRETCHES_TOLD	4

/* "f-map": the class that gives a user its colours. */
static const char *class_of(unsigned int user)
{
	static const char *const class[LEGEND_FAMILIES] = {
		[LEGEND_LOADED] = "f-loaded", [LEGEND_MAP] = "f-map",
		[LEGEND_KERNEL] = "f-kernel", [LEGEND_RESERVED] = "f-reserved",
		[LEGEND_FREE] = "f-free", [LEGEND_UNKNOWN] = "f-unknown",
	};

	return class[legend_family(user)];
}

static double percent(uint64_t part, uint64_t whole)
{
	return (double)part * 100 / (double)whole;
}

static void put_addresses(FILE *f, uint64_t start_pa, uint64_t end_pa)
{
	fprintf(f, "0x%010" PRIx64 "&#8211;0x%010" PRIx64, start_pa, end_pa);
}

static void put_bytes(FILE *f, uint64_t bytes)
{
	html_number(f, bytes);
	fputs(" bytes", f);
}

/* Where a rectangle lies, in percent of its bar; never too narrow to be seen. */
static void put_place(FILE *f, uint64_t from, uint64_t to, uint64_t whole)
{
	double x = percent(from, whole), width = percent(to - from, whole);

	if (width < TICK_PERCENT)
		fprintf(f, " style=\"x:min(%.4f%%,100%% - 4px);width:max(4px,%.4f%%)\"", x, width);
	else
		fprintf(f, " x=\"%.4f%%\" width=\"%.4f%%\"", x, width);
}

/* Addresses, and in how many pieces what lies between them is. */
static void put_stretches(FILE *f, uint64_t start_pa, uint64_t end_pa, size_t pieces)
{
	put_addresses(f, start_pa, end_pa);
	if (pieces > 1)
		fprintf(f, ", %zu stretches", pieces);
}

/* Two lines on what has focus or the mouse; they fit the narrowest screen. */
static void put_tip(FILE *f, const char *name, uint64_t bytes, int y)
{
	fprintf(f, "<g class=\"tip\"><text x=\"0\" y=\"%d\">%s: ", y, name);
	put_bytes(f, bytes);
	fprintf(f, "</text><text class=\"address\" x=\"0\" y=\"%d\">", y + 16);
}

static void end_tip(FILE *f)
{
	fputs("</text></g></g>\n", f);
}

static void put_piece(FILE *f, const struct layout_area *area, const struct layout_piece *p)
{
	uint64_t whole = area->range.end_pa - area->range.start_pa;
	uint64_t from = p->start_pa - area->range.start_pa, to = p->end_pa - area->range.start_pa;
	bool tick = percent(to - from, whole) < TICK_PERCENT;

	fprintf(f, "<rect y=\"%d\" height=\"%d\"", tick ? 1 : 6, tick ? 40 : 30);
	put_place(f, from, to, whole);
	fprintf(f, "><title>%s: ", legend_text(p->user));
	put_addresses(f, p->start_pa, p->end_pa);
	fputs(", ", f);
	put_bytes(f, p->end_pa - p->start_pa);
	fputs("</title></rect>\n", f);
}

/* A name in the piece where it fits, else its letter, else nothing. */
static void put_label(FILE *f, const struct layout_area *area, const struct layout_piece *p)
{
	uint64_t whole = area->range.end_pa - area->range.start_pa;
	double pixels = (double)(p->end_pa - p->start_pa) * BAR_PIXELS / (double)whole;
	const char *name = legend_text(p->user);
	char letter[2] = { legend_letter(p->user), '\0' };

	if (pixels < LETTER_PIXELS + PAD_PIXELS / 2)
		return;
	if (pixels < (double)(strlen(name) * LETTER_PIXELS + PAD_PIXELS))
		name = p->user == LAYOUT_FREE ? "" : letter;
	if (*name)
		fprintf(f, "<text x=\"%.4f%%\" dx=\"%d\" y=\"26\">%s</text>\n",
			percent(p->start_pa - area->range.start_pa, whole),
			name == letter ? 4 : PAD_PIXELS / 2, name);
}

/* All pieces of a user are one part: one stop of the keyboard. */
static void put_part(FILE *f, const struct layout_area *area, unsigned int user)
{
	const struct layout_share *share = &area->share[user];
	char text[LEGEND_PERCENT_BYTES];

	fprintf(f, "<g class=\"part %s\" role=\"img\" tabindex=\"0\" aria-label=\"%s: ",
		class_of(user), legend_text(user));
	put_bytes(f, share->bytes);
	fputs(", ", f);
	html_text(f, legend_percent(share->bytes, area->range.end_pa - area->range.start_pa, text));
	fputs(" %, ", f);
	put_stretches(f, share->first_pa, share->end_pa, share->pieces);
	fputs("\">\n", f);
	for (size_t i = 0; i < area->nr_pieces; i++)
		if (area->piece[i].user == user)
			put_piece(f, area, &area->piece[i]);
	for (size_t i = 0; i < area->nr_pieces; i++)
		if (area->piece[i].user == user)
			put_label(f, area, &area->piece[i]);
	put_tip(f, legend_text(user), share->bytes, 57);
	put_stretches(f, share->first_pa, share->end_pa, share->pieces);
	end_tip(f);
}

static void put_axis(FILE *f, uint64_t start_pa, uint64_t end_pa, int y)
{
	fprintf(f, "<g class=\"axis\" aria-hidden=\"true\">"
		"<text class=\"address\" x=\"0\" y=\"%d\">0x%010" PRIx64 "</text>"
		"<text class=\"address\" x=\"100%%\" y=\"%d\" text-anchor=\"end\">0x%010" PRIx64
		"</text></g>\n", y, start_pa, y, end_pa);
}

/* Up to its label. */
static void begin_bar(FILE *f, int height)
{
	fprintf(f, "<svg class=\"bar\" role=\"group\" height=\"%d\" aria-label=\"", height);
}

static void put_area_bar(FILE *f, const struct layout_area *area, size_t nr)
{
	unsigned int user[LAYOUT_USERS];
	unsigned int n = layout_by_size(area, user);

	begin_bar(f, 78);
	fprintf(f, "Area %zu to scale, the largest part first\">\n", nr);
	put_axis(f, area->range.start_pa, area->range.end_pa, 57);
	/* What is free is drawn first, so that nothing small is hidden behind it. */
	for (unsigned int i = n; i-- > 0 && user[i] >= LAYOUT_FREE; )
		put_part(f, area, user[i]);
	for (unsigned int i = 0; i < n && user[i] < LAYOUT_FREE; i++)
		put_part(f, area, user[i]);
	fputs("<rect class=\"frame\" x=\"0\" y=\"6\" width=\"100%\" height=\"30\"/>\n</svg>\n", f);
}

static void put_where(FILE *f, const struct layout_area *area, unsigned int user)
{
	size_t told = 0;

	for (size_t i = 0; i < area->nr_pieces && told < STRETCHES_TOLD; i++) {
		if (area->piece[i].user != user)
			continue;
		/* It may be broken between the two addresses, and nowhere else. */
		fprintf(f, "<span class=\"where\"><span>0x%010" PRIx64 "&#8211;</span><wbr>"
			"<span>0x%010" PRIx64 "</span></span>", area->piece[i].start_pa,
			area->piece[i].end_pa);
		told++;
	}
	if (area->share[user].pieces > told)
		fprintf(f, "<span class=\"where\">and %zu more</span>",
			area->share[user].pieces - told);
}

static void put_user(FILE *f, unsigned int user)
{
	fprintf(f, "<span class=\"user\"><span class=\"key %s\" aria-hidden=\"true\">%c</span>"
		"<span>%s</span></span>", class_of(user), legend_letter(user),
		legend_text(user));
}

static void put_share(FILE *f, const struct layout_area *area, unsigned int user)
{
	uint64_t whole = area->range.end_pa - area->range.start_pa;
	char text[LEGEND_PERCENT_BYTES];

	fputs("<tr><th scope=\"row\">", f);
	put_user(f, user);
	put_where(f, area, user);
	fputs("</th><td class=\"number\">", f);
	html_number(f, area->share[user].bytes);
	fputs("</td>", f);
	if (whole) {
		fputs("<td class=\"number\">", f);
		html_text(f, legend_percent(area->share[user].bytes, whole, text));
		fputs(" %</td>", f);
	}
	fputs("</tr>\n", f);
}

static const char *const share_head[] = { "part", "#bytes", "#share", NULL };

/* The rows of @area, and its sum. */
static void put_shares(FILE *f, const struct layout_area *area, const char *what)
{
	unsigned int user[LAYOUT_USERS];
	unsigned int n = layout_by_size(area, user);

	for (unsigned int i = 0; i < n; i++)
		put_share(f, area, user[i]);
	fprintf(f, "</tbody>\n<tfoot><tr><th scope=\"row\">%s</th><td class=\"number\">", what);
	html_number(f, area->range.end_pa - area->range.start_pa);
	fputs("</td><td class=\"number\">100.0 %</td></tr></tfoot></table>\n", f);
}

static void put_area_table(FILE *f, const struct layout_area *area, size_t nr)
{
	char id[32], caption[48];

	snprintf(id, sizeof(id), "area-%zu", nr);
	snprintf(caption, sizeof(caption), "Users of area %zu", nr);
	html_begin_table(f, id, caption, share_head);
	put_shares(f, area, caption + strlen("Users of "));
}

static void put_area(FILE *f, const struct layout_area *area, size_t nr,
		     const struct kho_ranges *memory)
{
	char size[KHO_SIZE_BYTES];

	fprintf(f, "<section class=\"card\" aria-labelledby=\"a%zu\">\n<h3 id=\"a%zu\">", nr, nr);
	fprintf(f, "Area %zu%s: %s", nr, area->role == LAYOUT_LOWMEM ? " (lowmem)" :
		area->role == LAYOUT_GLOBAL ? " (global)" : "",
		kho_size(area->range.end_pa - area->range.start_pa, size));
	html_nodes(f, &area->range, memory);
	fputs("</h3>\n", f);
	put_area_bar(f, area, nr);
	put_area_table(f, area, nr);
	fputs("</section>\n", f);
}

static void put_mark(FILE *f, const struct layout *layout, const struct layout_node *node,
		     const struct layout_mark *mark)
{
	const struct kho_range *area = &layout->area[mark->area].range;
	char name[32];

	snprintf(name, sizeof(name), "area %zu", mark->area + 1);
	fprintf(f, "<g class=\"part f-area\" role=\"img\" tabindex=\"0\" aria-label=\"%s, ", name);
	put_addresses(f, area->start_pa, area->end_pa);
	fputs("\">\n<rect y=\"18\" height=\"30\"", f);
	put_place(f, mark->from_bytes, mark->to_bytes, node->ram_bytes);
	fprintf(f, "><title>%s: ", name);
	put_addresses(f, area->start_pa, area->end_pa);
	fputs(", ", f);
	put_bytes(f, area->end_pa - area->start_pa);
	fputs("</title></rect>\n", f);
	put_tip(f, name, area->end_pa - area->start_pa, 65);
	put_addresses(f, area->start_pa, area->end_pa);
	end_tip(f);
}

/* "3, 1" above areas that lie too close for a label each. */
static void put_mark_labels(FILE *f, const struct layout_node *node)
{
	for (size_t i = 0, next; i < node->nr_marks; i = next) {
		double from = percent(node->mark[i].from_bytes, node->ram_bytes);
		bool right = from > 50;
		double at;

		for (next = i + 1; next < node->nr_marks &&
		     percent(node->mark[next].from_bytes, node->ram_bytes) - from < 10; next++)
			;
		at = right ? percent(node->mark[next - 1].to_bytes, node->ram_bytes) : from;
		fprintf(f, "<text x=\"%.4f%%\" y=\"13\"%s>%s %zu", at,
			right ? " text-anchor=\"end\"" : "", next > i + 1 ? "areas" : "area",
			node->mark[i].area + 1);
		for (size_t k = i + 1; k < next; k++)
			fprintf(f, ", %zu", node->mark[k].area + 1);
		fputs("</text>\n", f);
	}
}

/* Those from @first on that lie too close to be drawn apart; returns the next one. */
static size_t put_preserved_cluster(FILE *f, const struct layout_node *node, size_t first)
{
	const struct layout_preserved *p = &node->preserved[first];
	uint64_t bytes = 0;
	size_t next = first;

	do {
		bytes += node->preserved[next].to_bytes - node->preserved[next].from_bytes;
		next++;
	} while (next < node->nr_preserved &&
		 percent(node->preserved[next].from_bytes - node->preserved[next - 1].to_bytes,
			 node->ram_bytes) < GAP_PERCENT);
	fputs("<rect y=\"22\" height=\"22\"", f);
	put_place(f, p->from_bytes, node->preserved[next - 1].to_bytes, node->ram_bytes);
	fputs("><title>preserved memory: ", f);
	put_addresses(f, p->start_pa, node->preserved[next - 1].end_pa);
	fputs(", ", f);
	put_bytes(f, bytes);
	if (next > first + 1)
		fprintf(f, " in %zu stretches", next - first);
	fputs("</title></rect>\n", f);
	return next;
}

static void put_preserved_part(FILE *f, const struct layout_node *node)
{
	const struct layout_preserved *last = &node->preserved[node->nr_preserved - 1];

	fputs("<g class=\"part f-preserved\" role=\"img\" tabindex=\"0\" "
	      "aria-label=\"preserved memory: ", f);
	put_bytes(f, node->preserved_bytes);
	fputs(", ", f);
	put_stretches(f, node->preserved[0].start_pa, last->end_pa, node->nr_preserved);
	fputs("\">\n", f);
	for (size_t i = 0; i < node->nr_preserved; )
		i = put_preserved_cluster(f, node, i);
	put_tip(f, "preserved memory", node->preserved_bytes, 65);
	put_stretches(f, node->preserved[0].start_pa, last->end_pa, node->nr_preserved);
	end_tip(f);
}

static void put_node_bar(FILE *f, const struct layout *layout, size_t nr)
{
	const struct layout_node *node = &layout->node[nr - 1];
	const struct kho_ranges *ram = &node->ram;
	char size[KHO_SIZE_BYTES];

	fprintf(f, "<section class=\"card\" aria-labelledby=\"n%zu\">\n<h3 id=\"n%zu\">", nr, nr);
	if (node->node == KHO_NO_NODE)
		fputs("No known node", f);
	else
		fprintf(f, "Node %d", node->node);
	fprintf(f, ": %s of RAM</h3>\n", kho_size(node->ram_bytes, size));
	begin_bar(f, 86);
	fputs("The RAM of this node to scale, and its areas\">\n"
	      "<g class=\"label\" aria-hidden=\"true\">\n", f);
	put_mark_labels(f, node);
	fputs("</g>\n", f);
	put_axis(f, ram->r[0].start_pa, ram->r[ram->n - 1].end_pa, 65);
	fputs("<g class=\"f-ram\"><rect x=\"0\" y=\"22\" width=\"100%\" height=\"22\"/></g>\n"
	      "<rect class=\"frame\" x=\"0\" y=\"22\" width=\"100%\" height=\"22\"/>\n", f);
	if (node->nr_preserved)
		put_preserved_part(f, node);
	for (size_t i = 0; i < node->nr_marks; i++)
		put_mark(f, layout, node, &node->mark[i]);
	fputs("</svg>\n<p class=\"soft small\">", f);
	put_bytes(f, node->ram_bytes);
	fprintf(f, " in %zu %s; holes are left out.</p>\n</section>\n", ram->n,
		ram->n == 1 ? "range" : "ranges");
}

static void put_legend(FILE *f, bool with_preserved)
{
	static const struct {
		unsigned int user;
		const char *text;
	} key[] = {
		{ BOOT_KERNEL, "loaded" },
		{ BOOT_MEMORY_MAP, "memory map and its tables" },
		{ BOOT_PERCPU, "other allocations of the kernel" },
		{ BOOT_SWIOTLB, "set aside by a parameter" },
		{ LAYOUT_FREE, "free" },
	};

	fputs("<ul class=\"legend\" aria-label=\"Colours\">\n", f);
	for (size_t i = 0; i < sizeof(key) / sizeof(key[0]); i++)
		fprintf(f, "<li><span class=\"key %s\" aria-hidden=\"true\">&#160;</span>%s</li>\n",
			class_of(key[i].user), key[i].text);
	if (with_preserved)
		fputs("<li><span class=\"key f-preserved\" aria-hidden=\"true\">&#160;</span>"
		      "preserved memory</li>\n", f);
	fputs("</ul>\n", f);
}

static void put_beyond(FILE *f, const struct layout_area *beyond)
{
	static const char *const head[] = { "part", "#bytes", NULL };
	unsigned int user[LAYOUT_USERS];
	unsigned int n = layout_by_size(beyond, user);

	if (!n)
		return;
	fputs("<section class=\"card\" aria-labelledby=\"beyond\">\n"
	      "<h3 id=\"beyond\">Beyond the areas</h3>\n", f);
	html_begin_table(f, "beyond-table", "In 1 GiB blocks without preserved memory, which this "
			 "successor uses as scratch too", head);
	for (unsigned int i = 0; i < n; i++)
		put_share(f, beyond, user[i]);
	fputs("</tbody></table>\n</section>\n", f);
}

void html_map(FILE *f, const struct kho_report *report, const struct layout *layout)
{
	bool preserved = false;

	html_begin_section(f, "map", "What will lie where");
	for (size_t i = 0; i < layout->nr_nodes; i++)
		preserved |= layout->node[i].nr_preserved;
	put_legend(f, preserved);
	fputs("<div class=\"grid\">\n", f);
	for (size_t i = 0; i < layout->nr_nodes; i++)
		put_node_bar(f, layout, i + 1);
	fputs("</div>\n<div class=\"grid\">\n", f);
	for (size_t i = 0; i < layout->nr_areas; i++)
		put_area(f, &layout->area[i], i + 1, &report->machine->memory);
	put_beyond(f, &layout->beyond);
	fputs("</div>\n", f);
	if (!layout->nr_areas)
		fputs("<p>The scratch areas of this machine are not known.</p>\n", f);
	fputs("</section>\n", f);
}

/* All areas as one, for its sums. */
static struct layout_area sum_of_areas(const struct layout *layout)
{
	struct layout_area all = { 0 };

	for (size_t i = 0; i < layout->nr_areas; i++) {
		const struct layout_area *area = &layout->area[i];

		all.range.end_pa += area->range.end_pa - area->range.start_pa;
		for (unsigned int user = 0; user < LAYOUT_USERS; user++)
			all.share[user].bytes += area->share[user].bytes;
	}
	return all;
}

void html_budget(FILE *f, const struct kho_report *report, const struct layout *layout)
{
	const struct layout_area all = sum_of_areas(layout);
	char text[LEGEND_LINE_BYTES];

	html_begin_section(f, "budget", "Budget");
	fputs("<div class=\"card\">\n", f);
	if (legend_missing(report->check, text)[0])
		fprintf(f, "<p>I%s.</p>\n", text + 1);
	html_begin_table(f, "budget-table", "All areas together", share_head);
	put_shares(f, &all, "all areas");
	fputs("</div>\n</section>\n", f);
}
