// SPDX-License-Identifier: GPL-2.0-only
/* Reads an image: the containers down to the kernel, then each source of facts. */
#include "config.h"

#include <errno.h>

#include "successor/containers/open.h"
#include "successor/facts/facts.h"
#include "successor/image/image.h"
#include "successor/successor.h"

static int read_facts(struct successor *s, struct kho_err *err)
{
	const struct image_section *percpu = image_section(s->image, ".data..percpu");
	const struct image_section *text = image_section(s->image, ".text");
	const struct image_section *brk = image_section(s->image, ".brk");

	if (percpu)
		s->load.percpu_bytes = percpu->memory_bytes;
	if (text && brk && text->va < brk->va)
		s->load.brk_offset_bytes = brk->va - text->va;
	facts_from_strings(s);
	if (!s->release[0])
		return kho_fail(err, EINVAL, "%s: it holds no Linux version banner",
				s->image->kind);
	if (facts_from_code(s) || facts_from_btf(s) || facts_from_ikconfig(s))
		return kho_fail(err, ENOMEM, "no memory");
	facts_from_kallsyms(s);
	if (facts_from_constants(s))
		return kho_fail(err, ENOMEM, "no memory");
	facts_from_arch(s);
	return 0;
}

static int read_opened(int ret, struct successor *s, struct kho_err *err)
{
	if (!ret)
		ret = read_facts(s, err);
	if (ret)
		successor_deinit(s);
	return ret;
}

int successor_read_buffer(struct kho_buffer *file, struct successor *s, struct kho_err *err)
{
	successor_init(s);
	return read_opened(open_buffer(file, s, err), s, err);
}

int successor_read_fd(int fd, struct successor *s, struct kho_err *err)
{
	successor_init(s);
	return read_opened(open_fd(fd, s, err), s, err);
}
