// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/read-file.h"
#include "cli/settings.h"

#define NAME		"kexec-kho.conf"
#define SECTION		"[KHO]"
#define FILE_LIMIT	65536u
#define FILES_LIMIT	1000u

/* Those of the site, of this boot, and of the distribution, as systemd has them. */
static const char *const folders[] = { KHO_SYSCONFDIR, "/run", KHO_VENDORDIR };

#define NR_FOLDERS	(sizeof(folders) / sizeof(folders[0]))

/* ---- one file ---- */

struct reader {
	struct kho_settings *settings;
	const char *path;
	unsigned int line;
	bool in_section;
};

/* "RehearseLog" is "rehearse-log"; what is written otherwise is no name. */
static char *name_of_key(const char *key)
{
	char *name = malloc(2 * strlen(key) + 1), *to = name;

	if (!name)
		return NULL;
	for (const char *c = key; *c; c++) {
		if (!isalpha((unsigned char)*c) || (c == key && !isupper((unsigned char)*c))) {
			to = name;
			break;
		}
		if (isupper((unsigned char)*c) && c > key)
			*to++ = '-';
		*to++ = (char)tolower((unsigned char)*c);
	}
	*to = '\0';
	return name;
}

static char *trim(char *text)
{
	char *end = text + strlen(text);

	while (end > text && isspace((unsigned char)end[-1]))
		*--end = '\0';
	return text + strspn(text, " \t");
}

static int complain_at_line(struct reader *r, const char *line, const char *what)
{
	return kho_settings_complain(r->settings, KHO_LAYER_FILES, "%s:%u: %.80s: %s", r->path,
				     r->line, line, what);
}

static int read_setting(struct reader *r, char *line)
{
	char *value, *key, *where;

	line = trim(line);
	if (!*line || *line == '#' || *line == ';')
		return 0;
	if (*line == '[') {
		r->in_section = !strcmp(line, SECTION);
		return r->in_section ? 0 :
		       complain_at_line(r, line, "no such section; there is " SECTION);
	}
	value = strchr(line, '=');
	if (!value)
		return complain_at_line(r, line, "neither a section nor NAME=VALUE");
	if (!r->in_section)
		return complain_at_line(r, line, "not in the section " SECTION);
	*value++ = '\0';
	key = trim(line);
	if (asprintf(&where, "%s:%u: %s", r->path, r->line, key) < 0)
		return -ENOMEM;
	return kho_settings_add(r->settings, KHO_LAYER_FILES, where, name_of_key(key), trim(value));
}

static int read_settings(struct reader *r, char *text)
{
	int ret = 0;

	for (char *line = text; line && !ret; r->line++) {
		char *end = strchr(line, '\n');

		if (end)
			*end++ = '\0';
		ret = read_setting(r, line);
		line = end;
	}
	return ret;
}

static bool is_hidden(int fd)
{
	struct stat st, null;

	return !fstat(fd, &st) && S_ISCHR(st.st_mode) && !stat("/dev/null", &null) &&
	       st.st_rdev == null.st_rdev;
}

/* 1: there is none. */
static int read_path(struct kho_settings *settings, const char *path)
{
	struct reader r = { .settings = settings, .path = path, .line = 1 };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), ret = 0;
	struct kho_err err = { "" };
	struct kho_buffer text = { 0 };
	char *copy;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 1;
	if (fd < 0)
		return kho_settings_complain(settings, KHO_LAYER_FILES, "%s: %s", path,
					     strerror(errno));
	if (is_hidden(fd)) {
		close(fd);
		return 0;
	}
	ret = read_file(fd, FILE_LIMIT, &text, &err);
	close(fd);
	if (ret)
		return ret == -ENOMEM ? ret :
		       kho_settings_complain(settings, KHO_LAYER_FILES, "%s: %s", path,
					     err.text[0] ? err.text : strerror(-ret));
	copy = strndup(text.size ? (const char *)text.data : "", text.size);
	if (copy && strlen(copy) != text.size)
		ret = kho_settings_complain(settings, KHO_LAYER_FILES,
					    "%s: no text: it has a byte of zero", path);
	else
		ret = copy ? read_settings(&r, copy) : -ENOMEM;
	free(copy);
	kho_buffer_deinit(&text);
	return ret;
}

