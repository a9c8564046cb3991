// SPDX-License-Identifier: GPL-2.0-only
/*
 * kexec-metadata (include/linux/kho/abi/kexec_metadata.h): the release that handed over,
 * and the count of handovers.  They are facts of the machine (struct machine_handover),
 * where a cold boot counts too, and a snapshot has them with or without this producer.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "machine/handover/handover.h"
#include "producers/producer.h"

/* A packed struct: version, release, count. */
#define METADATA_VERSION 1
#define METADATA_RELEASE_BYTES 65

/* Another version, or a blob that is cut, tells nothing. */
static int read_incoming(struct kho_bytes blob, struct machine_handover *h)
{
	struct cursor c = cursor_init(blob);
	uint32_t version, count;
	struct kho_bytes text;
	char *release;

	if (cursor_u32(&c, &version) || version != METADATA_VERSION ||
	    cursor_bytes(&c, METADATA_RELEASE_BYTES, &text) || cursor_u32(&c, &count) ||
	    !memchr(text.data, '\0', text.size))
		return 0;
	release = strdup((const char *)text.data);
	if (!release)
		return -ENOMEM;
	kho_make_printable(release);
	free(h->previous_release);
	h->previous_release = release;
	h->hops = count;
	return 0;
}

const struct producer producer_metadata = {
	.name = "kexec-metadata",
	.is_housekeeping = true,
	.read_incoming = read_incoming,
};
