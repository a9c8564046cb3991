// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cursor.h"
#include "machine/boot-map.h"
#include "machine/boot-services.h"

/* arch/x86/include/uapi/asm/bootparam.h, struct boot_params; asm/setup.h, struct efi_info */
#define EFI_INFO	0x1c0
#define SIGNATURE	"EL64"

/* UEFI 2.10, 7.2.3, EFI_MEMORY_DESCRIPTOR */
enum {
	BOOT_SERVICES_CODE = 3,
	BOOT_SERVICES_DATA = 4,
	DESCRIPTOR_BYTES = 40,		/* of version 1; firmware may add to it */
	DESCRIPTOR_MAX_BYTES = 4096,
	PAGE = 4096,
};

#define MAP_MAX_BYTES	(1 << 20)

struct efi_map {
	uint64_t pa;
	uint32_t bytes;
	uint32_t descriptor_bytes;
};

/* Was this kernel booted by UEFI?  Where it left its map. */
static bool read_info(const struct machine_tree *tree, struct efi_map *map)
{
	uint32_t low = 0, high = 0, version = 0;
	struct kho_bytes bytes;
	struct cursor c;
	char *data;
	bool is;

	if (tree_read(tree, BOOT_MAP_SOURCE "/data", &data, &bytes.size))
		return false;
	bytes.data = (const uint8_t *)data;
	c = cursor_init(bytes);
	is = bytes.size >= EFI_INFO + 32 && !memcmp(data + EFI_INFO, SIGNATURE, 4) &&
	     !cursor_seek(&c, EFI_INFO + 8) && !cursor_u32(&c, &map->descriptor_bytes) &&
	     !cursor_u32(&c, &version) && !cursor_u32(&c, &low) && !cursor_u32(&c, &map->bytes) &&
	     !cursor_skip(&c, 4) && !cursor_u32(&c, &high);
	map->pa = (uint64_t)high << 32 | low;
	free(data);
	return is;
}

/* Only of one descriptor; what is no memory of this machine is left out. */
static int add_descriptor(struct kho_bytes bytes, struct kho_ranges *services)
{
	struct cursor c = cursor_init(bytes);
	uint64_t start_pa = 0, nr_pages = 0;
	uint32_t type = 0;

	if (cursor_u32(&c, &type) || cursor_skip(&c, 4) || cursor_u64(&c, &start_pa) ||
	    cursor_skip(&c, 8) || cursor_u64(&c, &nr_pages))
		return 0;
	if ((type != BOOT_SERVICES_CODE && type != BOOT_SERVICES_DATA) ||
	    start_pa >= MACHINE_PA_LIMIT || nr_pages > (MACHINE_PA_LIMIT - start_pa) / PAGE)
		return 0;
	return kho_ranges_add(services, start_pa, start_pa + nr_pages * PAGE, KHO_NO_NODE);
}

/* -EIO: it is cut; what open() and pread() say. */
static int read_map(const struct machine_tree *tree, const struct efi_map *map, uint8_t *to)
{
	int fd = tree_open_memory(tree, BOOT_SERVICES_SOURCE);
	ssize_t got;
	int ret = 0;

	if (fd < 0)
		return fd;
	for (size_t n = 0; n < map->bytes && !ret; n += got > 0 ? (size_t)got : 0) {
		got = pread(fd, to + n, map->bytes - n, (off_t)(map->pa + n));
		if (got < 0 && errno != EINTR)
			ret = -errno;
		else if (!got)
			ret = -EIO;
	}
	close(fd);
	return ret;
}

int boot_services_read(const struct machine_tree *tree, struct machine *m)
{
	struct efi_map map = { 0 };
	uint8_t *descriptors;
	int ret = 0;

	m->uefi = read_info(tree, &map);
	if (!m->uefi || map.pa >= MACHINE_PA_LIMIT || !map.bytes || map.bytes > MAP_MAX_BYTES ||
	    map.descriptor_bytes < DESCRIPTOR_BYTES || map.descriptor_bytes > DESCRIPTOR_MAX_BYTES)
		return 0;
	descriptors = malloc(map.bytes);
	if (!descriptors)
		return -ENOMEM;
	if (!read_map(tree, &map, descriptors))
		for (uint32_t at = 0; at + map.descriptor_bytes <= map.bytes && !ret;
		     at += map.descriptor_bytes)
			ret = add_descriptor((struct kho_bytes){ descriptors + at,
								 map.descriptor_bytes },
					     &m->boot_services);
	free(descriptors);
	kho_ranges_normalise(&m->boot_services);
	/* The firmware cannot do without; a kernel that kexec started has the map without them. */
	m->boot_services_known = m->boot_services.n > 0;
	return ret;
}
