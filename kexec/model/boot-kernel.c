// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/boot-kernel.h"

#define KIB(n)	(UINT64_C(n) << 10)
#define MIB(n)	(UINT64_C(n) << 20)

static void add_basis(struct boot_bases *bases, const char *what, const char *how, bool image)
{
	if (bases && bases->n < BOOT_BASES)
		bases->basis[bases->n++] = (struct boot_basis){ what, how, image };
}

/* What shows that a kernel does something, and which releases of Linux do it. */
struct behaviour {
	const char *what;
	const char *text[6];		/* any of them in its data; up to the first NULL */
	const char *function[8];	/* any of them among its functions */
	unsigned int since, until;	/* major * 1000 + minor of the first, and the first not; 0 */
};

/*
 * kernel/liveupdate/kexec_handover.c, kho_extend_scratch(): its own complaint; it is inlined,
 * but what it gives to the walk of the tree is not, nor is its caller.
 */
static const struct behaviour extends_scratch = {
	.what = "scratch is extended over free 1 GiB blocks",
	.text = {
#define AREA_NAME(word) "\0013KHO: Failed to extend " #word ": %pe\n",
#include "kernel/area-names.def"
#undef AREA_NAME
	},
	.function = { "kho_ext_walk_leaf", "kho_memory_init_early",
#define AREA_NAME(word) "kho_extend_" #word,
#include "kernel/area-names.def"
#undef AREA_NAME
	},
	.since = 7003,
};

/* mm/memblock.c */
static const struct behaviour hugepages_outside = {
	.what = "gigantic pages lie outside of the areas",
	.function = { "memblock_alloc_hugetlb" },
	.since = 7003,
};

/* mm/sparse.c, sparse_buffer_alloc(): not static, so it shows wherever it exists. */
static const struct behaviour sparse_buffer = {
	.what = "one buffer a node is tried for the memory map",
	.function = { "sparse_buffer_alloc" },
	.until = 7002,
};

/* mm/mm_init.c, mm_core_init_early(), and what 6.18 did before there was one. */
static const struct behaviour map_after_setup_arch = {
	.what = "the memory map comes after setup_arch()",
	.function = { "mm_core_init_early" },
	.since = 7000,
};

/* major * 1000 + minor; 0: not known. */
static unsigned int release(const struct successor *s)
{
	unsigned int major, minor;

	if (sscanf(s->release, "%u.%u", &major, &minor) != 2 || major > 1000 || minor >= 1000)
		return 0;
	return major * 1000 + minor;
}

/* One that is not known is taken as new. */
static bool is_since(const struct successor *s, unsigned int first)
{
	return !release(s) || release(s) >= first;
}

/* In a release that lacks it, it may have been put back: by the first of its names. */
static bool shows(const struct successor *s, const struct behaviour *b, bool lacks_it)
{
	for (size_t i = 0; b->text[i] && !(i && lacks_it); i++)
		if (successor_has_string(s, b->text[i]) == KHO_TRI_YES)
			return true;
	for (size_t i = 0; b->function[i] && !(i && lacks_it); i++)
		if (successor_has_function(s, b->function[i]) == KHO_TRI_YES)
			return true;
	return false;
}

/*
 * That nothing shows says no only for a release that is known not to do it: it may have
 * been given another name since.
 */
static enum kho_tri does(const struct successor *s, const struct behaviour *b,
			 struct boot_bases *bases)
{
	unsigned int r = release(s);
	bool lacks_it = r && (r < b->since || (b->until && r >= b->until));

	if (shows(s, b, lacks_it)) {
		add_basis(bases, b->what, "yes: its message or its function is in the image", true);
		return KHO_TRI_YES;
	}
	if (lacks_it) {
		add_basis(bases, b->what, "no: it is not in the image, and its release lacks it",
			  true);
		return KHO_TRI_NO;
	}
	/* What is gone does not come back under another name. */
	if (b->until && successor_has_function(s, b->function[0]) == KHO_TRI_NO) {
		add_basis(bases, b->what, "no: its function is not in the image", true);
		return KHO_TRI_NO;
	}
	return KHO_TRI_UNKNOWN;
}

/* By release where nothing else tells; one that is not known is taken as new. */
static bool does_by_release(const struct successor *s, const struct behaviour *b,
			    struct boot_bases *bases)
{
	enum kho_tri says = does(s, b, bases);

