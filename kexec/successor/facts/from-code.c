// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <string.h>

#include "successor/facts/facts.h"
#include "successor/image/image.h"
#include "successor/vmcoreinfo/vmcoreinfo.h"
#ifdef HAVE_CAPSTONE
#include "successor/vmcoreinfo/calls.h"
#endif

#ifdef HAVE_CAPSTONE

static int read_text(struct successor *s, bool *whole)
{
	const struct code_isa *isa = code_isa(s->arch);
	struct vmcoreinfo_calls calls;
	int ret;

	if (!isa)
		return -ENOENT;
	ret = vmcoreinfo_calls_find(isa, s->image, &calls);
	if (ret)
		return ret;
	ret = vmcoreinfo_print(isa, s->image, &calls, &s->image->vmcoreinfo, whole);
	vmcoreinfo_calls_deinit(&calls);
	return ret;
}

#else

static int read_text(struct successor *s, bool *whole)
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

static struct kho_bytes code_text(const struct successor *s)
{
	return (struct kho_bytes){ s->image->vmcoreinfo.data, s->image->vmcoreinfo.size };
}

int successor_vmcoreinfo_number(const struct successor *s, const char *key, uint64_t *number)
{
	return s->image ? vmcoreinfo_number(code_text(s), key, number) : -ENOENT;
}

int facts_from_code(struct successor *s)
{
	struct kho_bytes text;
	struct kho_err err;
	bool whole = false;
	int ret;

	ret = read_text(s, &whole);
	if (ret == -ENOMEM)
		return ret;
	if (ret)
		return 0;
	text = code_text(s);
	if (!whole)
		successor_note(s, "the code that makes its VMCOREINFO is understood only in part");
	whole = whole && has_frame(text) && successor_has_kho(s);
	if (vmcoreinfo_claim(s, text, KHO_SRC_CODE, whole, &err))
		successor_note(s, "the VMCOREINFO read from its code is wrong: %s", err.text);
	return 0;
}

/*
 * The tools that read VMCOREINFO look at the beginning of a line only, so that a
 * '#' hides it from them.
 */
int successor_vmcoreinfo_text(const struct successor *s, FILE *out, struct kho_err *err)
{
	struct cursor c;
	struct kho_bytes line;

	if (!s->image || !s->image->vmcoreinfo.size)
		return kho_fail(err, ENOENT, "no code that makes a VMCOREINFO is found in the image");
	c = cursor_init(code_text(s));
	while (!vmcoreinfo_next_line(&c, &line)) {
		bool at_runtime = line.size && line.data[line.size - 1] == '?';

		fprintf(out, "%s%.*s%s\n", at_runtime ? "# " : "", (int)(line.size - at_runtime),
			(const char *)line.data, at_runtime ? " (known to the booted kernel only)" : "");
	}
	return ferror(out) ? kho_fail(err, EIO, "writing the text fails") : 0;
}