/* ---- all of them ---- */

static int wanted(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return entry->d_name[0] != '.' && dot && !strcmp(dot, ".conf");
}

struct drop_in {
	char *name;
	char *path;
};

static int by_name(const void *a, const void *b)
{
	const struct drop_in *x = a, *y = b;

	return strcmp(x->name, y->name);
}

struct drop_ins {
	struct drop_in *d;
	size_t n;
};

static int add_drop_in(struct drop_ins *all, const char *folder, const char *name)
{
	struct drop_in *more;

	for (size_t i = 0; i < all->n; i++)
		if (!strcmp(all->d[i].name, name))
			return 0;
	more = reallocarray(all->d, all->n + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	all->d = more;
	more[all->n] = (struct drop_in){ strdup(name), NULL };
	if (!more[all->n].name || asprintf(&more[all->n].path, "%s/%s", folder, name) < 0) {
		free(more[all->n].name);
		return -ENOMEM;
	}
	all->n++;
	return 0;
}

static int find_drop_ins(struct kho_settings *settings, const char *folder, struct drop_ins *all)
{
	struct dirent **entry;
	int nr = scandir(folder, &entry, wanted, alphasort), ret = 0;

	if (nr < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 :
		       kho_settings_complain(settings, KHO_LAYER_FILES, "%s: %s", folder,
					     strerror(errno));
	for (int i = 0; i < nr; i++) {
		if (!ret && all->n < FILES_LIMIT)
			ret = add_drop_in(all, folder, entry[i]->d_name);
		else if (!ret)
			ret = kho_settings_complain(settings, KHO_LAYER_FILES,
						    "%s/%s: one file of more than %u", folder,
						    entry[i]->d_name, FILES_LIMIT);
		free(entry[i]);
	}
	free(entry);
	return ret;
}

static int read_drop_ins(struct kho_settings *settings, const char *root)
{
	struct drop_ins all = { 0 };
	char *folder;
	int ret = 0;

	for (size_t i = 0; i < NR_FOLDERS && !ret; i++) {
		if (asprintf(&folder, "%s%s/" NAME ".d", root, folders[i]) < 0)
			return -ENOMEM;
		ret = find_drop_ins(settings, folder, &all);
		free(folder);
	}
	if (all.n)
		qsort(all.d, all.n, sizeof(*all.d), by_name);
	for (size_t i = 0; i < all.n; i++) {
		if (!ret && read_path(settings, all.d[i].path) < 0)
			ret = -ENOMEM;
		free(all.d[i].name);
		free(all.d[i].path);
	}
	free(all.d);
	return ret;
}

static int read_main_file(struct kho_settings *settings, const char *root)
{
	int ret = 1;

	for (size_t i = 0; i < NR_FOLDERS && ret == 1; i++) {
		char *path;

		if (asprintf(&path, "%s%s/" NAME, root, folders[i]) < 0)
			return -ENOMEM;
		ret = read_path(settings, path);
		free(path);
	}
	return ret < 0 ? ret : 0;
}

int kho_settings_files(struct kho_settings *settings, const char *root, const char *config)
{
	int ret;

	if (config && !strcmp(config, "none"))
		return 0;
	if (!config) {
		ret = read_main_file(settings, root);
		return ret ? ret : read_drop_ins(settings, root);
	}
	ret = read_path(settings, config);
	return ret != 1 ? ret : kho_settings_complain(settings, KHO_LAYER_FILES, "%s: %s", config,
						      strerror(ENOENT));
}
