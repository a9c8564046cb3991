// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "check/advice-memo.h"
#include "kernel/parameters.h"

#define KINDS	256	/* of machines; of more the last ones */

struct memo_key {
	uint8_t *byte;
	size_t n, cap;
	bool incomplete;	/* no memory: it is found nowhere, and not kept */
};

struct memo_kind {
	struct memo_key key;
	struct boot_advice advice;
};

struct kho_advice_memo {
	struct memo_kind kind[KINDS];
	struct memo_key wanted;	/* that was looked for last */
};

static void put(struct memo_key *k, const void *bytes, size_t n)
{
	if (k->n + n > k->cap) {
		size_t cap = (k->n + n) * 2;
		uint8_t *more = realloc(k->byte, cap);

		if (!more) {
			k->incomplete = true;
			return;
		}
		k->byte = more;
		k->cap = cap;
	}
	if (n)
		memcpy(k->byte + k->n, bytes, n);
	k->n += n;
}

static void put_number(struct memo_key *k, uint64_t number)
{
	put(k, &number, sizeof(number));
}

static void put_range(struct memo_key *k, const struct kho_range *r)
{
	put_number(k, r->start_pa);
	put_number(k, r->end_pa);
	put_number(k, (uint64_t)(int64_t)r->node);
}

/*
 * Its length counts, and the parameters that have a row.  The values of all others are the ones
 * that machines of a kind differ in: root=UUID=...
 */
static void put_cmdline(struct memo_key *k, const char *cmdline)
{
	const char *at = cmdline ? cmdline : "";
	size_t bytes = strlen(at) + 1, first;
	struct param p;

	put_number(k, bytes);
	first = k->n;
	put(k, at, bytes);
	while (!k->incomplete && cmdline && (at = param_next(at, &p)))
		if (p.value && !parameter_find(&p, NULL))
			memset(k->byte + first + (p.value - cmdline), '*', p.value_bytes);
}

/* Everything of struct boot_machine, but for what is of the present areas; and the first boot. */
static void make_key(struct memo_key *k, const struct boot_machine *bm, const struct boot_cold *cold)
{
	k->n = 0;
	k->incomplete = false;
	put_number(k, bm->ram.n);
	for (size_t i = 0; i < bm->ram.n; i++)
		put_range(k, &bm->ram.r[i]);
	put_number(k, bm->unmapped.n);
	for (size_t i = 0; i < bm->unmapped.n; i++)
		put_range(k, &bm->unmapped.r[i]);
	put_number(k, bm->boot_services.n);
	for (size_t i = 0; i < bm->boot_services.n; i++)
		put_range(k, &bm->boot_services.r[i]);
	put_number(k, bm->nr_cpus);
	for (size_t i = 0; i < bm->nr_cpus; i++) {
		put_number(k, (uint64_t)(int64_t)bm->cpus[i].node);
		put_number(k, bm->cpus[i].count);
	}
	put_number(k, bm->nr_own_cpus);
	for (size_t i = 0; i < bm->nr_own_cpus; i++) {
		put_number(k, (uint64_t)(int64_t)bm->own_cpus[i].node);
		put_number(k, bm->own_cpus[i].count);
	}
	put_number(k, bm->ima_bytes);
	put_number(k, bm->possible_end_pa);
	put_number(k, bm->possible_nodes);
	put_number(k, bm->nr_firmware_ranges);
	put_number(k, bm->device_tree.known);
	put_number(k, bm->device_tree.nodes);
	put_number(k, bm->device_tree.properties);
	put_number(k, bm->device_tree.names_bytes);
	put_number(k, bm->five_level);
	put_number(k, bm->lpa2);
	put_number(k, bm->lpa2_known);
	put_number(k, bm->gbpages);
	put_number(k, cold->kernel_pa);
	put_range(k, &cold->initrd);
	put(k, cold->release, strlen(cold->release) + 1);
	put_cmdline(k, cold->cmdline);
}

/* FNV-1a */
static struct memo_kind *kind_of(struct kho_advice_memo *memo, const struct memo_key *k)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < k->n; i++)
		hash = (hash ^ k->byte[i]) * UINT64_C(0x100000001b3);
	return &memo->kind[(hash ^ hash >> 32) % KINDS];
}

struct kho_advice_memo *kho_advice_memo_create(void)
{
	return calloc(1, sizeof(struct kho_advice_memo));
}

void kho_advice_memo_destroy(struct kho_advice_memo *memo)
{
	for (size_t i = 0; memo && i < KINDS; i++)
		free(memo->kind[i].key.byte);
	if (memo)
		free(memo->wanted.byte);
	free(memo);
}

bool kho_advice_memo_find(struct kho_advice_memo *memo, const struct boot_machine *bm,
			  const struct boot_cold *cold, struct boot_advice *advice)
{
	const struct memo_key *k = &memo->wanted;
	const struct memo_kind *kind;

	make_key(&memo->wanted, bm, cold);
	if (k->incomplete)
		return false;
	kind = kind_of(memo, k);
	if (kind->key.n != k->n || memcmp(kind->key.byte, k->byte, k->n))
		return false;
	*advice = kind->advice;
	advice->present_bytes = kho_ranges_bytes(&bm->scratch);
	return true;
}

void kho_advice_memo_keep(struct kho_advice_memo *memo, const struct boot_advice *advice)
{
	struct memo_kind *kind;

	if (memo->wanted.incomplete)
		return;
	kind = kind_of(memo, &memo->wanted);
	free(kind->key.byte);
	*kind = (struct memo_kind){ memo->wanted, *advice };
	memo->wanted = (struct memo_key){ .n = 0 };
}
