// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

__attribute__((format(printf, 1, 2), noreturn))
static void bail(const char *format, ...)
{
	va_list ap;

	printf("Bail out! ");
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	printf("\n");
	exit(99);
}

static FILE *open_or_bail(const char *path)
{
	FILE *f = fopen(path, "r");

	if (!f)
		bail("%s: cannot be opened", path);
	return f;
}

/* One key=value of a line of kernels.txt. */
/* Of the configuration: what the small kernels do not have. */
static void set_option(struct boot_kernel *k, const char *key, uint64_t n)
{
	if (!strcmp(key, "va_bits"))
		k->va_bits = n;
	else if (!strcmp(key, "nr_cpus"))
		k->nr_cpus = n;
	else if (!strcmp(key, "cpumask_offstack"))
		k->cpumask_offstack = n;
	else if (!strcmp(key, "of_property"))
		k->of_property_bytes = n;
	else if (!strcmp(key, "kfence")) {
		k->kfence_bytes = n;
		k->kfence_on = true;
	} else if (!strcmp(key, "depot_users"))
		k->depot_users = (unsigned int)n;
	else if (!strcmp(key, "cma"))
		k->cma_bytes = n;
	else if (!strcmp(key, "cma_per_node"))
		k->cma_per_node = n;
	else
		bail("kernels.txt: unknown fact %s", key);
}

static void set_fact(struct boot_kernel *k, const char *key, const char *value)
{
	uint64_t n = strtoull(value, NULL, 0);

	if (!strcmp(key, "kernel"))
		return;
	else if (!strcmp(key, "arch"))
		k->arch = kho_arch_by_name(value);
	else if (!strcmp(key, "page"))
		k->page_bytes = n;
	else if (!strcmp(key, "struct_page"))
		k->struct_page_bytes = n;
	else if (!strcmp(key, "section_size_bits"))
		k->section_size_bits = (unsigned int)n;
	else if (!strcmp(key, "max_physmem_bits"))
		k->max_physmem_bits = (unsigned int)n;
	else if (!strcmp(key, "node_data"))
		k->node_data_bytes = n;
	else if (!strcmp(key, "mem_section"))
		k->mem_section_bytes = n;
	else if (!strcmp(key, "percpu"))
		k->percpu_bytes = n;
	else if (!strcmp(key, "percpu_reserved"))
		k->percpu_reserved_bytes = n;
	else if (!strcmp(key, "percpu_dynamic"))
		k->percpu_dynamic_bytes = n;
	else if (!strcmp(key, "brk_tables"))
		k->brk_tables = (unsigned int)n;
	else if (!strcmp(key, "log_buf"))
		k->log_buf_bytes = n;
	else if (!strcmp(key, "log_info"))
		k->log_info_bytes = n;
	else if (!strcmp(key, "percpu_chunk"))
		k->percpu_chunk_bytes = n;
	else if (!strcmp(key, "nosave_regions"))
		k->hibernates = n;
	else if (!strcmp(key, "log_cpu"))
		k->log_cpu_bytes = n;
	else if (!strcmp(key, "init"))
		k->init_bytes = n;
	else if (!strcmp(key, "align"))
		k->align_bytes = n;
	else if (!strcmp(key, "load_min"))
		k->load_min_pa = n;
	else if (!strcmp(key, "kernel_bytes"))
		k->kernel_bytes = n;
	else if (!strcmp(key, "brk_offset"))
		k->brk_offset_bytes = n;
	else if (!strcmp(key, "output"))
		k->output_bytes = n;
	else if (!strcmp(key, "payload_offset"))
		k->payload_offset_bytes = n;
	else if (!strcmp(key, "sparse_buffer"))
		k->sparse_buffer = n;
	else if (!strcmp(key, "usage_by_node_data"))
		k->usage_by_node_data = n;
	else if (!strcmp(key, "map_after_setup_arch"))
		k->map_after_setup_arch = n;
	else if (!strcmp(key, "extends_scratch"))
		k->extends_scratch = n;
	else if (!strcmp(key, "rodata_full"))
		k->rodata_full = n;
	else
		set_option(k, key, n);
}
static void read_kernel(const char *dir, const char *name, struct boot_kernel *k)
{
	char path[4096], line[2048], want[300];
	FILE *f;

	snprintf(path, sizeof(path), "%s/kernels.txt", dir);
	snprintf(want, sizeof(want), "kernel=%s ", name);
	f = open_or_bail(path);
	while (fgets(line, sizeof(line), f)) {
		char *save, *word;

		if (strncmp(line, want, strlen(want)))
			continue;
		for (word = strtok_r(line, " \n", &save); word; word = strtok_r(NULL, " \n", &save)) {
			char *value = strchr(word, '=');

			if (!value)
				bail("kernels.txt: %s: no value", word);
			*value++ = '\0';
			set_fact(k, word, value);
		}
		fclose(f);
		if (!k->page_bytes)
			k->page_bytes = 4096;
		k->pmd_bytes = k->arch->pmd_bytes(k->page_bytes);
		k->vmemmap = k->relocatable = k->kaslr = k->numa_emulation = k->dma_cma = true;
		k->four_level_physmem_bits = k->arch == &kho_arch_x86_64 ? 46 : 0;
		return;
	}
	bail("kernels.txt: nothing about %s", name);
}

