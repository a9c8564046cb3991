// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <string.h>

#include "producers/producer.h"

static const struct producer *const all_producers[] = {
#define PRODUCER(name) &producer_##name,
#include "producers/producers.def"
#undef PRODUCER
};

const struct producer *producer_at(size_t nr)
{
	return nr < sizeof(all_producers) / sizeof(all_producers[0]) ? all_producers[nr] : NULL;
}

const struct producer *producer_by_name(const char *name)
{
	const struct producer *producer;

	for (size_t i = 0; (producer = producer_at(i)); i++)
		if (!strcmp(producer->name, name))
			return producer;
	return NULL;
}
