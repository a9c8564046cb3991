// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <inttypes.h>

#include "rehearse/overrule.h"

/* Neighbours of one kind and size are one line. */
struct stretch {
	const struct console_alloc *first;
	uint64_t start_pa;
	uint64_t end_pa;
	uint64_t pieces;
};

static bool continues(const struct stretch *s, const struct console_alloc *a)
{
	if (!s->pieces || a->user != s->first->user || a->bytes != s->first->bytes ||
	    a->node != s->first->node)
		return false;
	return a->start_pa + a->bytes == s->start_pa || a->start_pa == s->end_pa;
}

static void extend(struct stretch *s, const struct console_alloc *a)
{
	if (a->start_pa < s->start_pa)
		s->start_pa = a->start_pa;
	if (a->start_pa + a->bytes > s->end_pa)
		s->end_pa = a->start_pa + a->bytes;
	s->pieces++;
}

/* Call @tell with each stretch, in the order of the log. */
static void each_stretch(const struct console *c,
			 void (*tell)(const struct stretch *s, void *arg), void *arg)
{
	struct stretch s = { .pieces = 0 };

	for (size_t i = 0; i < c->nr_allocs; i++) {
		const struct console_alloc *a = &c->alloc[i];

		if (continues(&s, a)) {
			extend(&s, a);
			continue;
		}
		if (s.pieces)
			tell(&s, arg);
		s = (struct stretch){ a, a->start_pa, a->start_pa + a->bytes, 1 };
	}
	if (s.pieces)
		tell(&s, arg);
}

static void tell_stretch(const struct stretch *s, void *arg)
{
	fprintf(arg, "  %-30s %10" PRIu64 " KiB  0x%010" PRIx64 "-0x%010" PRIx64 "  %s\n",
		boot_user_text(s->first->user), (s->end_pa - s->start_pa + 1023) >> 10, s->start_pa,
		s->end_pa, s->first->function);
}

static void tell_differences(FILE *f, const struct rehearsal *r)
{
	fprintf(f, "  in the model's place: %" PRIu64 " of %" PRIu64 " pieces of the memory map, %"
		PRIu64 " of %" PRIu64 " others over a page\n", r->map_equal, r->map_seen,
		r->others_equal, r->others_seen);
	for (size_t i = 0; i < r->nr_differences; i++) {
		const struct rehearsal_difference *d = &r->difference[i];

		fprintf(f, "  differs: %s, %" PRIu64 " KiB (%s): at 0x%" PRIx64,
			boot_user_text(d->seen.user), (d->seen.bytes + 1023) >> 10,
			d->seen.function, d->seen.start_pa);
		if (d->model_pa != UINT64_MAX)
			fprintf(f, ", in the model 0x%" PRIx64, d->model_pa);
		fputc('\n', f);
	}
}

void rehearsal_tell(FILE *f, const struct rehearsal *r)
{
	fprintf(f, "rehearsal: the successor's boot %s%s\n",
		r->outcome == REHEARSAL_UNKNOWN ? "is not known: " : "",
		r->outcome == REHEARSAL_UNKNOWN ? r->trouble : rehearsal_outcome_text(r));
	if (r->outcome == REHEARSAL_UNKNOWN && !r->console.nr_allocs && !r->console.nr_words)
		return;
	fprintf(f, "  took %.1f s under %s, %" PRIu64 " MiB of memory\n", r->took_seconds,
		r->kvm ? "KVM" : "TCG", r->touched_bytes >> 20);
	if (r->kvm_trouble[0])
		fprintf(f, "  KVM could not be used: %s\n", r->kvm_trouble);
	fprintf(f, "  its command line: %s\n", r->cmdline[r->silent]);
	if (r->silent)
		fprintf(f, "  its allocations are too many to be printed in the given time\n");
	if (r->place.forced)
		fprintf(f, "  the kernel ran at 0x%" PRIx64 ", the worst place that KASLR may choose: "
			"%s\n", r->place.kernel_pa, r->place.reason);
	if (r->initrd_zeros)
		fprintf(f, "  the initrd's content was not known: it was zeros\n");
	if (r->preserved_all)
		fprintf(f, "  what is preserved is not known: shown is the boot with something in "
			"each 1 GiB\n");
	for (size_t i = 0; i < r->console.nr_words; i++)
		fprintf(f, "  | %s\n", r->console.words[i]);
	each_stretch(&r->console, tell_stretch, f);
	tell_differences(f, r);
}

