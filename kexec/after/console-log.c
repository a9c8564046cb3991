// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "after/console-log.h"
#include "base/read-file.h"

/* ---- lines ---- */

/* An escape sequence of a terminal (ECMA-48) at @at: its bytes; 1: a lone ESC. */
static size_t escape_bytes(const uint8_t *at, size_t left)
{
	size_t n = 2;

	if (left < 2)
		return left;
	if (at[1] == ']') {
		/* A title, up to BEL; one that does not end is no title. */
		while (n < left && n < 256 && at[n] != 7 && at[n] != '\n')
			n++;
		return n < left && at[n] == 7 ? n + 1 : 2;
	}
	if (at[1] != '[')
		return 2;
	while (n < left && n < 64 && at[n] >= 0x20 && at[n] < 0x40)
		n++;
	return n < left && at[n] >= 0x40 && at[n] < 0x7f ? n + 1 : n;
}

/* In place: a return is the end of a line too, what is not printable goes, or is '?'. */
static void clean(struct kho_buffer *raw)
{
	size_t to = 0, column = 0;

	for (size_t at = 0; at < raw->size; at++) {
		uint8_t c = raw->data[at];

		if (c == 27) {
			at += escape_bytes(raw->data + at, raw->size - at) - 1;
			continue;
		}
		if (c == '\n' || c == '\r') {
			if (column)
				raw->data[to++] = '\0';
			column = 0;
			continue;
		}
		if ((c < 0x20 && c != '\t') || c == 0x7f || column == LOG_LINE_BYTES)
			continue;
		raw->data[to++] = c == '\t' ? ' ' : c > 0x7f ? '?' : c;
		column++;
	}
	raw->size = to + (column != 0);
	if (column)
		raw->data[to] = '\0';
}

static int find_lines(struct log *log, size_t bytes)
{
	size_t n = 0;

	for (size_t at = 0; at < bytes; at++)
		n += !log->text[at];
	log->line = calloc(n + 1, sizeof(*log->line));
	if (!log->line)
		return -ENOMEM;
	for (size_t at = 0; at < bytes; at += strlen(log->text + at) + 1)
		log->line[log->nr_lines++] = log->text + at;
	return 0;
}

/* "[    1.304653] " or "[    1.304653][    T1] "; its end, NULL: none here. */
static const char *stamp_end(const char *line)
{
	const char *at;

	if (*line != '[')
		return NULL;
	at = line + 1 + strspn(line + 1, " ");
	if (!isdigit((unsigned char)*at))
		return NULL;
	at += strspn(at, "0123456789");
	if (*at != '.' || strspn(at + 1, "0123456789") != 6 || at[7] != ']')
		return NULL;
	at += 8;
	/* CONFIG_PRINTK_CALLER */
	if (*at == '[' && strchr(at, ']'))
		at = strchr(at, ']') + 1;
	return at + (*at == ' ');
}

/* "<6>", "6,339,5140900,-;" of /dev/kmsg, or what a syslog puts in front. */
static const char *prefix_end(const char *line)
{
	const char *at = line, *kernel;

	if (*at == '<' && isdigit((unsigned char)at[1]) && strspn(at + 1, "0123456789") < 4 &&
	    at[1 + strspn(at + 1, "0123456789")] == '>')
		return at + 2 + strspn(at + 1, "0123456789");
	at += strspn(at, "0123456789,-c");
	if (at > line + 6 && *at == ';' && memchr(line, ',', (size_t)(at - line)))
		return at + 1;
	kernel = strstr(line, " kernel: ");
	return kernel && kernel - line < 80 ? kernel + strlen(" kernel: ") : line;
}

double log_seconds(const char *line)
{
	const char *at = prefix_end(line);

	return stamp_end(at) ? strtod(at + 1, NULL) : -1;
}

const char *log_message(const char *line)
{
	const char *at = prefix_end(line), *end = stamp_end(at);

	return end ? end : at;
}

/* ---- boots ---- */

static bool begins_with(const char *text, const char *words)
{
	return !strncmp(text, words, strlen(words));
}

static bool has_within(const struct log *log, size_t from, size_t to, const char *const *words)
{
	for (size_t i = from; i < to && i < log->nr_lines; i++)
		for (const char *const *w = words; *w; w++)
			if (strstr(log->line[i], *w))
				return true;
	return false;
}

/* Before the kernel's first line: its decompressor's, and arm64's own first one. */
static const char *const before[] = {
	"early console in extract_kernel", "Decompressing Linux", "Booting Linux on physical CPU 0x",
	NULL
};

/* setup_arch() and start_kernel(): what cat /proc/version has not around it. */
static const char *const behind[] = {
	"Command line: ", "KERNEL supported cpus", "Machine model: ", "BIOS-provided physical RAM map",
	"BIOS-e820: ", "efi: EFI v", "Kernel command line: ", NULL
};

/* kernel_kexec() and arm64's machine_kexec(). */
static bool jumps(const char *message)
{
	return strstr(message, "Starting new kernel") || !strcmp(message, "Bye!");
}

/* "Linux version 7.2.13 (...": is it the kernel that says so? */
static bool is_banner(const struct log *log, size_t i)
{
	const char *message = log_message(log->line[i]);

	return begins_with(message, "Linux version ") &&
	       isdigit((unsigned char)message[strlen("Linux version ")]) &&
	       ((log_seconds(log->line[i]) >= 0 && log_seconds(log->line[i]) < 1) ||
		has_within(log, i > 3 ? i - 3 : 0, i, before) ||
		has_within(log, i + 1, i + 6, behind));
}

