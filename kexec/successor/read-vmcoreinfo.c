// SPDX-License-Identifier: GPL-2.0-only
/* A VMCOREINFO that the user has: a text, or the note in an ELF core. */
#include "config.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "successor/facts/facts.h"
#include "successor/successor.h"
#include "successor/vmcoreinfo/vmcoreinfo.h"

/* Up to one byte more than the limit: by read(), so that a pipe will do. */
static int read_up_to_limit(int fd, struct kho_buffer *text, struct kho_err *err)
{
	text->cap = VMCOREINFO_LIMIT_BYTES + 1;
	text->data = malloc(text->cap);
	if (!text->data)
		return kho_fail(err, ENOMEM, "no memory");
	while (text->size < text->cap) {
		ssize_t got = read(fd, text->data + text->size, text->cap - text->size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return kho_fail(err, errno, "%s", strerror(errno));
		if (!got)
			break;
		text->size += got;
	}
	return 0;
}

/* @whole is set for a note: that is what a kernel printed, not what somebody wrote. */
static int read_either(int fd, struct kho_buffer *text, uint16_t *elf_machine, bool *whole,
		       struct kho_err *err)
{
	int ret;

	ret = read_up_to_limit(fd, text, err);
	if (ret)
		return ret;
	if (bytes_have((struct kho_bytes){ text->data, text->size }, 0, ELFMAG, SELFMAG)) {
		kho_buffer_deinit(text);
		*whole = true;
		return vmcoreinfo_from_core(fd, text, elf_machine, err);
	}
	if (text->size > VMCOREINFO_LIMIT_BYTES)
		return kho_fail(err, EFBIG, "neither an ELF core nor a text of at most %llu KiB",
				(unsigned long long)VMCOREINFO_LIMIT_BYTES >> 10);
	return 0;
}

static bool has_all_keys(struct kho_bytes text, const char *const *keys)
{
	struct kho_bytes value;

	if (!keys)
		return false;
	for (; *keys; keys++)
		if (vmcoreinfo_value(text, *keys, &value))
			return false;
	return true;
}

static const struct kho_arch *arch_of(struct kho_bytes text)
{
	const struct kho_arch *arch = NULL;

	for (size_t i = 0; (arch = kho_arch_at(i)); i++)
		if (has_all_keys(text, arch->vmcoreinfo_own))
			break;
	return arch;
}

static int claim_text(struct successor *s, struct kho_bytes text, uint16_t elf_machine,
		      bool whole, struct kho_err *err)
{
	const struct kho_arch *arch;
	int ret;

	ret = vmcoreinfo_check(text, err);
	if (ret)
		return ret;
	arch = elf_machine ? kho_arch_by_elf_machine(elf_machine) : arch_of(text);
	if (arch && s->arch && arch != s->arch)
		return kho_fail(err, EINVAL, "it belongs to an %s kernel, the image to an %s "
				"kernel", arch->machine, s->arch->machine);
	ret = vmcoreinfo_claim(s, text, KHO_SRC_GIVEN, whole && successor_has_kho(s), err);
	if (ret)
		return ret;
	if (!s->image)
		s->arch = arch;
	facts_from_arch(s);
	return 0;
}

int successor_read_vmcoreinfo_fd(int fd, struct successor *s, struct kho_err *err)
{
	struct kho_buffer text = { 0 };
	uint16_t elf_machine = 0;
	bool whole = false;
	int ret = read_either(fd, &text, &elf_machine, &whole, err);

	if (!ret)
		ret = claim_text(s, (struct kho_bytes){ text.data, text.size }, elf_machine, whole,
				 err);
	kho_buffer_deinit(&text);
	return ret;
}

int successor_read_vmcoreinfo(const char *path, struct successor *s, struct kho_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret;

	if (fd < 0) {
		ret = kho_fail(err, errno, "%s", strerror(errno));
	} else {
		ret = successor_read_vmcoreinfo_fd(fd, s, err);
		close(fd);
	}
	if (ret)
		kho_err_prefix(err, "%s: ", path);
	return ret;
}
