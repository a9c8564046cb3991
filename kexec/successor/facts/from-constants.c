// SPDX-License-Identifier: GPL-2.0-only
/*
 * What stands in no table of the image, but in its code: numbers of its configuration that the
 * kernel prints, the size of its percpu section, the levels of a preserved map.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "arch/arch.h"
#include "successor/facts/facts.h"
#include "successor/facts/kallsyms.h"
#include "successor/image/image.h"
#ifdef HAVE_CAPSTONE
#include "successor/vmcoreinfo/code-walk.h"
#endif

int constant_of_image(const struct successor_image *image, const char *name, uint64_t *value)
{
	for (size_t i = 0; i < image->nr_constants; i++)
		if (!strcmp(image->constant[i].name, name)) {
			*value = image->constant[i].value;
			return 0;
		}
	return -ENOENT;
}

void image_keep_constant(struct successor_image *image, const char *name, uint64_t value)
{
	if (image->nr_constants < IMAGE_MAX_CONSTANTS)
		image->constant[image->nr_constants++] = (struct image_constant){ name, value };
}

#ifdef HAVE_CAPSTONE

/* The initial value of a variable is printed, as a constant, right behind this format. */
struct message {
	const char *variable;
	const char *format;
};

static const struct message messages[] = {
	/* arch/x86/kernel/setup_percpu.c, setup_per_cpu_areas(): NR_CPUS */
	{ "nr_cpu_ids", "\0016setup_percpu: NR_CPUS:%d nr_cpumask_bits:%d nr_cpu_ids:%u "
			"nr_node_ids:%u\n" },
	/* kernel/rcu/tree_plugin.h, rcu_bootup_announce_oddness(): NR_CPUS */
	{ "nr_cpu_ids", "\0016rcu: \tRCU restricting CPUs from NR_CPUS=%d to nr_cpu_ids=%u.\n" },
	/* kernel/printk/printk.c, log_buf_add_cpu(): __LOG_BUF_LEN */
	{ "log_buf_len", "\0016printk: log_buf_len min size: %d bytes\n" },
};

struct print_search {
	const struct code_isa *isa;
	struct successor_image *image;
	uint64_t format_va;
	uint64_t value;
	unsigned int found;	/* calls with a number */
	bool unsure;		/* one without, or with another */
};

static bool on_print(void *data, enum code_flow how, uint64_t site, uint64_t target,
		     const struct code_regs *regs)
{
	struct print_search *search = data;
	uint64_t format, value;

	if (!code_get(regs, search->isa->arg[0], &format) || format != search->format_va)
		return false;
	if (!code_get(regs, search->isa->arg[1], &value) ||
	    (search->found && search->value != value))
		search->unsure = true;
	search->value = value;
	search->found++;
	return true;
}

static int walk_to_print(void *data, uint64_t reference_va)
{
	struct print_search *search = data;
	uint64_t entry;
	int ret;

	search->found = 0;
	search->unsure = false;
	if (kallsyms_entry(search->image, reference_va, &entry))
		return -ENOENT;
	ret = code_walk(search->isa, search->image, entry,
			&(struct code_visit){ .on_call = on_print, .data = search });
	if (ret == -ENOMEM)
		return ret;
	return !ret && search->found && !search->unsure ? 0 : -ENOENT;
}

static int read_message(struct successor *s, const struct message *m)
{
	struct print_search search = { .isa = s->arch->isa, .image = s->image };
	uint64_t value;
	int ret;

	if (!constant_of_image(s->image, m->variable, &value) ||
	    !kallsyms_initial(s->image, m->variable, 4, &value) ||
	    image_find_va(s->image, m->format, strlen(m->format) + 1, &search.format_va))
		return 0;
	ret = code_each_reference(search.isa, s->image, search.format_va, walk_to_print, &search);
	if (ret == -ENOMEM)
		return ret;
	if (!ret)
		image_keep_constant(s->image, m->variable, search.value);
	return 0;
}

struct difference_search {
	const struct successor_image *image;
	uint64_t bytes;		/* 0: none was made yet */
	bool unsure;		/* several were */
};

static bool is_page_of_image(const struct successor_image *image, uint64_t va)
{
	struct kho_bytes bytes;

	return !(va & 4095) && !image_bytes_at(image, va, &bytes);
}

/* An instruction that takes the address of one page of the image from another address. */
static void on_step(void *data, const struct code_regs *before, const struct code_regs *after)
{
	struct difference_search *search = data;

	for (unsigned int to = 0; to < CODE_MAX_REGS; to++) {
		uint64_t now, a, b;

		if (!code_get(after, to, &now) || !now || (code_get(before, to, &a) && a == now))
			continue;
		for (unsigned int from = 0; from < CODE_MAX_REGS; from++) {
			if (!code_get(before, to, &a) || !code_get(before, from, &b) ||
			    a - b != now || !is_page_of_image(search->image, b) || a < b)
				continue;
			search->unsure = search->bytes && search->bytes != now;
			search->bytes = now;
		}
	}
}

/*
 * mm/percpu.c, __is_kernel_percpu_address(): its size is all that this function makes out of two
 * addresses.  The section begins on a page (PERCPU_SECTION).
 */