	if (says != KHO_TRI_UNKNOWN)
		return says == KHO_TRI_YES;
	if (release(s))
		add_basis(bases, b->what, "yes: by its release", false);
	else
		add_basis(bases, b->what, b->until ? "no: taken as a new kernel's" :
					       "yes: taken as a new kernel's", false);
	return release(s) || !b->until;
}

static void behaviours(const struct successor *s, struct boot_kernel *k, struct boot_bases *bases)
{
	enum kho_tri extends = does(s, &extends_scratch, bases);

	k->extends_scratch = extends == KHO_TRI_YES;
	k->extends_unknown = extends == KHO_TRI_UNKNOWN;
	if (k->extends_unknown)
		add_basis(bases, extends_scratch.what,
			  "not known: nothing in the image tells, and its release is not one that "
			  "surely lacks it; both are followed", false);
	k->sparse_buffer = does_by_release(s, &sparse_buffer, bases);
	k->map_after_setup_arch = does_by_release(s, &map_after_setup_arch, bases);
	/* Without huge pages it is not there, and they are not asked for. */
	k->hugepages_outside = does_by_release(s, &hugepages_outside, NULL);
	k->usage_by_node_data = !k->map_after_setup_arch;
}

/* A number of the configuration in the image, or @otherwise. */
static uint64_t config_number(const struct successor *s, const char *name, uint64_t otherwise)
{
	const char *value = successor_config(s, name);
	char *end;
	uint64_t n;

	if (!value)
		return otherwise;
	n = strtoull(value, &end, 0);
	return *value && !*end ? n : otherwise;
}

static bool config_set(const struct successor *s, const char *name, bool otherwise)
{
	const char *value = successor_config(s, name);

	return value ? !strcmp(value, "y") : otherwise;
}

static uint64_t known_or(uint64_t bytes, uint64_t otherwise)
{
	return bytes == SUCCESSOR_BYTES_UNKNOWN ? otherwise : bytes;
}

/* A size that its VMCOREINFO prints, or @otherwise, which is on the large side. */
static uint64_t printed_size(const struct successor *s, const char *key, uint64_t otherwise,
			     const char *what, const char *how, struct boot_bases *bases)
{
	uint64_t bytes;
	bool printed = !successor_vmcoreinfo_number(s, key, &bytes) && bytes && bytes <= MIB(1);

	add_basis(bases, what, printed ? "from the code of its VMCOREINFO" : how, printed);
	return printed ? bytes : otherwise;
}

/* Does it hold by the built-in configuration, or, without one, by what is @shown? */
static bool config_or(const struct successor *s, const char *name, enum kho_tri shown,
		      bool otherwise)
{
	return config_set(s, name, shown == KHO_TRI_UNKNOWN ? otherwise : shown == KHO_TRI_YES);
}

/* mm/slab_common.c, INIT_KMALLOC_INFO(): copies of each kmalloc cache, by their names. */
static bool partitions_kmalloc(const struct successor *s)
{
	return config_or(s, "RANDOM_KMALLOC_CACHES",
			 successor_has_string(s, "kmalloc-rnd-01-8k"), false) ||
	       config_or(s, "KMALLOC_PARTITION_CACHES",
			 successor_has_string(s, "kmalloc-part-01-8k"), false);
}

/*
 * mm/percpu-internal.h, struct pcpu_chunk: up to 7.1 obj_exts makes it a cache line longer
 * (NEED_PCPUOBJ_EXT); seen on 6.18 as Debian configures it for clouds.
 */
static uint64_t percpu_chunk_bytes(const struct successor *s)
{
	return !is_since(s, 7002) && config_or(s, "MEMCG",
			successor_has_function(s, "mem_cgroup_css_alloc"), false) ? 192 : 128;
}

/* include/linux/percpu.h: PERCPU_MODULE_RESERVE, PERCPU_DYNAMIC_SIZE_SHIFT */
static void percpu_sizes(const struct successor *s, struct boot_kernel *k,
			 struct boot_bases *bases)
{
	bool told = s->load.percpu_bytes != SUCCESSOR_BYTES_UNKNOWN;
	unsigned int shift = 10;

