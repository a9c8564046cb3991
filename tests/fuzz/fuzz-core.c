// SPDX-License-Identifier: GPL-2.0-only
/* The VMCOREINFO note of an ELF core. */
#include "config.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "successor/vmcoreinfo/vmcoreinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kho_buffer text = { 0 };
	uint16_t elf_machine;
	struct kho_err err;
	int fd = memfd_create("core", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	if (!vmcoreinfo_from_core(fd, &text, &elf_machine, &err) &&
	    text.size > VMCOREINFO_LIMIT_BYTES)
		abort();
	kho_buffer_deinit(&text);
	close(fd);
	return 0;
}
