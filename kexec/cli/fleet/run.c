// SPDX-License-Identifier: GPL-2.0-only
/*
 * A ring of chunks, each some whole lines: the caller's thread fills them, workers
 * judge them in any order, one thread writes them out in the order of the input.
 * A reader that is ahead waits for a free chunk: the ring bounds all memory.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/fleet/run.h"
#include "gate/decide.h"
#include "base/output.h"
#include "machine/snapshot/snapshot.h"

#define READ_BYTES		(32u << 10)
#define CHUNKS_PER_WORKER	4
#define PROGRESS_SECONDS	0.2

enum chunk_state { CHUNK_FREE, CHUNK_FILLED, CHUNK_TAKEN, CHUNK_JUDGED };

struct chunk {
	enum chunk_state state;
	char *text;			/* whole lines; the last may lack its newline */
	size_t bytes;
	size_t cap;
	bool too_long;			/* one line over the limit, without its text */
	uint64_t first_line;
	uint64_t end_byte;		/* of the input, behind this chunk */
	char *records;
	size_t record_bytes;
	struct fleet_tally tally;
	int error;			/* the records could not be made */
};

struct fleet {
	const struct kho_options *options;
	const struct successor *successor;
	struct kho_with with;
	struct kho_prepared prepared;

	/* Under the lock; each index counts on for ever and is taken modulo the ring. */
	pthread_mutex_t lock;
	pthread_cond_t filled, freed, judged;
	uint64_t fill, take, drain;
	bool ended;			/* nothing more will be filled */
	int failed;			/* no record can be made any more: an errno */
	int lost;			/* or none can be written */

	struct chunk *ring;
	size_t nr_chunks;

	/* The writer's. */
	FILE *out, *progress;
	struct fleet_tally *tally;
	uint64_t total_bytes;		/* of the input; 0: not known */
	double start_seconds;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* What a worker keeps from machine to machine. */
struct tools {
	struct snapshot_reader *reader;
	struct kho_with with;
};

static void judge_line(struct fleet *fleet, struct tools *tools, FILE *f, uint64_t line,
		       const char *text, size_t bytes, struct fleet_tally *tally)
{
	struct kho_err err = { "" };
	struct kho_check check;
	struct machine m;
	int ret = snapshot_parse(tools->reader, text, bytes, &m, &err);

	if (!ret) {
		ret = kho_check(fleet->successor, &m, &tools->with, &check);
		if (!ret) {
			kho_check_accept(&check, fleet->options->ignore);
			fleet_report_machine(f, line, &m, &check, fleet->options->ignore,
					     tally);
			kho_check_deinit(&check);
		}
		machine_deinit(&m);
	}
	if (ret)
		fleet_report_error(f, line, err.text[0] ? err.text : strerror(-ret), tally);
}

static bool is_blank(const char *text, size_t bytes)
{
	while (bytes && (*text == ' ' || *text == '\t' || *text == '\r')) {
		text++;
		bytes--;
	}
	return !bytes;
}

static void judge_lines(struct fleet *fleet, struct tools *tools, FILE *f, struct chunk *c)
{
	uint64_t line = c->first_line;

	for (size_t at = 0, bytes; at < c->bytes; at += bytes + 1, line++) {
		const char *end = memchr(c->text + at, '\n', c->bytes - at);

		bytes = end ? (size_t)(end - c->text) - at : c->bytes - at;
		if (!is_blank(c->text + at, bytes))
			judge_line(fleet, tools, f, line, c->text + at, bytes, &c->tally);
	}
}

static void judge_chunk(struct fleet *fleet, struct tools *tools, struct chunk *c)
{
	FILE *f;

	c->tally = (struct fleet_tally){ 0 };
	c->error = 0;
	c->records = NULL;
	f = open_memstream(&c->records, &c->record_bytes);
	if (!f) {
		c->error = errno;
		return;
	}
	if (c->too_long)
		fleet_report_error(f, c->first_line, "longer than a snapshot can be", &c->tally);
	else
		judge_lines(fleet, tools, f, c);
	c->error = kho_output_close(f) ? ENOMEM : 0;
}

static struct chunk *chunk_at(const struct fleet *fleet, uint64_t index)
{
	return &fleet->ring[index % fleet->nr_chunks];
}

/* The next chunk to be judged; NULL: there will be none. */
static struct chunk *take_chunk(struct fleet *fleet)
{
	struct chunk *c = NULL;

