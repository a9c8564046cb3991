/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a site says once for all loads: in configuration files, as systemd's programs read theirs,
 * and in the environment.  Here they are read; what they mean is for options.c.
 *
 * The first of SYSCONFDIR/kexec-kho.conf, /run/kexec-kho.conf and PREFIX/lib/kexec-kho.conf
 * counts, then the *.conf of kexec-kho.conf.d in all three folders, sorted by name; a name in an
 * earlier folder hides the same in a later one, also as a link to /dev/null.
 */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#define KHO_SETTING_MODE	"mode"	/* the one that is no option's */

enum kho_layer {
	KHO_LAYER_FILES,
	KHO_LAYER_ENVIRONMENT,
	KHO_LAYER_NR
};

struct kho_setting {
	enum kho_layer layer;
	char *where;	/* "/etc/kexec-kho.conf:3: RehearseLog", "KEXEC_KHO_REHEARSE_LOG" */
	char *name;	/* of the option: "rehearse-log" */
	char *value;	/* without spaces around it; "" takes back what was said before */
};

struct kho_settings {
	struct kho_setting *s;		/* in each layer, in the order that they count */
	size_t n;
	bool bad[KHO_LAYER_NR];		/* something of it can't be understood */
	char **complaint;		/* one line each */
	size_t nr_complaints;
};

/* KEXEC_KHO, and all KEXEC_KHO_NAME of @env that are not empty.  0 or -ENOMEM. */
int kho_settings_environment(struct kho_settings *settings, char **env)
	__attribute__((warn_unused_result));

/*
 * (settings-files.c) The files below the folder @root ("" is this machine), or only the file @config where that is
 * not NULL; "none" is no file.  What can't be read or is no setting becomes a complaint.
 * 0 or -ENOMEM.
 */
int kho_settings_files(struct kho_settings *settings, const char *root, const char *config)
	__attribute__((warn_unused_result));

/* One more; takes @where and @name over, of which either may be NULL: out of memory.  0 or -ENOMEM. */
int kho_settings_add(struct kho_settings *settings, enum kho_layer layer, char *where, char *name,
		     const char *value) __attribute__((warn_unused_result));

/* Something of @layer can't be understood.  0 or -ENOMEM. */
int kho_settings_complain(struct kho_settings *settings, enum kho_layer layer, const char *fmt, ...)
	__attribute__((format(printf, 3, 4), warn_unused_result));

/* The value of KEXEC_KHO_CONFIG, or NULL. */
const char *kho_settings_config(const struct kho_settings *settings);

void kho_settings_deinit(struct kho_settings *settings);

#endif
