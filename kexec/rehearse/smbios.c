// SPDX-License-Identifier: GPL-2.0-only
/* Layouts: System Management BIOS Reference Specification 3.0; the comments give its section. */
#include "config.h"

#include "rehearse/smbios.h"

#define ENTRY_USED_BYTES	0x18

/* 6.1.2: the formatted part, then its strings, then an empty one. */
static void put_structure(struct bytes_out *o, uint16_t handle, const uint8_t *data, size_t bytes,
			  const char *strings, size_t strings_bytes)
{
	out_u8(o, data[0]);
	out_u8(o, (uint8_t)bytes);
	out_u16(o, handle);
	out_bytes(o, data + 4, bytes - 4);
	out_bytes(o, strings, strings_bytes);
	out_u8(o, 0);
	if (strings_bytes <= 1)
		out_u8(o, 0);
}

/* Firmware, machine, one memory device: about what QEMU's own tables hold. */
static void put_own(struct bytes_out *o)
{
	static const char firmware[] = "kexec\0rehearsal\0" "01/01/2026";
	static const char machine[] = "kexec\0KHO rehearsal\0" "1";
	static const char device[] = "DIMM 0\0kexec";
	static const uint8_t type_0[0x18] = { 0, [4] = 1, [5] = 2, [8] = 3 };	/* 7.1 */
	static const uint8_t type_1[0x1b] = { 1, [4] = 1, [5] = 2, [6] = 3 };	/* 7.2 */
	static const uint8_t type_17[0x22] = { 17, [16] = 1, [23] = 2 };	/* 7.18 */
	static const uint8_t type_127[4] = { 127 };				/* 7.45 */

	put_structure(o, 0, type_0, sizeof(type_0), firmware, sizeof(firmware));
	put_structure(o, 1, type_1, sizeof(type_1), machine, sizeof(machine));
	put_structure(o, 2, type_17, sizeof(type_17), device, sizeof(device));
	put_structure(o, 3, type_127, sizeof(type_127), "", 0);
}

void smbios_write(struct bytes_out *o, uint64_t base_pa, const struct firmware *firmware,
		  uint8_t *entry)
{
	size_t from = o->at;
	uint8_t sum = 0;

	if (firmware->smbios)
		out_bytes(o, firmware->smbios, firmware->smbios_bytes);
	else
		put_own(o);
	/* 5.2.2: the 64-bit entry point */
	memset(entry, 0, SMBIOS_ENTRY_BYTES);
	memcpy(entry, "_SM3_", 5);
	entry[6] = ENTRY_USED_BYTES;
	entry[7] = 3;
	entry[10] = 1;
	put_le(entry + 12, o->at - from, 4);
	put_le(entry + 16, base_pa + from, 8);
	for (size_t i = 0; i < ENTRY_USED_BYTES; i++)
		sum += entry[i];
	entry[5] = (uint8_t)-sum;
}