	pthread_mutex_lock(&fleet->lock);
	while (fleet->take == fleet->fill && !fleet->ended)
		pthread_cond_wait(&fleet->filled, &fleet->lock);
	if (fleet->take < fleet->fill) {
		c = chunk_at(fleet, fleet->take++);
		c->state = CHUNK_TAKEN;
	}
	pthread_mutex_unlock(&fleet->lock);
	return c;
}

/* Remember the first errno in @place, which is of @fleet. */
static void fail(struct fleet *fleet, int *place, int error)
{
	pthread_mutex_lock(&fleet->lock);
	if (!*place)
		*place = error;
	pthread_mutex_unlock(&fleet->lock);
}

static void *work(void *arg)
{
	struct fleet *fleet = arg;
	struct tools tools = { snapshot_reader_create(), fleet->with };
	struct chunk *c;

	tools.with.work = boot_work_create();
	if (!tools.reader || !tools.with.work)
		fail(fleet, &fleet->failed, ENOMEM);
	while ((c = take_chunk(fleet))) {
		if (tools.reader && tools.with.work)
			judge_chunk(fleet, &tools, c);
		else
			c->error = ENOMEM;
		pthread_mutex_lock(&fleet->lock);
		c->state = CHUNK_JUDGED;
		if (c == chunk_at(fleet, fleet->drain))
			pthread_cond_signal(&fleet->judged);
		pthread_mutex_unlock(&fleet->lock);
	}
	snapshot_reader_destroy(tools.reader);
	boot_work_destroy(tools.with.work);
	return NULL;
}

/* After a failure chunks are only emptied, so that nobody waits for one. */
static void write_chunk(struct fleet *fleet, struct chunk *c, bool failed)
{
	int ret = 0;

	if (c->error)
		fail(fleet, &fleet->failed, c->error);
	else if (!failed)
		ret = kho_output_write(fleet->out, c->records, c->record_bytes);
	if (ret)
		fail(fleet, &fleet->lost, -ret);
	else if (!failed && !c->error)
		fleet_tally_add(fleet->tally, &c->tally);
	free(c->records);
	c->records = NULL;
}

static void show_progress(struct fleet *fleet, uint64_t done_bytes, double *shown)
{
	double t = now();

	if (!fleet->progress || t - *shown < PROGRESS_SECONDS)
		return;
	*shown = t;
	fleet_report_progress(fleet->progress, fleet->tally, done_bytes, fleet->total_bytes,
			      t - fleet->start_seconds);
}

static void *write_out(void *arg)
{
	struct fleet *fleet = arg;
	double shown = now();

	pthread_mutex_lock(&fleet->lock);
	for (;;) {
		struct chunk *c = chunk_at(fleet, fleet->drain);
		bool failed = fleet->failed || fleet->lost;

		if (c->state != CHUNK_JUDGED) {
			if (fleet->ended && fleet->drain == fleet->fill)
				break;
			pthread_cond_wait(&fleet->judged, &fleet->lock);
			continue;
		}
		pthread_mutex_unlock(&fleet->lock);
		write_chunk(fleet, c, failed);
		show_progress(fleet, c->end_byte, &shown);
		pthread_mutex_lock(&fleet->lock);
		c->state = CHUNK_FREE;
		fleet->drain++;
		pthread_cond_signal(&fleet->freed);
	}
	pthread_mutex_unlock(&fleet->lock);
	return NULL;
}

/* The chunk to fill next, once it is free. */
static struct chunk *wait_for_room(struct fleet *fleet)
{
	struct chunk *c = chunk_at(fleet, fleet->fill);