static struct log_boot *new_boot(struct log *log, size_t line)
{
	struct log_boot *boot;

	if (log->nr_boots == LOG_BOOTS)
		return NULL;
	boot = &log->boot[log->nr_boots++];
	if (boot > log->boot)
		boot[-1].end = line;
	*boot = (struct log_boot){ .first = line, .end = log->nr_lines };
	return boot;
}

static void take_banner(struct log_boot *boot, const char *line)
{
	const char *release = strstr(line, "Linux version ") + strlen("Linux version ");
	size_t n = strcspn(release, " ");

	if (n >= sizeof(boot->release))
		n = sizeof(boot->release) - 1;
	memcpy(boot->release, release, n);
	boot->release[n] = '\0';
	boot->begins = true;
}

/* Firmware and boot loaders: the machine was reset. */
static bool is_firmware(const char *message)
{
	static const char *const words[] = {
		"SeaBIOS (version", "UEFI firmware (version", "BdsDxe: ", "GNU GRUB ", "U-Boot ", "iPXE ",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (begins_with(message, words[i]))
			return true;
	return false;
}

/* What the boot that is being read has shown so far. */
struct finding_boots {
	struct log *log;
	struct log_boot *boot;		/* NULL: there are too many */
	bool started;			/* words before its first line */
	bool running;			/* its first line, or any other */
	bool jumped;			/* the kernel says so; what comes next is by kexec */
	double seconds;			/* of the latest stamp */
};

/* A kernel that was jumped to and said nothing: its boot has no lines. */
static void add_silent(struct finding_boots *f, size_t line)
{
	f->boot = new_boot(f->log, line);
	if (f->boot)
		f->boot->by_kexec = true;
	f->jumped = false;
	f->started = false;
	f->running = true;
}

static void take_boot_line(struct finding_boots *f, size_t i)
{
	const char *line = f->log->line[i], *message = log_message(line);
	bool banner = is_banner(f->log, i), start = false, by_kexec = f->jumped;
	double seconds = log_seconds(line);

	for (const char *const *w = before; *w; w++)
		start |= begins_with(message, *w);
	/* The time begins anew: first lines are lost. */
	start |= !banner && !f->started && f->running && seconds == 0 && f->seconds > 1;
	if (banner || start) {
		if (f->running || (banner && f->boot->begins))
			f->boot = new_boot(f->log, i);
		if (f->boot && f->running)
			f->boot->by_kexec = by_kexec;
		if (f->boot && banner)
			take_banner(f->boot, line);
		f->started = !banner;
		f->running = banner;
		f->jumped = false;
	} else if (f->jumped && is_firmware(message)) {
		add_silent(f, i);
		if (f->boot)
			f->boot = new_boot(f->log, i);
	} else if (!f->started) {
		f->running = true;
	}
	f->jumped |= jumps(message);
	if (seconds >= 0)
		f->seconds = seconds;
}

static int find_boots(struct log *log)
{
	struct finding_boots f = { .log = log, .boot = new_boot(log, 0) };

	for (size_t i = 0; i < log->nr_lines && f.boot; i++)
		take_boot_line(&f, i);
	if (f.boot && f.jumped)
		add_silent(&f, log->nr_lines);
	return f.boot ? 0 : -E2BIG;
}

/* ---- */

int log_init(struct kho_buffer *raw, struct log *log, struct kho_err *err)
{
	int ret;

	*log = (struct log){ 0 };
	/* Room for the last NUL. */
	log->text = realloc(raw->data, raw->size + 1);
	if (!log->text) {
		kho_buffer_deinit(raw);
		return kho_fail(err, ENOMEM, "%s", strerror(ENOMEM));
	}
	raw->data = (uint8_t *)log->text;
	clean(raw);
	log->boot = calloc(LOG_BOOTS, sizeof(*log->boot));
	ret = log->boot ? find_lines(log, raw->size) : -ENOMEM;
	*raw = (struct kho_buffer){ 0 };
	if (!ret)
		ret = find_boots(log);
	if (ret)
		log_deinit(log);
	if (ret == -E2BIG)
		return kho_fail(err, E2BIG, "more than %d boots in one log: cut it", LOG_BOOTS);
	return ret ? kho_fail(err, -ret, "%s", strerror(-ret)) : 0;
}

static int unpack_log(struct kho_buffer *raw, struct kho_err *err)
{
	struct kho_bytes in = { raw->data, raw->size };
	const struct unpack_format *format = unpack_by_magic(in);
	struct kho_buffer out = { 0 };
	int ret;

	if (!format)
		return 0;
	ret = unpack(format, in, 0, LOG_LIMIT_BYTES, &out, err);
	kho_buffer_deinit(raw);
	*raw = out;
	return ret;
}

int log_read(const char *path, struct log *log, struct kho_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), ret;
	struct kho_buffer raw = { 0 };

	if (fd < 0)
		return kho_fail(err, errno, "%s: %s", path, strerror(errno));
	ret = read_file(fd, LOG_LIMIT_BYTES, &raw, err);
	close(fd);
	if (!ret)
		ret = unpack_log(&raw, err);
	if (!ret)
		ret = log_init(&raw, log, err);
	else
		kho_buffer_deinit(&raw);
	if (ret)
		kho_err_prefix(err, "%s: ", path);
	return ret;
}

void log_deinit(struct log *log)
{
	free(log->text);
	free(log->line);
	free(log->boot);
	*log = (struct log){ 0 };
}
