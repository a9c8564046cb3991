// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/parameters.h"

/* ---- with which values they have their effect ---- */

static struct param_text value_of(const struct param *p)
{
	return (struct param_text){
		.at = p->value, .end = p->value ? p->value + p->value_bytes : NULL,
	};
}

/* kstrtobool(); what it can't read changes nothing. */
static bool if_on(const struct param *p)
{
	return param_boolean(p, 0) == 1;
}

static bool if_number(const struct param *p)
{
	struct param_text v = value_of(p);
	uint64_t n;

	return p->value && (!param_size(&v, &n) || n);
}

/* mm/memtest.c, parse_memtest(): without a number all patterns. */
static bool if_number_or_none(const struct param *p)
{
	return !p->value || if_number(p);
}

/* parse_acpi(): these values leave the tables as they are. */
static bool if_acpi(const struct param *p)
{
	static const char *const harmless[] = {
		"force", "strict", "rsdt", "noirq", "copy_dsdt", "nocmcff", "spcr", "nospcr", "on",
	};

	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (param_value_is(p, harmless[i]))
			return false;
	return p->value;
}

/* Memory set aside for an application becomes RAM. */
static bool if_soft(const struct param *p)
{
	return p->value && memmem(p->value, p->value_bytes, "nosoftreserve", 13);
}

static bool if_mirror(const struct param *p)
{
	return param_value_is(p, "mirror");
}

static bool if_protected(const struct param *p)
{
	return param_value_is(p, "protected");
}

/* arch/x86/kernel/check.c clears free memory below that address; the first MiB holds nothing. */
static bool if_large(const struct param *p)
{
	struct param_text v = value_of(p);
	uint64_t bytes;

	return p->value && (!param_size(&v, &bytes) || (uint32_t)bytes > UINT32_C(1) << 20);
}

/* ---- the table ---- */

#define ANY	NULL
#define X86_64	"x86_64"
#define ARM64	"aarch64"

#define HARMLESS	PARAMETER_HARMLESS, NULL
#define FOLLOWED	PARAMETER_FOLLOWED, NULL
#define TAKES		PARAMETER_TAKES, NULL
#define TAKES_IF(when)	PARAMETER_TAKES, if_##when
#define DESTROYS	PARAMETER_DESTROYS, NULL
#define DESTROYS_IF(when) PARAMETER_DESTROYS, if_##when

