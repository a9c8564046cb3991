/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine as one line of JSON: all that is read of a machine, to be judged
 * elsewhere.  doc/machine-schema.md describes it.
 */
#ifndef MACHINE_SNAPSHOT_SNAPSHOT_H
#define MACHINE_SNAPSHOT_SNAPSHOT_H

#include <stddef.h>

#include "base/err.h"
#include "machine/machine.h"

#define SNAPSHOT_VERSION	1

/* Nothing larger is read; a snapshot has a few KiB. */
#define SNAPSHOT_LIMIT_BYTES	(256u << 10)

/*
 * More stretches of preserved memory than this are written as whole 1 GiB blocks,
 * which is what kernels that extend scratch look at.
 */
#define SNAPSHOT_PRESERVED_EXACT	512
#define SNAPSHOT_PRESERVED_BLOCK_BYTES	(UINT64_C(1) << 30)

/*
 * The line for @m, ending in a newline; the caller frees *@line.  It was read back: what
 * snapshot_parse() would refuse is not written.  -EBADMSG, -EFBIG: its reasons; -ENOMEM.
 */
int snapshot_write(const struct machine *m, char **line, struct kho_err *err)
	__attribute__((warn_unused_result));

/*
 * The same into file @path: all of it or nothing, for its owner only.  "-" is
 * stdout; what is there and no regular file is written into.
 * Errors of snapshot_write(), open(), write() and rename().
 */
int snapshot_save(const struct machine *m, const char *path, struct kho_err *err)
	__attribute__((warn_unused_result));

/* Reads one snapshot after the other; not for two threads at a time. */
struct snapshot_reader;
struct snapshot_reader *snapshot_reader_create(void);
void snapshot_reader_destroy(struct snapshot_reader *reader);

/*
 * Read the snapshot in @text, which is not trusted, into @m.  On success @m is to
 * be given to machine_deinit().
 * -EBADMSG: no JSON, not a snapshot, or one that contradicts itself: @err names the
 * place in it; -ENOTSUP: of a later version; -EFBIG; -ENOMEM.
 */
int snapshot_parse(struct snapshot_reader *reader, const char *text, size_t bytes,
		   struct machine *m, struct kho_err *err) __attribute__((warn_unused_result));

/* The same from a file; also errors of open() and read(). */
int snapshot_read(const char *path, struct machine *m, struct kho_err *err)
	__attribute__((warn_unused_result));

/* machine_read() where @path is a folder or a tarball, else snapshot_read(). */
int snapshot_or_tree(const char *path, struct machine *m, struct kho_err *err)
	__attribute__((warn_unused_result));

/*
 * Can @path be opened?  It is read later, maybe several times, and may have changed
 * or vanished by then.  Of a file neither a byte is read nor a writer woken.
 */
int snapshot_or_tree_probe(const char *path, struct kho_err *err)
	__attribute__((warn_unused_result));

#endif