struct json_stretches {
	struct builder *b;
	struct json_object *array;
};

static void push_stretch(const struct stretch *s, void *arg)
{
	struct json_stretches *list = arg;
	struct builder *b = list->b;
	struct json_object *o = made(b, json_object_new_object());

	put_string(b, o, "user", boot_user_key(s->first->user));
	put_string(b, o, "function", s->first->function[0] ? s->first->function : NULL);
	put_node(b, o, "wanted_node", s->first->node);
	put_u64(b, o, "start", s->start_pa);
	put_u64(b, o, "bytes", s->end_pa - s->start_pa);
	put_u64(b, o, "pieces", s->pieces);
	push(b, list->array, o);
}

static struct json_object *differences_array(struct builder *b, const struct rehearsal *r)
{
	struct json_object *array = made(b, json_object_new_array());

	for (size_t i = 0; i < r->nr_differences; i++) {
		const struct rehearsal_difference *d = &r->difference[i];
		struct json_object *o = made(b, json_object_new_object());

		put_string(b, o, "user", boot_user_key(d->seen.user));
		put_string(b, o, "function", d->seen.function[0] ? d->seen.function : NULL);
		put_u64(b, o, "start", d->seen.start_pa);
		put_u64(b, o, "bytes", d->seen.bytes);
		if (d->model_pa == UINT64_MAX)
			put(b, o, "model_start", NULL);
		else
			put_u64(b, o, "model_start", d->model_pa);
		push(b, array, o);
	}
	return array;
}

static void put_counts(struct builder *b, struct json_object *o, const struct rehearsal *r)
{
	put_u64(b, o, "map_seen", r->map_seen);
	put_u64(b, o, "map_model", r->map_model);
	put_u64(b, o, "map_equal", r->map_equal);
	put_u64(b, o, "others_seen", r->others_seen);
	put_u64(b, o, "others_equal", r->others_equal);
	put(b, o, "differences", differences_array(b, r));
}

struct json_object *rehearsal_object(struct builder *b, const struct rehearsal *r)
{
	static const char *const outcomes[] = {
		[REHEARSAL_UNKNOWN] = "unknown", [REHEARSAL_UP] = "up", [REHEARSAL_DIED] = "dies",
		[REHEARSAL_DEPENDS] = "depends_on_preserved",
	};
	struct json_object *o = made(b, json_object_new_object());
	struct json_stretches words = { b, made(b, json_object_new_array()) };
	struct json_stretches allocs = { b, made(b, json_object_new_array()) };

	for (size_t i = 0; i < r->console.nr_words; i++)
		push(b, words.array, made(b, json_object_new_string(r->console.words[i])));
	each_stretch(&r->console, push_stretch, &allocs);
	put_string(b, o, "outcome", outcomes[r->outcome]);
	put_string(b, o, "trouble", r->trouble[0] ? r->trouble : NULL);
	put_bool(b, o, "reset", r->reset);
	put_bool(b, o, "handover_found", r->console.handover_found);
	put(b, o, "words", words.array);
	put_bool(b, o, "kvm", r->kvm);
	put_string(b, o, "kvm_trouble", r->kvm_trouble[0] ? r->kvm_trouble : NULL);
	put_u64(b, o, "took_milliseconds", (uint64_t)(r->took_seconds * 1000));
	put_u64(b, o, "touched_bytes", r->touched_bytes);
	put_string(b, o, "cmdline", r->cmdline[r->silent]);
	put_bool(b, o, "silent", r->silent);
	put_u64(b, o, "kernel_start", r->place.kernel_pa);
	put_bool(b, o, "place_forced", r->place.forced);
	put_string(b, o, "place_reason", r->place.forced ? r->place.reason : NULL);
	put_bool(b, o, "initrd_zeros", r->initrd_zeros);
	put_bool(b, o, "preserved_all", r->preserved_all);
	put_counts(b, o, r);
	put(b, o, "allocations", allocs.array);
	return o;
}
