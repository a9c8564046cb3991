// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

void kho_make_printable(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || (unsigned char)*text > 0x7e)
			*text = '?';
}

int kho_fail(struct kho_err *err, int code, const char *fmt, ...)
{
	va_list ap;

	if (err) {
		va_start(ap, fmt);
		vsnprintf(err->text, sizeof(err->text), fmt, ap);
		va_end(ap);
		kho_make_printable(err->text);
	}
	return -code;
}

void kho_err_prefix(struct kho_err *err, const char *fmt, ...)
{
	char rest[KHO_ERR_BYTES];
	va_list ap;
	int len;

	if (!err || !err->text[0])
		return;
	memcpy(rest, err->text, sizeof(rest));
	va_start(ap, fmt);
	len = vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	if (len >= 0 && (size_t)len < sizeof(err->text))
		snprintf(err->text + len, sizeof(err->text) - len, "%s", rest);
	kho_make_printable(err->text);
}