/* By name, as strcmp() orders them with '-' for '_': looked up by halving. */
static const struct parameter table[] = {
	{ "accept_memory", ANY, HARMLESS },
	{ "acpi", ANY, TAKES_IF(acpi) },
	{ "acpi_apic_instance", ANY, HARMLESS },
	{ "acpi_force_32bit_fadt_addr", ANY, HARMLESS },
	{ "acpi_force_table_verification", ANY, HARMLESS },
	{ "acpi_no_static_ssdt", ANY, HARMLESS },
	{ "acpi_rsdp", ANY, HARMLESS },
	{ "acpi_sci", X86_64, HARMLESS },
	{ "acpi_skip_timer_override", X86_64, HARMLESS },
	{ "acpi_use_timer_override", X86_64, HARMLESS },
	{ "add_efi_memmap", X86_64, TAKES },
	{ "alloc_mptable", X86_64, HARMLESS },
	{ "allow_mismatched_32bit_el0", ARM64, HARMLESS },
	{ "amd_dynamic_epp", ANY, HARMLESS },
	{ "amd_prefcore", ANY, HARMLESS },
	{ "amd_pstate", ANY, HARMLESS },
	{ "apic", X86_64, HARMLESS },
	{ "apic_extnmi", X86_64, HARMLESS },
	{ "arm64.nolva", ARM64, FOLLOWED },
	{ "arm_si_l1_workaround_4311569", ARM64, HARMLESS },
	{ "bgrt_disable", X86_64, HARMLESS },
	{ "boot_delay", ANY, HARMLESS },
	{ "bootconfig", ANY, TAKES },
	{ "cfi", X86_64, HARMLESS },
	{ "check_pages", ANY, HARMLESS },
	{ "clearcpuid", X86_64, HARMLESS },
	{ "clocksource.arm_arch_timer.evtstrm", ANY, HARMLESS },
	{ "cma", ANY, FOLLOWED },
	{ "cma_pernuma", ANY, TAKES_IF(number) },
	{ "coherent_pool", ANY, HARMLESS },
	{ "con3215_drop", ANY, HARMLESS },
	{ "console", ANY, HARMLESS },
	{ "console_msg_format", ANY, HARMLESS },
	{ "cpu_init_udelay", X86_64, HARMLESS },
	{ "cpuhp.parallel", ANY, HARMLESS },
	{ "crashkernel", ANY, FOLLOWED },
	{ "debug", ANY, HARMLESS },
	{ "debug_boot_weak_hash", ANY, HARMLESS },
	{ "debug_guardpage_minorder", ANY, HARMLESS },
	{ "debug_non_panic_cpus", ANY, HARMLESS },
	{ "debug_objects", ANY, HARMLESS },
	{ "debug_pagealloc", ANY, TAKES_IF(on) },
	{ "debugfs", ANY, HARMLESS },
	{ "default_hugepagesz", ANY, FOLLOWED },
	{ "dhash_entries", ANY, FOLLOWED },
	{ "dis_ucode_ldr", X86_64, HARMLESS },
	{ "disable_mtrr_cleanup", X86_64, HARMLESS },
	{ "disable_mtrr_trim", X86_64, HARMLESS },
	{ "disable_timer_pin_1", X86_64, HARMLESS },
	{ "dmcryptkeys", ANY, HARMLESS },
	{ "early_ioremap_debug", ANY, HARMLESS },
	{ "early_page_ext", ANY, HARMLESS },
	{ "earlycon", ANY, HARMLESS },
	{ "earlyprintk", X86_64, HARMLESS },
	{ "edd", X86_64, HARMLESS },
	{ "efi", ANY, TAKES_IF(soft) },
	{ "efi_fake_mem", X86_64, TAKES },
	{ "efi_no_storage_paranoia", X86_64, HARMLESS },
	{ "efivar_ssdt", ANY, HARMLESS },
	{ "ekgdboc", ANY, HARMLESS },
	{ "elfcorehdr", ANY, TAKES },
	{ "enable_mtrr_cleanup", X86_64, HARMLESS },
	{ "forcepae", X86_64, HARMLESS },
	{ "fred", X86_64, HARMLESS },
	{ "fw_devlink", ANY, HARMLESS },
	{ "fw_devlink.strict", ANY, HARMLESS },
	{ "fw_devlink.sync_state", ANY, HARMLESS },
	{ "gart_fix_e820", X86_64, HARMLESS },
	{ "gather_data_sampling", X86_64, HARMLESS },
	{ "gbpages", X86_64, HARMLESS },
	{ "hash_pointers", ANY, HARMLESS },
	{ "hashdist", ANY, FOLLOWED },
	{ "highmem", X86_64, HARMLESS },
	{ "hostname", ANY, HARMLESS },
	{ "hugepage_alloc_threads", ANY, HARMLESS },
	{ "hugepages", ANY, FOLLOWED },
	{ "hugepagesz", ANY, FOLLOWED },
	{ "hugetlb_cma", ANY, DESTROYS },
	{ "hugetlb_cma_only", ANY, HARMLESS },
	{ "hugetlb_free_vmemmap", ANY, TAKES_IF(on) },
	{ "hv_nopvspin", X86_64, HARMLESS },
	{ "ia32_emulation", X86_64, HARMLESS },
	{ "idle", ANY, HARMLESS },
	{ "ignore_loglevel", ANY, HARMLESS },
	{ "ihash_entries", ANY, FOLLOWED },
	{ "indirect_target_selection", X86_64, HARMLESS },
	{ "init", ANY, HARMLESS },
	{ "init_on_alloc", ANY, HARMLESS },
	{ "init_on_free", ANY, HARMLESS },
	{ "initcall_blacklist", ANY, HARMLESS },
	{ "initramfs_async", ANY, HARMLESS },
	{ "initrd", ANY, TAKES },
	{ "initrdmem", ANY, TAKES },
	{ "intel_pstate", ANY, HARMLESS },
	{ "intremap", ANY, HARMLESS },
	{ "io_delay", X86_64, HARMLESS },
	{ "iommu", X86_64, FOLLOWED },
	{ "iommu.debug_pagealloc", ANY, HARMLESS },
	{ "iommu.forcedac", ANY, HARMLESS },
	{ "iommu.passthrough", ANY, HARMLESS },
	{ "iommu.strict", ANY, HARMLESS },
	{ "ipcmni_extend", ANY, HARMLESS },
	{ "irqaffinity", ANY, HARMLESS },
	{ "irqchip.gicv2_force_probe", ANY, HARMLESS },
	{ "irqchip.gicv3_nolpi", ANY, HARMLESS },
	{ "irqchip.gicv3_pseudo_nmi", ARM64, HARMLESS },
	{ "irqchip.riscv_imsic_noipi", ANY, HARMLESS },
	{ "isolcpus", ANY, HARMLESS },
	{ "kasan", ANY, TAKES_IF(on) },
	{ "kasan.fault", ANY, HARMLESS },
	{ "kasan.mode", ANY, HARMLESS },
	{ "kasan.page_alloc.sample", ANY, HARMLESS },
	{ "kasan.page_alloc.sample.order", ANY, HARMLESS },
	{ "kasan.stack_ring_size", ANY, HARMLESS },
	{ "kasan.stacktrace", ANY, HARMLESS },
	{ "kasan.vmalloc", ANY, HARMLESS },
	{ "kasan.write_only", ANY, HARMLESS },
	{ "keep_bootcon", ANY, HARMLESS },
	{ "keepinitrd", ANY, HARMLESS },
	{ "kernelcore", ANY, TAKES_IF(mirror) },
	{ "kfence.fault", ANY, HARMLESS },
	{ "kfence.sample_interval", ANY, FOLLOWED },
	{ "kgdbcon", ANY, HARMLESS },
	{ "kgdbdbgp", ANY, HARMLESS },
	{ "kgdboc_earlycon", ANY, HARMLESS },
	{ "kgdbwait", ANY, HARMLESS },
	{ "kho", ANY, FOLLOWED },
	{ "kho_bootmem", ANY, HARMLESS },
	{ "kho_scratch", ANY, HARMLESS },
	{ "kmemleak", ANY, FOLLOWED },
	{ "kpti", ARM64, HARMLESS },
	{ "kvm-arm.mode", ARM64, TAKES_IF(protected) },
	{ "kvm-arm.vgic_v3_common_trap", ARM64, HARMLESS },
	{ "kvm-arm.vgic_v3_group0_trap", ARM64, HARMLESS },
	{ "kvm-arm.vgic_v3_group1_trap", ARM64, HARMLESS },
	{ "kvm-arm.vgic_v4_enable", ARM64, HARMLESS },
	{ "kvm-arm.wfe_trap_policy", ARM64, HARMLESS },
	{ "kvm-arm.wfi_trap_policy", ARM64, HARMLESS },
	{ "l1d_flush", X86_64, HARMLESS },
	{ "l1tf", X86_64, HARMLESS },
	{ "lapic", X86_64, HARMLESS },
	{ "lapic_timer_c2_ok", X86_64, HARMLESS },
	{ "liveupdate", ANY, FOLLOWED },
	{ "lockdown", ANY, HARMLESS },
	{ "log_buf_len", ANY, FOLLOWED },
	{ "loglevel", ANY, HARMLESS },
	{ "lsmsi", ANY, HARMLESS },
	{ "maxcpus", ANY, FOLLOWED },
	{ "mds", X86_64, HARMLESS },
	{ "mem", ANY, FOLLOWED },
	{ "mem_encrypt", X86_64, TAKES_IF(on) },
	{ "memblock", ANY, HARMLESS },
	{ "memmap", X86_64, FOLLOWED },
	{ "memory_corruption_check", X86_64, HARMLESS },
	{ "memory_corruption_check_period", X86_64, HARMLESS },
	{ "memory_corruption_check_size", X86_64, TAKES_IF(large) },
	{ "memtest", ANY, DESTROYS_IF(number_or_none) },
	{ "microcode", X86_64, HARMLESS },
	{ "microcode.amd_sha_check", X86_64, HARMLESS },
	{ "mitigations", ANY, HARMLESS },
	{ "mminit_loglevel", ANY, HARMLESS },
	{ "mmio_stale_data", X86_64, HARMLESS },
	{ "movable_node", ANY, TAKES },
	{ "movablecore", ANY, HARMLESS },
	{ "mtrr", X86_64, HARMLESS },
	{ "mtrr_chunk_size", X86_64, HARMLESS },
	{ "mtrr_gran_size", X86_64, HARMLESS },
	{ "mtrr_spare_reg_nr", X86_64, HARMLESS },
	{ "no387", X86_64, HARMLESS },
	{ "no5lvl", X86_64, FOLLOWED },
	{ "no_console_suspend", ANY, HARMLESS },
	{ "no_debug_objects", ANY, HARMLESS },
	{ "no_hash_pointers", ANY, HARMLESS },
	{ "no-kvmapf", X86_64, HARMLESS },
	{ "no-kvmclock", X86_64, HARMLESS },
	{ "no-kvmclock-vsyscall", X86_64, HARMLESS },
	{ "no-steal-acc", ANY, HARMLESS },
	{ "no_timer_check", X86_64, HARMLESS },
	{ "no-vmw-sched-clock", X86_64, HARMLESS },
	{ "noapic", X86_64, FOLLOWED },
	{ "noapictimer", X86_64, HARMLESS },
	{ "nodebugmon", ARM64, HARMLESS },
	{ "noefi", ANY, HARMLESS },
	{ "noexec32", X86_64, HARMLESS },
	{ "nofxsr", X86_64, HARMLESS },
	{ "nogbpages", X86_64, FOLLOWED },
	{ "nohugeiomap", ANY, HARMLESS },
	{ "nohugevmalloc", ANY, HARMLESS },
	{ "nohz", ANY, HARMLESS },
	{ "nohz_full", ANY, HARMLESS },
	{ "nointremap", ANY, HARMLESS },
	{ "noinvpcid", X86_64, HARMLESS },
	{ "nokaslr", ANY, FOLLOWED },
	{ "nokgdbroundup", ANY, HARMLESS },
	{ "nolapic", X86_64, FOLLOWED },
	{ "nolapic_timer", X86_64, HARMLESS },
	{ "nopat", X86_64, HARMLESS },
	{ "nopcid", X86_64, HARMLESS },
	{ "nopti", X86_64, HARMLESS },
	{ "nopv", X86_64, HARMLESS },
	{ "nopvspin", ANY, HARMLESS },
	{ "nosgx", X86_64, HARMLESS },
	{ "nosmp", ANY, FOLLOWED },
	{ "nosmt", ANY, HARMLESS },
	{ "nospec_store_bypass_disable", X86_64, HARMLESS },
	{ "nospectre_bhb", ARM64, HARMLESS },
	{ "nospectre_v1", X86_64, HARMLESS },
	{ "nospectre_v2", ANY, HARMLESS },
	{ "nousershstk", X86_64, HARMLESS },
	{ "nox2apic", X86_64, HARMLESS },
	{ "noxsave", X86_64, HARMLESS },
	{ "noxsaveopt", X86_64, HARMLESS },
	{ "noxsaves", X86_64, HARMLESS },
	{ "nr_cpus", ANY, FOLLOWED },
	{ "numa", ANY, FOLLOWED },
	{ "numa_cma", ANY, TAKES },
	{ "ohci1394_dma", ANY, HARMLESS },
	{ "oops", ANY, HARMLESS },
	{ "page_owner", ANY, FOLLOWED },
	{ "page_poison", ANY, HARMLESS },
	{ "page_table_check", ANY, HARMLESS },
	{ "panic_force_cpu", ANY, HARMLESS },
	{ "panic_on_taint", ANY, HARMLESS },
	{ "pci", ANY, HARMLESS },
	{ "percpu_alloc", ANY, FOLLOWED },
	{ "pirq", X86_64, HARMLESS },
	{ "possible_cpus", X86_64, FOLLOWED },
	{ "printk.devkmsg", ANY, HARMLESS },
	{ "proc_mem.force_override", ANY, HARMLESS },
	{ "pti", X86_64, HARMLESS },
	{ "quiet", ANY, HARMLESS },
	{ "random.trust_bootloader", ANY, HARMLESS },
	{ "random.trust_cpu", ANY, HARMLESS },
	{ "randomize_kstack_offset", ANY, HARMLESS },
	{ "rcu_nocb_poll", ANY, HARMLESS },
	{ "rcu_nocbs", ANY, HARMLESS },
	{ "rdinit", ANY, HARMLESS },
	{ "rdrand", X86_64, HARMLESS },
	{ "reg_file_data_sampling", X86_64, HARMLESS },
	{ "reserve_mem", ANY, TAKES },
	{ "reservetop", X86_64, HARMLESS },
	{ "reset_devices", ANY, HARMLESS },
	{ "retain_initrd", ANY, HARMLESS },
	{ "retbleed", X86_64, HARMLESS },
	{ "rockchip.usb_uart", ANY, HARMLESS },
	{ "rodata", ANY, FOLLOWED },
	{ "sched_verbose", ANY, HARMLESS },
	{ "setcpuid", X86_64, HARMLESS },
	{ "skew_tick", ANY, HARMLESS },
	{ "slab_debug", ANY, FOLLOWED },
	{ "slab_max_order", ANY, HARMLESS },
	{ "slab_min_objects", ANY, HARMLESS },
	{ "slab_min_order", ANY, HARMLESS },
	{ "slab_strict_numa", ANY, HARMLESS },
	{ "slub_debug", ANY, FOLLOWED },
	{ "spec_rstack_overflow", X86_64, HARMLESS },
	{ "spec_store_bypass_disable", X86_64, HARMLESS },
	{ "spectre_bhi", X86_64, HARMLESS },
	{ "spectre_v2", X86_64, HARMLESS },
	{ "spectre_v2_user", X86_64, HARMLESS },
	{ "split_llc", X86_64, HARMLESS },
	{ "split_lock_detect", X86_64, HARMLESS },
	{ "srbds", X86_64, HARMLESS },
	{ "ssbd", ARM64, HARMLESS },
	{ "stack_depot_disable", ANY, FOLLOWED },
	{ "stack_depot_max_pools", ANY, FOLLOWED },
	{ "swiotlb", ANY, FOLLOWED },
	{ "sysctl.vm.mem_profiling", ANY, HARMLESS },
	{ "thread_backlog_napi", ANY, HARMLESS },
	{ "threadirqs", ANY, HARMLESS },
	{ "tsa", X86_64, HARMLESS },
	{ "tsc_early_khz", X86_64, HARMLESS },
	{ "tsx", X86_64, HARMLESS },
	{ "tsx_async_abort", X86_64, HARMLESS },
	{ "unwind_debug", X86_64, HARMLESS },
	{ "update_mptable", X86_64, HARMLESS },
	{ "uv_memblksize", X86_64, HARMLESS },
	{ "vmalloc", X86_64, HARMLESS },
	{ "vmcp_cma", ANY, HARMLESS },
	{ "vmscape", X86_64, HARMLESS },
	{ "vsyscall", X86_64, HARMLESS },
	{ "x2apic_phys", X86_64, HARMLESS },
	{ "xen_console_io", ANY, HARMLESS },
	{ "xen_emul_unplug", X86_64, HARMLESS },
	{ "xen_legacy_crash", X86_64, HARMLESS },
	{ "xen_mc_debug", X86_64, HARMLESS },
	{ "xen_msr_safe", X86_64, HARMLESS },
	{ "xen_no_vector_callback", X86_64, HARMLESS },
	{ "xen_nopv", X86_64, HARMLESS },
	{ "xen_timer_slop", X86_64, HARMLESS },
};

