// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <unistd.h>

#include "machine/ima.h"

/* Its entries as ima_get_binary_runtime_size() counts them. */
#define LIST "sys/kernel/security/integrity/ima/binary_runtime_measurements"

#define LIST_LIMIT_BYTES	(UINT64_C(1) << 30)
#define HEADERS_BYTES		48	/* struct ima_kexec_hdr, of both lists */

/* The file has no size of its own. */
static uint64_t list_bytes(int fd)
{
	char buf[65536];
	uint64_t bytes = 0;
	ssize_t n;

	while (bytes < LIST_LIMIT_BYTES && ((n = read(fd, buf, sizeof(buf))) > 0 || errno == EINTR))
		bytes += n > 0 ? (uint64_t)n : 0;
	return bytes;
}

void ima_read(const struct machine_tree *tree, struct machine *m)
{
	uint64_t page = m->page_bytes ? m->page_bytes : 4096, bytes;
	int fd = tree_open(tree, LIST);

	if (fd < 0)
		return;
	errno = 0;
	bytes = list_bytes(fd);
	close(fd);
	/* Half a page is for what is measured until the jump (CONFIG_IMA_KEXEC_EXTRA_MEMORY_KB=0). */
	if (bytes)
		m->ima_bytes = (bytes + HEADERS_BYTES + page / 2 + page - 1) / page * page;
}
