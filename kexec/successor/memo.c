// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "successor/memo.h"

struct answer {
	enum memo_question question;
	char text[MEMO_TEXT_BYTES];
	struct successor_versions answer;
};

struct successor_memo {
	pthread_mutex_t lock;
	struct answer answer[MEMO_ANSWERS];
	size_t n;
	size_t next;		/* once all are in use: the oldest */
};

struct successor_memo *memo_create(void)
{
	struct successor_memo *memo = calloc(1, sizeof(*memo));

	if (memo)
		pthread_mutex_init(&memo->lock, NULL);
	return memo;
}

void memo_destroy(struct successor_memo *memo)
{
	if (!memo)
		return;
	pthread_mutex_destroy(&memo->lock);
	free(memo);
}

/* Under the lock. */
static struct answer *find_answer(struct successor_memo *memo, enum memo_question question,
				  const char *text)
{
	for (size_t i = 0; i < memo->n; i++)
		if (memo->answer[i].question == question && !strcmp(memo->answer[i].text, text))
			return &memo->answer[i];
	return NULL;
}

bool memo_get(struct successor_memo *memo, enum memo_question question, const char *text,
	      struct successor_versions *answer)
{
	const struct answer *found;

	if (!memo)
		return false;
	pthread_mutex_lock(&memo->lock);
	found = find_answer(memo, question, text);
	if (found)
		*answer = found->answer;
	pthread_mutex_unlock(&memo->lock);
	return found;
}

void memo_put(struct successor_memo *memo, enum memo_question question, const char *text,
	      const struct successor_versions *answer)
{
	if (!memo || strlen(text) >= MEMO_TEXT_BYTES)
		return;
	pthread_mutex_lock(&memo->lock);
	if (!find_answer(memo, question, text)) {
		struct answer *a = &memo->answer[memo->next];

		memo->next = (memo->next + 1) % MEMO_ANSWERS;
		if (memo->n < MEMO_ANSWERS)
			memo->n++;
		a->question = question;
		strcpy(a->text, text);
		a->answer = *answer;
	}
	pthread_mutex_unlock(&memo->lock);
}
