// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "report/terminal.h"

#define COLUMNS_DEFAULT	80
#define COLUMNS_MAX	65535

static unsigned int columns_of(int fd)
{
	const char *text = getenv("COLUMNS");
	unsigned long columns = text ? strtoul(text, NULL, 10) : 0;
	struct winsize size;

	if (!columns && !ioctl(fd, TIOCGWINSZ, &size))
		columns = size.ws_col;
	if (!columns)
		return COLUMNS_DEFAULT;
	return columns < COLUMNS_MAX ? (unsigned int)columns : COLUMNS_MAX;
}

/* The program itself stays in the C locale, so that numbers and messages do. */
bool terminal_is_utf8(void)
{
	locale_t before, locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool utf8;

	if (!locale)
		return false;
	/* Linked statically, glibc's nl_langinfo_l() knows the C locale only. */
	before = uselocale(locale);
	utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	uselocale(before);
	freelocale(locale);
	return utf8;
}

static bool has_colour(int fd)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(fd) && !(no_color && *no_color) && term && *term && strcmp(term, "dumb");
}

void terminal_of(FILE *f, struct terminal *terminal)
{
	int fd = fileno(f);

	*terminal = (struct terminal){ columns_of(fd), terminal_is_utf8(), has_colour(fd) };
}
