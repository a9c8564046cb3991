// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/list.h"

void kho_list_add(struct kho_list *list, const char *fmt, ...)
{
	size_t room = sizeof(list->text) - list->used;
	va_list ap;
	int len;

	if (list->used && room > 2) {
		list->used += (size_t)snprintf(list->text + list->used, room, ", ");
		room -= 2;
	}
	va_start(ap, fmt);
	len = vsnprintf(list->text + list->used, room, fmt, ap);
	va_end(ap);
	if (len > 0)
		list->used += (size_t)len < room ? (size_t)len : room - 1;
}