	k->percpu_bytes = known_or(s->load.percpu_bytes, KIB(256));
	add_basis(bases, "size of the percpu section",
		  told ? "from the image" : "256 KiB, not known", told);
	if (config_or(s, "MODULES", successor_has_function(s, "__module_address"), true))
		k->percpu_reserved_bytes = KIB(8);
	if (partitions_kmalloc(s))
		shift = k->page_bytes > KIB(4) && config_or(s, "LOCKDEP",
			successor_has_function(s, "lock_acquire"), false) ? 13 : 12;
	k->percpu_dynamic_bytes = UINT64_C(28) << shift;
	k->percpu_chunk_bytes = percpu_chunk_bytes(s);
}

/* kernel/printk/printk.c, __LOG_BUF_LEN */
static uint64_t log_buf_bytes(const struct successor *s, struct boot_bases *bases)
{
	uint64_t bytes;
	bool told = !successor_initial(s, "log_buf_len", 4, &bytes) && bytes >= KIB(4) &&
		    bytes <= MIB(32);

	if (!told && successor_config(s, "LOG_BUF_SHIFT"))
		return UINT64_C(1) << (config_number(s, "LOG_BUF_SHIFT", 17) & 31);
	/* The least that distributions have: it is the first to grow with the CPUs. */
	add_basis(bases, "size of the kernel's log",
		  told ? "its initial value" : "128 KiB, not known", told);
	return told ? bytes : KIB(128);
}

/* kernel/smp.c: nr_cpu_ids begins as NR_CPUS. */
static uint64_t most_cpus(const struct successor *s)
{
	uint64_t cpus;

	if (!successor_initial(s, "nr_cpu_ids", 4, &cpus) && cpus && cpus <= 65536)
		return cpus;
	return config_number(s, "NR_CPUS", 0);
}

/*
 * include/linux/kfence.h, KFENCE_POOL_SIZE, with the default of CONFIG_KFENCE_NUM_OBJECTS where
 * no configuration tells; on by default where the interval's initial value is not 0.
 */
static void kfence(const struct successor *s, struct boot_kernel *k)
{
	uint64_t interval = config_number(s, "KFENCE_SAMPLE_INTERVAL", 0), initial;

	if (!config_or(s, "KFENCE", successor_has_function(s, "kfence_alloc_pool_and_metadata"),
		       false))
		return;
	k->kfence_bytes = (config_number(s, "KFENCE_NUM_OBJECTS", 255) + 1) * 2 * k->page_bytes;
	if (!successor_initial(s, "kfence_sample_interval", 8, &initial))
		interval = initial;
	k->kfence_on = interval;
}

/* lib/stackdepot.c: who can ask for it, and whether it is there without that. */
static void stack_depot(const struct successor *s, struct boot_kernel *k)
{
	static const struct {
		const char *parameter;
		enum stack_depot_user user;
	} who[] = {
		{ "kmemleak", STACK_DEPOT_KMEMLEAK },
		{ "page_owner", STACK_DEPOT_PAGE_OWNER },
		{ "slab_debug", STACK_DEPOT_SLAB_DEBUG },
	};
	uint64_t requested;

	for (size_t i = 0; i < sizeof(who) / sizeof(who[0]); i++)
		if (successor_has_parameter(s, who[i].parameter) != KHO_TRI_NO)
			k->depot_users |= who[i].user;
	k->depot_always = config_set(s, "STACKDEPOT_ALWAYS_INIT", false);
	if (!successor_initial(s, "__stack_depot_early_init_requested", 1, &requested))
		k->depot_always = requested;
}

/* kernel/dma/contiguous.c, CMA_SIZE_MBYTES: by the configuration, or by the code. */
static uint64_t cma_bytes(const struct successor *s, const struct kho_arch_early *early,
			  struct boot_bases *bases)
{
	bool has_config = successor_config(s, "SMP");
	uint64_t bytes;

	if (!has_config && !successor_initial(s, "dma_contiguous_reserve.size_bytes", 8, &bytes)) {
		add_basis(bases, "size of the CMA area", "from its code", true);
		return bytes;
	}
	if (early->cma_basis)
		add_basis(bases, "size of the CMA area", has_config ? "from its configuration" :
			  early->cma_basis, has_config);
	if (!config_set(s, "DMA_CMA", early->cma_mib))
		return 0;
	return config_number(s, "CMA_SIZE_MBYTES", early->cma_mib) << 20;
}

/*
 * include/linux/pageblock-flags.h, pageblock_order: a PMD (with huge pages built in), or less where
 * PAGE_BLOCK_MAX_ORDER allows no more.
 */
