// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/number.h"
#include "machine/dma.h"

#define DEVICES "sys/bus/pci/devices"
#define SWIOTLB "sys/kernel/debug/swiotlb"
#define USED SWIOTLB "/io_tlb_used_hiwater"

#define SLOT_BYTES	2048	/* IO_TLB_SIZE */
#define MAX_DEVICES	65536
#define PATH_BYTES	(sizeof(DEVICES) + 320)

struct device_walk {
	const struct machine_tree *tree;
	struct machine_dma *dma;
	unsigned int devices;
};

static char *read_attribute(const struct device_walk *w, const char *device, const char *name)
{
	char path[PATH_BYTES], *text;

	snprintf(path, sizeof(path), DEVICES "/%s/%s", device, name);
	return tree_read(w->tree, path, &text, NULL) ? NULL : text;
}

/* The rest of the line of @text that begins with @key; NULL. */
static char *line_of(char *text, const char *key)
{
	for (char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n')
		if (!strncmp(line, key, strlen(key)))
			return line + strlen(key);
	return NULL;
}

/*
 * PCI local bus 3.0, 6.2.2: the command register, whose bit 2 lets a device be master of the bus.
 * Drivers set it (pci_set_master()) where a device does DMA.  Not known counts as set.
 */
static bool is_master(const struct device_walk *w, const char *device)
{
	char path[PATH_BYTES];
	uint8_t head[6];
	bool master = true;
	int fd;

	snprintf(path, sizeof(path), DEVICES "/%s/config", device);
	fd = tree_open(w->tree, path);
	if (fd < 0)
		return true;
	/* No more than that: a few devices hang where all of their registers are read. */
	if (pread(fd, head, sizeof(head), 0) == sizeof(head))
		master = head[4] & 4;
	close(fd);
	return master;
}

/* Does an IOMMU give it addresses within its reach (drivers/iommu/iommu.c, "DMA", "DMA-FQ")? */
static bool is_translated(const struct device_walk *w, const char *device)
{
	char *type = read_attribute(w, device, "iommu_group/type");
	bool translated = type && !strncmp(type, "DMA", 3);

	free(type);
	return translated;
}

/* One at work that does DMA; a bridge (class 06) does none of its own. */
static void add_device(const struct device_walk *w, const char *device, char *uevent, unsigned int bits)
{
	const char *class = line_of(uevent, "PCI_CLASS=");
	char *driver = line_of(uevent, "DRIVER=");
	uint64_t number;
	struct machine_reach *reach;

	if (!driver || !is_master(w, device) ||
	    (class && !number_parse(&class, 16, &number) && number >> 16 == 6))
		return;
	reach = is_translated(w, device) ? &w->dma->translated : &w->dma->direct;
	reach->devices++;
	if (reach->bits && reach->bits <= bits)
		return;
	driver[strcspn(driver, "\n")] = '\0';
	reach->bits = bits;
	snprintf(reach->device, sizeof(reach->device), "%.40s (%.40s)", device, driver);
	kho_make_printable(reach->device);
}

static int visit_device(const char *name, void *arg)
{
	struct device_walk *w = arg;
	char path[PATH_BYTES], *uevent;
	uint64_t bits;

	if (w->devices++ == MAX_DEVICES)
		return -EFBIG;
	snprintf(path, sizeof(path), DEVICES "/%s/dma_mask_bits", name);
	if (tree_read_u64(w->tree, path, 10, &bits))
		return -ENODATA;
	if (bits >= 64)
		return 0;
	uevent = read_attribute(w, name, "uevent");
	if (!uevent)
		return -ENODATA;
	add_device(w, name, uevent, (unsigned int)bits);
	free(uevent);
	return 0;
}

static int skip_file(const char *name, void *arg)
{
	return 0;
}

/*
 * The most that was used at a time (kernel/dma/swiotlb.c, io_tlb_hiwater_get()).  A kernel without a
 * bounce buffer has the folder alone (swiotlb_create_debugfs_files()): nobody used any.
 */
static void read_used(const struct machine_tree *tree, struct machine_dma *dma)
{
	uint64_t slots;
	int ret = tree_read_u64(tree, USED, 10, &slots);

	if (ret == -ENOENT && !tree_list(tree, SWIOTLB, skip_file, NULL))
		slots = 0;
	else if (ret || slots >= MACHINE_PA_LIMIT / SLOT_BYTES)
		return;
	dma->used_known = true;
	dma->used_bytes = slots * SLOT_BYTES;
}

int dma_read(const struct machine_tree *tree, struct machine *m)
{
	struct device_walk w = { .tree = tree, .dma = &m->dma };
	int ret = tree_list(tree, DEVICES, visit_device, &w);

	m->dma.known = !ret;
	read_used(tree, &m->dma);
	return ret == -ENOMEM ? ret : 0;
}