static int read_percpu(struct successor *s)
{
	struct difference_search search = { .image = s->image };
	uint64_t entry;
	int ret;

	if (s->load.percpu_bytes != SUCCESSOR_BYTES_UNKNOWN ||
	    kallsyms_function(s->image, "__is_kernel_percpu_address", &entry))
		return 0;
	ret = code_walk(s->arch->isa, s->image, entry,
			&(struct code_visit){ .on_step = on_step, .data = &search });
	if (ret == -ENOMEM)
		return ret;
	if (!ret && search.bytes && !search.unsure)
		s->load.percpu_bytes = search.bytes;
	return 0;
}

struct levels_search {
	const struct code_isa *isa;
	uint64_t walk_va;	/* __kho_radix_walk_tree() */
	uint64_t top;		/* the level that it is called with */
	unsigned int found;
	bool unsure;		/* one call without a number, or with another */
};

static bool on_map_walk(void *data, enum code_flow how, uint64_t site, uint64_t target,
			const struct code_regs *regs)
{
	struct levels_search *search = data;
	uint64_t level, key;

	if (target != search->walk_va)
		return false;
	/* A compiler may have put the walk of the top level in here: then the key is not 0. */
	if (!code_get(regs, search->isa->arg[1], &level) ||
	    !code_get(regs, search->isa->arg[2], &key) || key ||
	    (search->found && search->top != (uint32_t)level))
		search->unsure = true;
	search->top = (uint32_t)level;
	search->found++;
	return true;
}

/*
 * kernel/liveupdate/kexec_handover.c, kho_radix_walk_tree() calls __kho_radix_walk_tree(root,
 * KHO_TREE_MAX_DEPTH - 1, 0, ...), once.
 */
static int read_map_levels(struct successor *s)
{
	struct levels_search search = { .isa = s->arch->isa };
	uint64_t entry, value;
	int ret;

	if (!constant_of_image(s->image, MAP_LEVELS, &value) ||
	    kallsyms_function(s->image, "kho_radix_walk_tree", &entry) ||
	    kallsyms_function(s->image, "__kho_radix_walk_tree", &search.walk_va))
		return 0;
	ret = code_walk(search.isa, s->image, entry,
			&(struct code_visit){ .on_call = on_map_walk, .data = &search });
	if (ret == -ENOMEM)
		return ret;
	if (!ret && search.found && !search.unsure && search.top < MAP_MAX_LEVELS)
		image_keep_constant(s->image, MAP_LEVELS, search.top + 1);
	return 0;
}

struct size_search {
	uint64_t bytes;		/* 0: none was made yet */
	bool unsure;		/* several were */
};

/* An instruction that makes a number of whole MiB. */
static void on_size(void *data, const struct code_regs *before, const struct code_regs *after)
{
	struct size_search *search = data;
	uint64_t now, was;

	for (unsigned int to = 0; to < CODE_MAX_REGS; to++) {
		if (!code_get(after, to, &now) || !now || now & 0xfffff || now >> 32 ||
		    (code_get(before, to, &was) && was == now))
			continue;
		search->unsure |= search->bytes && search->bytes != now;
		search->bytes = now;
	}
}

/*
 * kernel/dma/contiguous.c, dma_contiguous_reserve(): without cma= its size is CMA_SIZE_MBYTES, the
 * only number of MiB there; none where that is 0.
 */
static int read_cma(struct successor *s)
{
	struct size_search search = { .bytes = 0 };
	uint64_t entry;
	int ret;

	if (kallsyms_function(s->image, "dma_contiguous_reserve", &entry))
		return 0;
	ret = code_walk(s->arch->isa, s->image, entry,
			&(struct code_visit){ .on_step = on_size, .data = &search });
	if (!ret && !search.unsure)
		image_keep_constant(s->image, "dma_contiguous_reserve.size_bytes", search.bytes);
	return ret == -ENOMEM ? ret : 0;
}

/*
 * mm/cma.c, __cma_declare_contiguous_nid(): an area is a multiple of CMA_MIN_ALIGNMENT_BYTES, a page
 * block, and begins at one; that is the only number of MiB there.
 */
static int read_page_block(struct successor *s)
{
	struct size_search search = { .bytes = 0 };
	uint64_t entry;
	int ret;

	if (kallsyms_function(s->image, "__cma_declare_contiguous_nid", &entry) &&
	    kallsyms_function(s->image, "cma_declare_contiguous_nid", &entry))
		return 0;
	ret = code_walk(s->arch->isa, s->image, entry,
			&(struct code_visit){ .on_step = on_size, .data = &search });
	if (!ret && !search.unsure && search.bytes && !(search.bytes & (search.bytes - 1)))
		image_keep_constant(s->image, "cma_declare_contiguous_nid.align_bytes",
				    search.bytes);
	return ret == -ENOMEM ? ret : 0;
}

int facts_from_constants(struct successor *s)
{
	int ret = 0;

	if (!s->arch || !s->arch->isa)
		return 0;
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]) && !ret; i++)
		ret = read_message(s, &messages[i]);
	if (!ret)
		ret = read_map_levels(s);
	if (!ret)
		ret = read_percpu(s);
	if (!ret)
		ret = read_cma(s);
	return ret ? ret : read_page_block(s);
}

#else

int facts_from_constants(struct successor *s)
{
	return 0;
}

#endif
