// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>

#include "arch/arch.h"
#include "successor/facts/facts.h"
#include "successor/image/image.h"
#include "successor/vmcoreinfo/vmcoreinfo.h"
#ifdef HAVE_CAPSTONE
#include "successor/vmcoreinfo/calls.h"
#endif

#ifdef HAVE_CAPSTONE

static int print_from_code(struct successor *s, bool *whole)
{
	struct vmcoreinfo_calls calls;
	int ret;

	if (!s->arch || !s->arch->isa)
		return -ENOENT;
	ret = vmcoreinfo_calls_find(s->arch->isa, s->image, &calls);
	if (ret)
		return ret;
	ret = vmcoreinfo_print(s->arch, s->image, &calls, &s->image->vmcoreinfo, whole);
	vmcoreinfo_calls_deinit(&calls);
	return ret;
}

#else

static int print_from_code(struct successor *s, bool *whole)
{
	successor_note(s, "its code is not read: this kexec was built without capstone "
		       "(configure --with-capstone)");
	return -ENOENT;
}

#endif

/*
 * Is nothing of the generic part missing?  What comes before and after the lines
 * on the memory model stands in one function, crash_save_vmcoreinfo_init().
 */
static bool has_frame(struct kho_bytes text)
{
	struct kho_bytes value;

	return !vmcoreinfo_value(text, "PAGESIZE", &value) &&
	       !vmcoreinfo_value(text, "SYMBOL(_stext)", &value) &&
	       !vmcoreinfo_value(text, "SIZE(page)", &value) &&
	       !vmcoreinfo_value(text, "SIZE(list_head)", &value);
}

int facts_from_code(struct successor *s)
{
	struct kho_bytes text;
	struct kho_err err;
	bool whole = false;
	int ret;

	ret = print_from_code(s, &whole);
	if (ret == -ENOMEM)
		return ret;
	if (ret)
		return 0;
	text = (struct kho_bytes){ s->image->vmcoreinfo.data, s->image->vmcoreinfo.size };
	if (!whole)
		successor_note(s, "the code that makes its VMCOREINFO is understood only in part");
	whole = whole && has_frame(text) && successor_has_kho(s);
	if (vmcoreinfo_claim(s, text, KHO_SRC_CODE, whole, &err))
		successor_note(s, "the VMCOREINFO read from its code is wrong: %s", err.text);
	return 0;
}
