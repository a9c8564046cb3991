// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "successor/claims/claims.h"

void successor_init(struct successor *s)
{
	*s = (struct successor){
		.load = {
			.memory_bytes = SUCCESSOR_BYTES_UNKNOWN,
			.alignment_bytes = SUCCESSOR_BYTES_UNKNOWN,
			.preferred_pa = SUCCESSOR_BYTES_UNKNOWN,
			.text_offset_bytes = SUCCESSOR_BYTES_UNKNOWN,
			.unpacked_bytes = SUCCESSOR_BYTES_UNKNOWN,
			.payload_offset_bytes = SUCCESSOR_BYTES_UNKNOWN,
			.relocatable = KHO_TRI_UNKNOWN,
			.segments_bytes = SUCCESSOR_BYTES_UNKNOWN,
			.percpu_bytes = SUCCESSOR_BYTES_UNKNOWN,
			.brk_offset_bytes = SUCCESSOR_BYTES_UNKNOWN,
		},
	};
}

void successor_note(struct successor *s, const char *fmt, ...)
{
	char **grown = reallocarray(s->notes, s->nr_notes + 1, sizeof(*grown));
	va_list ap;
	char *note;
	int len;

	if (!grown)
		return;
	s->notes = grown;
	va_start(ap, fmt);
	len = vasprintf(&note, fmt, ap);
	va_end(ap);
	if (len >= 0)
		s->notes[s->nr_notes++] = note;
}

bool successor_has_kho(const struct successor *s)
{
	uint64_t kho;

	return kho_fact_get(&s->fact[KHO_FACT_KHO], &kho, NULL) == KHO_FACT_KNOWN && kho;
}