void fixture_kernel(const char *dir, const char *name, struct fixture *f)
{
	snprintf(f->release, sizeof(f->release), "%.63s", name);
	read_kernel(dir, name, &f->kernel);
}

static void read_line(const char *dir, char *line, struct fixture *f)
{
	uint64_t a, b, c;
	int node;
	char word[256];

	line[strcspn(line, "\n")] = '\0';
	if (!*line || *line == '#')
		return;
	if (sscanf(line, "kernel %255s", word) == 1) {
		fixture_kernel(dir, word, f);
	} else if (!strncmp(line, "cmdline ", 8)) {
		snprintf(f->cmdline, sizeof(f->cmdline), "%s", line + 8);
	} else if (sscanf(line, "initrd %" SCNu64, &a) == 1) {
		f->load.initrd_bytes = a;
	} else if (sscanf(line, "ram %" SCNx64 " %" SCNx64 " %d", &a, &b, &node) == 3) {
		if (kho_ranges_add(&f->machine.ram, a, b, node))
			bail("bad range");
	} else if (sscanf(line, "scratch %" SCNx64 " %" SCNx64, &a, &b) == 2) {
		if (kho_ranges_add(&f->machine.scratch, a, a + b, KHO_NO_NODE))
			bail("bad range");
	} else if (sscanf(line, "boot_services %" SCNx64 " %" SCNx64, &a, &b) == 2) {
		if (kho_ranges_add(&f->machine.boot_services, a, b, KHO_NO_NODE))
			bail("bad range");
	} else if (sscanf(line, "preserved %" SCNx64 " %" SCNx64, &a, &b) == 2) {
		if (kho_ranges_add(&f->preserved, a, b, KHO_NO_NODE))
			bail("bad range");
		f->machine.preserved = &f->preserved;
	} else if (sscanf(line, "cpus %d %" SCNu64, &node, &a) == 2) {
		f->cpus[f->machine.nr_cpus++] = (struct boot_cpus){ node, (unsigned int)a };
	} else if (sscanf(line, "own_cpus %d %" SCNu64, &node, &a) == 2) {
		f->own_cpus = (struct boot_cpus){ node, (unsigned int)a };
		f->machine.own_cpus = &f->own_cpus;
		f->machine.nr_own_cpus = 1;
	} else if (sscanf(line, "firmware_ranges %" SCNu64, &a) == 1) {
		f->machine.nr_firmware_ranges = (unsigned int)a;
	} else if (sscanf(line, "outcome %255s", word) == 1) {
		f->outcome = !strcmp(word, "up") ? BOOT_UP :
			     !strcmp(word, "load-fails") ? BOOT_LOAD_FAILS : BOOT_DIES;
	} else if (sscanf(line, "map %" SCNx64 " %" SCNu64 " %" SCNx64, &a, &b, &c) == 3) {
		f->map = realloc(f->map, (f->nr_map + 1) * sizeof(*f->map));
		if (!f->map)
			bail("out of memory");
		f->map[f->nr_map++] = (struct fixture_map){ a, b, c };
	} else if (sscanf(line, "alloc %31s %" SCNx64, word, &a) == 2) {
		f->alloc = realloc(f->alloc, (f->nr_allocs + 1) * sizeof(*f->alloc));
		if (!f->alloc)
			bail("out of memory");
		snprintf(f->alloc[f->nr_allocs].user, sizeof(f->alloc->user), "%.31s", word);
		f->alloc[f->nr_allocs++].start_pa = a;
	} else {
		bail("not understood: %s", line);
	}
}

void fixture_read(const char *dir, const char *path, struct fixture *f)
{
	char line[4096];
	FILE *file = open_or_bail(path);

	memset(f, 0, sizeof(*f));
	while (fgets(line, sizeof(line), file))
		read_line(dir, line, f);
	fclose(file);
	f->machine.cpus = f->cpus;
	f->load.cmdline = f->cmdline;
	/* QEMU's "max" CPU has both. */
	f->machine.five_level = f->machine.gbpages = true;
}

void fixture_deinit(struct fixture *f)
{
	kho_ranges_deinit(&f->machine.ram);
	kho_ranges_deinit(&f->machine.scratch);
	kho_ranges_deinit(&f->machine.boot_services);
	kho_ranges_deinit(&f->preserved);
	free(f->map);
	free(f->alloc);
}
