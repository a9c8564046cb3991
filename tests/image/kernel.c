// SPDX-License-Identifier: GPL-2.0-only
/*
 * As much of a kernel as test-code.sh needs: it makes a VMCOREINFO text by calls of
 * one function, in the ways in which a compiler likes to pass constants.  What the
 * text must be follows from this file, and stands beside it in kernel.expected.
 */
#define __init __attribute__((section(".init.text")))
#define __used __attribute__((used))
#define noinline __attribute__((noinline))

typedef unsigned long ulong;

struct page { ulong flags; ulong words[7]; };
struct mem_section { ulong section_mem_map; ulong usage; };
struct zone { char pad[256]; int free_area[10]; ulong spanned_pages; char rest[1488]; };

const char linux_banner[] __used = "Linux version 7.0.1-fixture (nobody) #1";
struct { char sysname[65], release[65]; } init_uts_ns = { "Linux", "7.0.1-fixture" };
unsigned char build_id[20];
volatile ulong phys_base = 1, vmalloc_base = 2, mem_section = 3;
volatile int five_levels = 1;
void *vmcoreinfo_data, *vmcoreinfo_note;
char sink[4096];
int (*volatile print)(char *to, const char *format, __builtin_va_list ap);
int (*volatile print_text)(char *to, const char *text);

#ifdef KHO
static const char setup_str[] __used = "kho_scratch";
#endif

/* What test-disputes.sh has it lie about. */
#ifndef BITS
#define BITS 27
#endif
#ifndef PAGE_BYTES
#define PAGE_BYTES sizeof(struct page)
#endif
#ifdef CONFIG
__asm__(".section .rodata, \"a\"\n.ascii \"IKCFG_ST\"\n.incbin \"" CONFIG "\"\n"
	".ascii \"IKCFG_ED\"\n.previous");
#endif

/* Names the first line's format too, and stands before the code that is looked for. */
noinline __used const char *first_format(void)
{
	return "OSRELEASE=%s\n";
}

/* A call that nobody can see through, so that no caller can count on a register. */
noinline __used void append(const char *format, ...)
{
	__builtin_va_list ap;

	__builtin_va_start(ap, format);
	print(sink, format, ap);
	__builtin_va_end(ap);
}

noinline __used int complain(const char *text)
{
	return print_text(sink, text);
}

noinline __used void *allocate(ulong size)
{
	return complain("") > (int)size ? 0 : sink;
}

#define SYMBOL(name)	append("SYMBOL(%s)=%lx\n", #name, (ulong)&name)
#define SIZE(name)	append("SIZE(%s)=%lu\n", #name, (ulong)sizeof(struct name))
#define OFFSET(a, b)	append("OFFSET(%s.%s)=%lu\n", #a, #b, (ulong)__builtin_offsetof(struct a, b))
#define LENGTH(name, n)	append("LENGTH(%s)=%lu\n", #name, (ulong)(n))
#define NUMBER(name, n)	append("NUMBER(%s)=%ld\n", #name, (long)(n))

/* The last call is one in the last place: a jump. */
noinline __used void arch_part(void)
{
	NUMBER(phys_base, phys_base);
	append("NUMBER(VMALLOC_END)=0x%lx\n", 0xffff7fffc0000000ul);
	append("NUMBER(MODULES_END)=0x%lx\n", 0xffff800080000000ul);
	append("NUMBER(KERNEL_IMAGE_SIZE)=%ld\n", 1073741824l);
	append("NUMBER(levels)=%d\n", five_levels);
	append("KERNELOFFSET=%lx\n", (ulong)sink - 0x1000);
}

noinline __init void log_part(void)
{
	SYMBOL(sink);
	OFFSET(mem_section, usage);
}

__used int __init vmcoreinfo_init(void)
{
	vmcoreinfo_data = allocate(4096);
	if (!vmcoreinfo_data) {
		complain("no memory for the data\n");
		return -12;
	}
	vmcoreinfo_note = allocate(4132);
	if (!vmcoreinfo_note) {
		vmcoreinfo_data = 0;
		complain("no memory for the note\n");
		return -12;
	}
	append("OSRELEASE=%s\n", init_uts_ns.release);
	append("BUILD-ID=%20phN\n", build_id);
	append("PAGESIZE=%ld\n", 4096l);
	SYMBOL(init_uts_ns);
	SYMBOL(vmcoreinfo_init);
	append("SYMBOL(%s)=%lx\n", "_stext", (ulong)append);
	append("NUMBER(VMALLOC_START)=0x%lx\n", vmalloc_base);
#ifdef VMEMMAP
	append("SYMBOL(%s)=%lx\n", "vmemmap", vmalloc_base + 4096);
#endif
	append("SYMBOL(%s)=%lx\n", "mem_section", mem_section);
	LENGTH(mem_section, five_levels ? 16384 : 2048);
	SIZE(mem_section);
	OFFSET(mem_section, section_mem_map);
	NUMBER(SECTION_SIZE_BITS, BITS);
	NUMBER(MAX_PHYSMEM_BITS, five_levels ? 52 : 46);
	append("SIZE(%s)=%lu\n", "page", (ulong)PAGE_BYTES);
	SIZE(zone);
	append("SIZE(list_head)=%lu\n", 16ul);
	OFFSET(page, flags);
	OFFSET(page, words);
	OFFSET(zone, free_area);
	OFFSET(zone, spanned_pages);
	LENGTH(zone.free_area, 10);
	log_part();
	LENGTH(free_area.free_list, 6);
	NUMBER(NR_FREE_PAGES, 0);
	NUMBER(MINUS_ONE, -1);
	NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE, -268435456);
	OFFSET(zone, rest);
	LENGTH(again, 1);
	NUMBER(BIG, 0x123456789abcdefl);
	arch_part();
	if (five_levels)
		NUMBER(either, 1);
	else
		NUMBER(either, 2 + complain("four\n"));
	complain("done\n");
	return 0;
}

/* The names by which readers of BTF know a kernel, vmemmap and KHO. */
noinline __used void vmemmap_populate(struct page *page)
{
	complain((char *)page);
}

noinline __used void kho_memory_init(void)
{
	complain(sink);
}

noinline __used void start_kernel(struct page *page, struct mem_section *section)
{
	complain((char *)page + section->usage);
}

/* The table by which the kernel calls it: relative addresses (include/linux/init.h). */
__asm__(".section .init.data, \"aw\"\n.balign 4\n.long 0\n.long vmcoreinfo_init - .\n.previous");