static uint64_t block_bytes(const struct successor *s, const struct boot_kernel *k)
{
	uint64_t order = config_number(s, "PAGE_BLOCK_MAX_ORDER", 0), bytes = 0;

	if (order && order < 32)
		bytes = k->page_bytes << order;
	else if (successor_initial(s, "cma_declare_contiguous_nid.align_bytes", 8, &bytes))
		return k->pmd_bytes;
	return bytes >= k->page_bytes && bytes < k->pmd_bytes ? bytes : k->pmd_bytes;
}

/* arm64: CONFIG_ARM64_VA_BITS. */
static unsigned int va_bits(const struct successor *s)
{
	uint64_t bits;

	if (!successor_vmcoreinfo_number(s, "NUMBER(VA_BITS)", &bits) && bits >= 36 && bits <= 52)
		return (unsigned int)bits;
	return (unsigned int)config_number(s, "ARM64_VA_BITS", 52);
}

/*
 * MAX_PHYSMEM_BITS.  Where it depends on the CPU (five levels of page tables, LPA2), the code that
 * prints it asks, and no number is known.
 */
static unsigned int physmem_bits(const struct successor *s, const struct kho_arch_early *early)
{
	uint64_t bits;

	if (!successor_vmcoreinfo_number(s, "NUMBER(MAX_PHYSMEM_BITS)", &bits) && bits >= 32 &&
	    bits <= early->max_physmem_bits)
		return (unsigned int)bits;
	if (!early->physmem_bits_config)
		return early->max_physmem_bits;
	return (unsigned int)config_number(s, early->physmem_bits_config, early->max_physmem_bits);
}

/* Sizes that only the configuration or a rule of thumb tells. */
static void sizes(const struct successor *s, struct boot_kernel *k, struct boot_bases *bases)
{
	const struct kho_arch_early *early = &k->arch->early;

	/* A node's data grows with the nodes that the kernel is built for; 1024 at most. */
	k->node_data_bytes = printed_size(s, "SIZE(pglist_data)", KIB(172),
					  "size of a node's data",
					  "172 KiB, as with CONFIG_NODES_SHIFT=10", bases);
	k->mem_section_bytes = printed_size(s, "SIZE(mem_section)", 32,
					    "size of struct mem_section",
					    "32, as with CONFIG_PAGE_EXTENSION", bases);
	percpu_sizes(s, k, bases);
	/* 88 bytes, or 112 with CONFIG_PRINTK_EXECUTION_CTX. */
	k->log_info_bytes = printed_size(s, "SIZE(printk_info)", 112,
					 "size of what the log keeps of a record",
					 "112, as with CONFIG_PRINTK_EXECUTION_CTX", bases);
	/* include/linux/of.h: CONFIG_OF_DYNAMIC adds a word. */
	k->of_property_bytes = config_or(s, "OF_DYNAMIC", successor_has_function(s, "of_detach_node"),
					 true) ? 112 : 104;
	kfence(s, k);
	stack_depot(s, k);
	k->log_buf_bytes = log_buf_bytes(s, bases);
	k->log_cpu_bytes = UINT64_C(1) << (config_number(s, "LOG_CPU_MAX_BUF_SHIFT", 12) & 31);
	k->cma_bytes = cma_bytes(s, early, bases);
	k->block_bytes = block_bytes(s, k);
	k->max_physmem_bits = physmem_bits(s, early);
	k->va_bits = va_bits(s);
	k->four_level_physmem_bits = early->four_level_physmem_bits;
	/* arch/arm64/Kconfig, ARM64_LPA2: addresses of 52 bits, and pages that need it for them. */
	if (k->max_physmem_bits > early->no_lpa2_physmem_bits && k->page_bytes < 65536)
		k->no_lpa2_physmem_bits = early->no_lpa2_physmem_bits;
}

static bool fact(const struct successor *s, enum kho_fact_id id, uint64_t *value)
{
	return kho_fact_get(&s->fact[id], value, NULL) == KHO_FACT_KNOWN;
}

/* What the load itself wants to know. */
static void take_load_facts(const struct successor *s, struct boot_kernel *k)
{
	k->init_bytes = s->load.memory_bytes;
	k->align_bytes = known_or(s->load.alignment_bytes, MIB(2));
	/* A header has one of the two. */
	k->load_min_pa = known_or(s->load.text_offset_bytes, known_or(s->load.preferred_pa, 0));
	k->relocatable = s->load.relocatable != KHO_TRI_NO;
}

