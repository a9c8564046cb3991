// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/words.h"
#include "rehearse/guest-cmdline.h"

/*
 * Of another machine than the guest, or in the way of the console: where this firmware
 * has its tables, how much is printed, other early consoles (the first one counts).
 */
static const char *const never[] = {
	"acpi_rsdp", "quiet", "loglevel", "earlyprintk", "earlycon", "debug", NULL,
};

/* Looked at only by what runs after early boot. */
static const char *const later[] = {
	"console", "root", "rootflags", "rootfstype", "rootwait", "rootdelay", "ro", "rw", "init",
	"panic", "resume", "ip", "splash", "BOOT_IMAGE", "net.ifnames", "fsck.mode", "selinux",
	"apparmor", "lockdown", "printk.devkmsg", "udev.log_level", NULL,
};

static bool is_one_of(const struct param *p, const char *const *names)
{
	for (; *names; names++)
		if (param_is(p, *names))
			return true;
	return false;
}

/* systemd.unit=..., rd.luks.uuid=...: of no module, and read in user space only. */
static bool is_for_later(const struct param *p)
{
	static const char *const prefixes[] = { "systemd.", "rd.", NULL };

	for (const char *const *prefix = prefixes; *prefix; prefix++)
		if (p->name_bytes > strlen(*prefix) &&
		    !memcmp(p->name, *prefix, strlen(*prefix)))
			return true;
	return is_one_of(p, later);
}

static bool has_word(const char *text, const char *name, const char *value)
{
	struct param p;

	for (const char *at = text; at && *at; ) {
		at = param_next(at, &p);
		if (param_is(&p, "--"))
			return false;
		if (param_is(&p, name) && (!value || param_value_is(&p, value)))
			return true;
	}
	return false;
}

static bool is_left_out(const struct param *p, const struct rehearse_words *words)
{
	return is_one_of(p, never) ||
	       (words->reserve_mem_revived && param_is(p, "reserve_mem"));
}

struct guest_line {
	char *text;
	size_t bytes;
};

static void add_word(struct guest_line *line, const char *word, size_t bytes)
{
	if (line->bytes)
		line->text[line->bytes++] = ' ';
	memcpy(line->text + line->bytes, word, bytes);
	line->bytes += bytes;
}

/* The words of @own; those for later are left out until @to_save bytes are saved. */
static void add_own(struct guest_line *line, const char *own, const struct rehearse_words *words,
		    size_t to_save)
{
	bool rest = false;
	struct param p;

	for (const char *from = own; from && *from; ) {
		const char *next = param_next(from, &p);
		const char *to = next ? next : from + strlen(from);

		while (from < to && isspace((unsigned char)*from))
			from++;
		while (to > from && isspace((unsigned char)to[-1]))
			to--;
		/* Behind "--" stand words for init. */
		rest = rest || (to - from == 2 && !memcmp(from, "--", 2));
		if (from < to && (rest || !is_left_out(&p, words))) {
			if (!rest && to_save && is_for_later(&p))
				to_save -= (size_t)(to - from) + 1 < to_save ?
					   (size_t)(to - from) + 1 : to_save;
			else
				add_word(line, from, (size_t)(to - from));
		}
		from = next;
	}
}

static void add_ours(struct guest_line *line, const char *own, const struct rehearse_words *words)
{
	if (!words->stays && !has_word(own, "nokaslr", NULL))
		add_word(line, "nokaslr", strlen("nokaslr"));
	add_word(line, "debug", strlen("debug"));
	add_word(line, words->early_console, strlen(words->early_console));
	if (words->each && !has_word(own, "memblock", "debug"))
		add_word(line, "memblock=debug", strlen("memblock=debug"));
}

char *rehearse_cmdline(const char *own, const struct rehearse_words *words)
{
	size_t target = strlen(own);
	struct guest_line line = { .text = malloc(target + strlen(words->early_console) + 64) };
	size_t longer;

	if (!line.text)
		return NULL;
	/* Ours go first: the first early console counts. */
	add_ours(&line, own, words);
	add_own(&line, own, words, 0);
	longer = line.bytes > target ? line.bytes - target : 0;
	line.bytes = 0;
	add_ours(&line, own, words);
	add_own(&line, own, words, longer);
	while (line.bytes < target)
		line.text[line.bytes++] = ' ';
	line.text[line.bytes] = '\0';
	return line.text;
}
