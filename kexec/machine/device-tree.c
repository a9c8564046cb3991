// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "machine/device-tree.h"
#include "machine/handover/fdt.h"

#define FDT "sys/firmware/fdt"
/* With tables of ACPI in use the kernel has this folder, and leaves the tree flat. */
#define ACPI "sys/firmware/acpi"

/* drivers/of/kexec.c, of_kexec_alloc_and_setup_fdt(): a load sets or deletes these in /chosen. */
static const char *const set_by_load[] = {
	"bootargs", "kaslr-seed", "linux,booted-from-kexec", "linux,elfcorehdr",
	"linux,initrd-end", "linux,initrd-start", "linux,kho-fdt", "linux,kho-scratch",
	"linux,usable-memory-range", "rng-seed",
};

static bool is_set_by_load(const char *name)
{
	for (size_t i = 0; i < sizeof(set_by_load) / sizeof(set_by_load[0]); i++)
		if (!strcmp(name, set_by_load[i]))
			return true;
	return false;
}

/* drivers/of/fdt.c, populate_node(): its name, and that without the address. */
static void count_node(const void *fdt, int node, bool is_chosen, struct tree_counts *dt)
{
	const char *name = fdt_get_name(fdt, node, NULL), *property_name;
	int property;

	dt->nodes++;
	dt->names_bytes += (strlen(name) + 8) / 8 * 8 + (strcspn(name, "@") + 8) / 8 * 8;
	fdt_for_each_property_offset(property, fdt, node)
		if (fdt_getprop_by_offset(fdt, property, &property_name, NULL) &&
		    !(is_chosen && is_set_by_load(property_name)))
			dt->properties++;
}

void device_tree_read(const struct machine_tree *tree, struct machine *m)
{
	struct tree_counts *dt = &m->device_tree;
	int chosen;
	char *fdt;
	size_t bytes;

	if (tree_has_folder(tree, ACPI)) {
		dt->known = true;
		return;
	}
	if (tree_read(tree, FDT, &fdt, &bytes))
		return;
	if (handover_is_fdt((struct kho_bytes){ (const uint8_t *)fdt, bytes })) {
		dt->known = true;
		chosen = fdt_path_offset(fdt, "/chosen");
		for (int node = fdt_next_node(fdt, -1, NULL); node >= 0;
		     node = fdt_next_node(fdt, node, NULL))
			count_node(fdt, node, node == chosen, dt);
	}
	free(fdt);
}
