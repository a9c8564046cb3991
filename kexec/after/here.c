// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "after/console-log.h"
#include "after/here.h"
#include "after/running.h"
#include "base/number.h"
#include "machine/kernel-log.h"
#include "machine/read-machine.h"
#include "successor/vmcoreinfo/build-id.h"

static void read_build_id(const struct machine_tree *tree, struct here *here)
{
	struct kho_bytes id;
	char *notes = NULL;
	size_t bytes;

	if (!tree_read(tree, "sys/kernel/notes", &notes, &bytes) &&
	    !notes_build_id((struct kho_bytes){ (const uint8_t *)notes, bytes }, &id))
		kho_build_id_text(&id, here->build_id);
	free(notes);
}

static void read_free(const struct machine_tree *tree, struct here *here)
{
	static const char key[] = "\nMemAvailable:";
	char *text = NULL;
	const char *at;
	uint64_t kib;

	if (!tree_read(tree, "proc/meminfo", &text, NULL) && (at = strstr(text, key))) {
		at += strlen(key);
		at += strspn(at, " ");
		if (!number_parse(&at, 10, &kib) && kib < UINT64_MAX >> 10)
			here->free_bytes = kib << 10;
	}
	free(text);
}

/* The last boot: a console's log may hold more than one. */
static void read_log(const struct machine_tree *tree, struct here *here)
{
	struct kho_buffer raw = { 0 };
	struct kho_err err;
	struct log log;

	if (kernel_log_read(tree, LOG_LIMIT_BYTES, &raw) || !raw.size ||
	    log_init(&raw, &log, &err)) {
		kho_buffer_deinit(&raw);
		return;
	}
	if (log.nr_boots) {
		const struct log_boot *boot = &log.boot[log.nr_boots - 1];

		here->has_log = true;
		seen_read(log.line + boot->first, boot->end - boot->first, &here->seen);
	}
	log_deinit(&log);
}

int here_read(const char *root, struct here *here, struct kho_err *err)
{
	struct machine_tree tree;
	int ret;

	*here = (struct here){ .seen = { .hops = -1 } };
	ret = machine_read(root, &here->machine, err);
	if (ret)
		return ret;
	kho_boot_id(root, here->boot_id);
	here->has_running = kho_read_running(root, &here->running);
	if (!tree_init(&tree, root)) {
		read_build_id(&tree, here);
		read_free(&tree, here);
		read_log(&tree, here);
		tree_deinit(&tree);
	}
	return 0;
}

void here_deinit(struct here *here)
{
	machine_deinit(&here->machine);
	if (here->has_running)
		successor_deinit(&here->running);
	*here = (struct here){ 0 };
}
