// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "kernel/parameters.h"
#include "kernel/questions.h"

const char *const question_strings[] = {
	"LUO",
#define AREA_NAME(word) "\0013KHO: Failed to extend " #word ": %pe\n",
#include "kernel/area-names.def"
#undef AREA_NAME
	"kmalloc-part-01-8k",
	"kmalloc-rnd-01-8k",
	NULL,
};

const char *const question_functions[] = {
	"__module_address",
	"alloc_bootmem_cpumask_var",
	"dma_contiguous_reserve",
	"kasan_init",
	"kernel_randomize_memory",
	"kfence_alloc_pool_and_metadata",
	"kho_ext_walk_leaf",
#define AREA_NAME(word) "kho_extend_" #word,
#include "kernel/area-names.def"
#undef AREA_NAME
	"kho_memory_init_early",
	"kmsan_init_shadow",
	"lock_acquire",
	"mem_cgroup_css_alloc",
	"mem_encrypt_setup_arch",
	"memblock_alloc_hugetlb",
	"mm_core_init_early",
	"numa_emulation",
	"of_detach_node",
	"register_nosave_region",
	"sparse_buffer_alloc",
	NULL,
};

const char *const question_configs[] = {
	"ARM64_PA_BITS",
	"ARM64_VA_BITS",
	"BOOT_CONFIG",
	"BOOT_CONFIG_EMBED",
	"BOOT_CONFIG_FORCE",
	"CMA",
	"CMA_SIZE_MBYTES",
	"CMA_SIZE_PERNUMA",
	"CMDLINE",
	"CMDLINE_BOOL",
	"CMDLINE_FORCE",
	"CMDLINE_OVERRIDE",
	"CPUMASK_OFFSTACK",
	"DEFERRED_STRUCT_PAGE_INIT",
	"DMA_CMA",
	"HIBERNATION",
	"KEXEC_HANDOVER_ENABLE_DEFAULT",
	"KFENCE",
	"KFENCE_NUM_OBJECTS",
	"KFENCE_SAMPLE_INTERVAL",
	"KMALLOC_PARTITION_CACHES",
	"LOCKDEP",
	"LOG_BUF_SHIFT",
	"LOG_CPU_MAX_BUF_SHIFT",
	"MEMCG",
	"MODULES",
	"NR_CPUS",
	"NUMA_EMU",
	"OF_DYNAMIC",
	"PAGE_BLOCK_MAX_ORDER",
	"RANDOMIZE_BASE",
	"RANDOMIZE_MEMORY",
	"RANDOM_KMALLOC_CACHES",
	"SMP",
	"STACKDEPOT_ALWAYS_INIT",
	NULL,
};

const char *const question_sizes[] = {
	"NUMBER(MAX_PHYSMEM_BITS)",
	"NUMBER(VA_BITS)",
	"SIZE(mem_section)",
	"SIZE(pglist_data)",
	"SIZE(printk_info)",
	NULL,
};

const struct question_variable question_variables[] = {
	{ "KHO_TREE_MAX_DEPTH", 4 },
	{ "__stack_depot_early_init_requested", 1 },
	{ "cma_declare_contiguous_nid.align_bytes", 8 },
	{ "dma_contiguous_reserve.size_bytes", 8 },
	{ "kfence_sample_interval", 8 },
	{ "kho_enable", 1 },
	{ "log_buf_len", 4 },
	{ "nr_cpu_ids", 4 },
	{ NULL, 0 },
};

const char *question_parameter(size_t nr)
{
	const struct parameter *row;

	for (size_t i = 0; (row = parameter_at(i)); i++)
		if (row->effect != PARAMETER_HARMLESS && !nr--)
			return row->name;
	return NULL;
}