/*
 * What KASLR wants of a place, and stays away from: extract_kernel(), mem_avoid_init().  Less
 * than init_bytes, so that without it places are missed.
 */
static void unpacking(const struct successor *s, struct boot_kernel *k)
{
	uint64_t unpacked = known_or(s->load.unpacked_bytes, 0);

	k->output_bytes = unpacked > k->kernel_bytes ? unpacked : k->kernel_bytes;
	k->payload_offset_bytes = known_or(s->load.payload_offset_bytes, 0);
}

bool boot_kernel_for_load(const struct successor *s, uint64_t page_bytes, struct boot_kernel *k)
{
	memset(k, 0, sizeof(*k));
	k->arch = s->arch;
	if (!s->arch || !s->arch->boot || s->load.memory_bytes == SUCCESSOR_BYTES_UNKNOWN ||
	    (!page_bytes && !fact(s, KHO_FACT_PAGE_BYTES, &page_bytes)))
		return false;
	k->page_bytes = page_bytes;
	take_load_facts(s, k);
	return true;
}

int boot_kernel_from_successor(const struct successor *s, struct boot_kernel *k,
			       struct boot_bases *bases, const char **missing)
{
	uint64_t bits, vmemmap;

	memset(k, 0, sizeof(*k));
	if (bases)
		bases->n = 0;
	k->arch = s->arch;
	*missing = NULL;
	if (!s->arch || !s->arch->boot)
		*missing = "the architecture";
	else if (!fact(s, KHO_FACT_PAGE_BYTES, &k->page_bytes))
		*missing = kho_fact_name(KHO_FACT_PAGE_BYTES);
	else if (!fact(s, KHO_FACT_STRUCT_PAGE_BYTES, &k->struct_page_bytes))
		*missing = kho_fact_name(KHO_FACT_STRUCT_PAGE_BYTES);
	else if (!fact(s, KHO_FACT_SECTION_SIZE_BITS, &bits))
		*missing = kho_fact_name(KHO_FACT_SECTION_SIZE_BITS);
	else if (!fact(s, KHO_FACT_PMD_BYTES, &k->pmd_bytes) || !k->pmd_bytes)
		*missing = kho_fact_name(KHO_FACT_PMD_BYTES);
	else if (!fact(s, KHO_FACT_VMEMMAP, &vmemmap))
		*missing = kho_fact_name(KHO_FACT_VMEMMAP);
	else if (s->load.memory_bytes == SUCCESSOR_BYTES_UNKNOWN)
		*missing = "the room its header asks for";
	if (*missing)
		return -ENODATA;
	k->section_size_bits = (unsigned int)bits;
	k->vmemmap = vmemmap;
	take_load_facts(s, k);
	k->kernel_bytes = known_or(s->load.segments_bytes, 0);
	k->brk_offset_bytes = known_or(s->load.brk_offset_bytes, 0);
	unpacking(s, k);
	k->kaslr = k->relocatable && config_set(s, "RANDOMIZE_BASE", true);
	/* arch/x86/mm/init.c, INIT_PGD_PAGE_COUNT */
	k->brk_tables = config_or(s, "RANDOMIZE_MEMORY",
				  successor_has_function(s, "kernel_randomize_memory"), false) ? 16 : 8;
	k->nr_cpus = most_cpus(s);
	k->numa_emulation = config_or(s, "NUMA_EMU", successor_has_function(s, "numa_emulation"),
				      true);
	k->dma_cma = config_or(s, "DMA_CMA", successor_has_function(s, "dma_contiguous_reserve"),
			       true);
	k->cpumask_offstack = config_or(s, "CPUMASK_OFFSTACK",
					successor_has_function(s, "alloc_bootmem_cpumask_var"), true);
	/* Since 7.2 by default, where there is an area for each node at all (CONFIG_DMA_NUMA_CMA). */
	k->cma_per_node = is_since(s, 7002) &&
			  config_or(s, "CMA_SIZE_PERNUMA",
				    successor_has_parameter(s, "cma_pernuma"), true);
	k->hibernates = config_or(s, "HIBERNATION",
				  successor_has_function(s, "register_nosave_region"), false);
	k->crashkernel_cma = config_set(s, "CMA", true) &&
			     is_since(s, s->arch->early.crashkernel_cma_since);
	k->numbers_saturate = is_since(s, 7002);
	k->rodata_full = s->arch->early.direct_map_in_pages;
	behaviours(s, k, bases);
	sizes(s, k, bases);
	return 0;
}