/* As parameq() does it: '-' and '_' are the same. */
static int compare_name(const struct param *p, const char *name)
{
	for (size_t i = 0; ; i++) {
		char a = i == p->name_bytes ? '\0' : p->name[i] == '-' ? '_' : p->name[i];
		char b = name[i] == '-' ? '_' : name[i];

		if (a != b || !b)
			return (unsigned char)a - (unsigned char)b;
	}
}

const struct parameter *parameter_find(const struct param *p, const char *arch)
{
	size_t lo = 0, hi = sizeof(table) / sizeof(table[0]);

	while (lo < hi) {
		const struct parameter *row = &table[lo + (hi - lo) / 2];
		int order = compare_name(p, row->name);

		if (!order)
			return !row->arch || !arch || !strcmp(row->arch, arch) ? row : NULL;
		if (order < 0)
			hi = (size_t)(row - table);
		else
			lo = (size_t)(row - table) + 1;
	}
	return NULL;
}

const struct parameter *parameter_at(size_t nr)
{
	return nr < sizeof(table) / sizeof(table[0]) ? &table[nr] : NULL;
}

enum parameter_effect parameter_effect(const struct param *p, const char *arch,
				       const struct parameter **row)
{
	*row = parameter_find(p, arch);
	if (!*row || ((*row)->has_effect && !(*row)->has_effect(p)))
		return PARAMETER_HARMLESS;
	return (*row)->effect;
}

bool parameter_takes_back(const struct parameter *row, const struct param *p)
{
	if (row->has_effect == if_on)
		return param_boolean(p, -1) == 0;
	return row->has_effect == if_number || row->has_effect == if_number_or_none;
}