	pthread_mutex_lock(&fleet->lock);
	while (c->state != CHUNK_FREE)
		pthread_cond_wait(&fleet->freed, &fleet->lock);
	pthread_mutex_unlock(&fleet->lock);
	return c;
}

static bool has_failed(struct fleet *fleet)
{
	bool failed;

	pthread_mutex_lock(&fleet->lock);
	failed = fleet->failed || fleet->lost;
	pthread_mutex_unlock(&fleet->lock);
	return failed;
}

/* What has been read and is not a whole line yet. */
struct input {
	int fd;
	char *text;
	size_t bytes;
	size_t cap;
	uint64_t next_line;
	uint64_t end_byte;
	bool skipping;		/* the rest of a line that is too long */
};

static int submit(struct fleet *fleet, struct input *in, size_t bytes, bool too_long)
{
	struct chunk *c = wait_for_room(fleet);

	if (!too_long) {
		if (c->cap < bytes) {
			char *text = realloc(c->text, bytes);

			if (!text)
				return -ENOMEM;
			c->text = text;
			c->cap = bytes;
		}
		memcpy(c->text, in->text, bytes);
	}
	c->bytes = bytes;
	c->too_long = too_long;
	c->first_line = in->next_line;
	c->end_byte = in->end_byte;
	pthread_mutex_lock(&fleet->lock);
	c->state = CHUNK_FILLED;
	fleet->fill++;
	pthread_cond_signal(&fleet->filled);
	pthread_mutex_unlock(&fleet->lock);
	return 0;
}

static uint64_t count_newlines(const char *text, size_t bytes)
{
	uint64_t n = 0;

	for (const char *end = text + bytes; (text = memchr(text, '\n', (size_t)(end - text)));
	     text++)
		n++;
	return n;
}

/* Hand over the whole lines that are there, and keep the rest. */
static int submit_lines(struct fleet *fleet, struct input *in)
{
	const char *last = in->bytes ? memrchr(in->text, '\n', in->bytes) : NULL;
	size_t whole = last ? (size_t)(last - in->text) + 1 : 0;
	int ret;

	if (whole) {
		ret = submit(fleet, in, whole, false);
		if (ret)
			return ret;
		in->next_line += count_newlines(in->text, whole);
		in->bytes -= whole;
		memmove(in->text, in->text + whole, in->bytes);
	}
	if (in->bytes <= SNAPSHOT_LIMIT_BYTES)
		return 0;
	in->bytes = 0;
	in->skipping = true;
	return submit(fleet, in, 0, true);
}

/* The rest of a line that is too long, up to its newline. */
static void skip_rest(struct input *in)
{
	const char *end = memchr(in->text, '\n', in->bytes);
	size_t rest = end ? (size_t)(end - in->text) + 1 : in->bytes;

	in->bytes -= rest;
	memmove(in->text, in->text + rest, in->bytes);
	if (end) {
		in->skipping = false;
		in->next_line++;
	}
}

/* Returns at the end of the input, on an error, or when nobody can be told any more. */
static int read_input(struct fleet *fleet, struct input *in)
{
	while (!has_failed(fleet)) {
		ssize_t n = read(in->fd, in->text + in->bytes, in->cap - in->bytes);
		int ret;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			return in->bytes ? submit(fleet, in, in->bytes, false) : 0;
		in->bytes += (size_t)n;
		in->end_byte += (uint64_t)n;
		if (in->skipping)
			skip_rest(in);
		ret = in->skipping ? 0 : submit_lines(fleet, in);
		if (ret)
			return ret;
	}
	return 0;
}

static int read_all(struct fleet *fleet, int fd)
{
	struct input in = { .fd = fd, .next_line = 1,
			    .cap = SNAPSHOT_LIMIT_BYTES + READ_BYTES };
	int ret;

	in.text = malloc(in.cap);
	ret = in.text ? read_input(fleet, &in) : -ENOMEM;
	free(in.text);
	return ret;
}

/* @nr threads are asked for; at least one worker is needed. */
static size_t start_workers(struct fleet *fleet, pthread_t *thread, size_t nr, int *error)
{
	size_t n = 0;

	while (n < nr) {
		*error = pthread_create(&thread[n], NULL, work, fleet);
		if (*error)
			break;
		n++;
	}
	return n;
}

static void end_input(struct fleet *fleet)
{
	pthread_mutex_lock(&fleet->lock);
	fleet->ended = true;
	pthread_cond_broadcast(&fleet->filled);
	pthread_cond_signal(&fleet->judged);
	pthread_mutex_unlock(&fleet->lock);
}

static int run_threads(struct fleet *fleet, int fd, size_t jobs)
{
	pthread_t *worker = calloc(jobs, sizeof(*worker)), writer;
	size_t workers;
	int ret = 0, error = 0;

	if (!worker)
		return -ENOMEM;
	workers = start_workers(fleet, worker, jobs, &error);
	if (workers && (error = pthread_create(&writer, NULL, write_out, fleet)) == 0)
		ret = read_all(fleet, fd);
	else
		ret = -error;
	end_input(fleet);
	for (size_t i = 0; i < workers; i++)
		pthread_join(worker[i], NULL);
	if (workers && !error) {
		end_input(fleet);
		pthread_join(writer, NULL);
	}
	free(worker);
	return ret;
}

static int run(struct fleet *fleet, int fd, size_t jobs)
{
	int ret;

	fleet->nr_chunks = jobs * CHUNKS_PER_WORKER;
	fleet->ring = calloc(fleet->nr_chunks, sizeof(*fleet->ring));
	if (!fleet->ring)
		return -ENOMEM;
	pthread_mutex_init(&fleet->lock, NULL);
	pthread_cond_init(&fleet->filled, NULL);
	pthread_cond_init(&fleet->freed, NULL);
	pthread_cond_init(&fleet->judged, NULL);
	ret = run_threads(fleet, fd, jobs);
	for (size_t i = 0; i < fleet->nr_chunks; i++)
		free(fleet->ring[i].text);
	free(fleet->ring);
	pthread_cond_destroy(&fleet->judged);
	pthread_cond_destroy(&fleet->freed);
	pthread_cond_destroy(&fleet->filled);
	pthread_mutex_destroy(&fleet->lock);
	return ret;
}

static int open_fleet(const char *path, uint64_t *total_bytes, struct kho_err *err)
{
	int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	struct stat st;

	if (fd < 0)
		return kho_fail(err, errno, "%s: %s", path, strerror(errno));
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		*total_bytes = (uint64_t)st.st_size;
	return fd;
}

static size_t online_cpus(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > KHO_JOBS_LIMIT ? KHO_JOBS_LIMIT : (size_t)n;
}

static int judge_fleet(struct fleet *fleet, struct kho_err *err)
{
	const struct kho_options *o = fleet->options;
	int fd = open_fleet(o->fleet, &fleet->total_bytes, err);
	int ret;

	if (fd < 0)
		return fd;
	kho_prepare(fleet->successor, &fleet->prepared);
	fleet->with.prepared = &fleet->prepared;
	fleet->with.advise = KHO_ADVISE_SHORT;
	fleet->with.no_list = true;
	ret = run(fleet, fd, o->jobs ? o->jobs : online_cpus());
	if (fd != STDIN_FILENO)
		close(fd);
	if (fleet->progress) {
		fputc('\r', fleet->progress);
		fleet_report_summary(fleet->progress, fleet->tally, now() - fleet->start_seconds);
	}
	if (ret)
		return kho_fail(err, -ret, "%s: %s", o->fleet, strerror(-ret));
	if (fleet->lost)
		return kho_fail(err, fleet->lost, "stdout: %s", kho_output_strerror(fleet->lost));
	if (fleet->failed)
		return kho_fail(err, fleet->failed, "%s: %s", o->fleet, strerror(fleet->failed));
	return 0;
}

int kho_fleet(const struct kho_options *options, FILE *out, FILE *progress,
	      struct fleet_tally *tally, struct kho_err *err)
{
	struct fleet fleet = {
		.out = out, .progress = progress, .tally = tally, .start_seconds = now(),
	};
	struct successor s;
	int ret;

	*tally = (struct fleet_tally){ 0 };
	ret = kho_gate_read_image(options, &s, &fleet.with, err);
	if (ret)
		return ret;
	fleet.successor = &s;
	fleet.options = options;
	if (successor_remember(&s))
		ret = kho_fail(err, ENOMEM, "%s: %s", options->image, strerror(ENOMEM));
	else
		ret = judge_fleet(&fleet, err);
	successor_deinit(&s);
	return ret;
}

kho_verdict kho_fleet_verdict(const struct fleet_tally *tally)
{
	if (!tally->machines && !tally->errors)
		return KHO_UNKNOWN;
	for (int v = KHO_FAIL; v > KHO_NOTE; v--)
		if (tally->with[v] || (v == KHO_UNKNOWN && tally->errors))
			return (kho_verdict)v;
	return KHO_NOTE;
}
