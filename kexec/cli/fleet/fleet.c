// SPDX-License-Identifier: GPL-2.0-only
/* The reader is the caller's thread; each worker and the writer are threads of their own. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/output.h"
#include "check/advice-memo.h"
#include "cli/fleet/fleet.h"
#include "cli/fleet/input.h"
#include "cli/fleet/ring.h"
#include "gate/decide.h"
#include "machine/snapshot/snapshot.h"

#define CHUNKS_PER_WORKER	4
#define PROGRESS_SECONDS	0.2

struct fleet {
	const struct kho_policy *policy;
	const struct successor *successor;
	struct kho_with with;
	struct kho_prepared prepared;
	struct fleet_ring ring;

	/* The writer's. */
	FILE *out;
	FILE *progress;			/* the bar; NULL: none */
	FILE *summary;			/* NULL: none */
	struct fleet_tally *tally;
	uint64_t total_bytes;		/* of the input; 0: not known */
	double start_seconds;
	int failed;			/* an errno: records could not be made */
	int lost;			/* an errno: records could not be written */
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* What a worker keeps from machine to machine. */
struct worker_state {
	struct snapshot_reader *reader;
	struct kho_with with;
};

static void judge_line(struct fleet *fleet, struct worker_state *w, FILE *f, uint64_t line,
		       const char *text, size_t bytes, struct fleet_tally *tally)
{
	struct kho_err err = { "" };
	struct kho_check check;
	struct machine m;
	int ret = snapshot_parse(w->reader, text, bytes, &m, &err);

	if (!ret) {
		ret = kho_check(fleet->successor, &m, &w->with, &check);
		if (!ret) {
			kho_check_accept(&check, fleet->policy->ignore);
			fleet_report_machine(f, line, &m, &check, fleet->policy->ignore, tally);
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

static void judge_lines(struct fleet *fleet, struct worker_state *w, FILE *f, struct fleet_chunk *c)
{
	uint64_t line = c->first_line;

	for (size_t at = 0, bytes; at < c->bytes; at += bytes + 1, line++) {
		const char *end = memchr(c->text + at, '\n', c->bytes - at);

		bytes = end ? (size_t)(end - c->text) - at : c->bytes - at;
		if (!is_blank(c->text + at, bytes))
			judge_line(fleet, w, f, line, c->text + at, bytes, &c->tally);
	}
}

static void judge_chunk(struct fleet *fleet, struct worker_state *w, struct fleet_chunk *c)
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
		judge_lines(fleet, w, f, c);
	c->error = kho_output_close(f) ? ENOMEM : 0;
}

static void *work(void *arg)
{
	struct fleet *fleet = arg;
	struct worker_state w = { snapshot_reader_create(), fleet->with };
	struct fleet_chunk *c;

	w.with.work = boot_work_create();
	w.with.memo = kho_advice_memo_create();
	while ((c = fleet_ring_take(&fleet->ring))) {
		if (w.reader && w.with.work && w.with.memo)
			judge_chunk(fleet, &w, c);
		else
			c->error = ENOMEM;
		fleet_ring_judged(&fleet->ring, c);
	}
	snapshot_reader_destroy(w.reader);
	kho_advice_memo_destroy(w.with.memo);
	boot_work_destroy(w.with.work);
	return NULL;
}

/* After a failure chunks are only emptied. */
static void write_chunk(struct fleet *fleet, struct fleet_chunk *c)
{
	if (!fleet->failed)
		fleet->failed = c->error;
	if (!fleet->failed && !fleet->lost)
		fleet->lost = -kho_output_write(fleet->out, c->records, c->record_bytes);
	if (fleet->failed || fleet->lost)
		fleet_ring_stop(&fleet->ring);
	else
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
	struct fleet_chunk *c;

	while ((c = fleet_ring_drain(&fleet->ring))) {
		uint64_t end_byte = c->end_byte;

		write_chunk(fleet, c);
		fleet_ring_freed(&fleet->ring, c);
		show_progress(fleet, end_byte, &shown);
	}
	return NULL;
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

static int run_threads(struct fleet *fleet, int fd, size_t jobs)
{
	pthread_t *worker = calloc(jobs, sizeof(*worker)), writer;
	size_t workers;
	int ret = 0, error = 0;

	if (!worker)
		return -ENOMEM;
	workers = start_workers(fleet, worker, jobs, &error);
	if (workers && (error = pthread_create(&writer, NULL, write_out, fleet)) == 0)
		ret = fleet_input_read(&fleet->ring, fd);
	else
		ret = -error;
	fleet_ring_end(&fleet->ring);
	for (size_t i = 0; i < workers; i++)
		pthread_join(worker[i], NULL);
	if (workers && !error) {
		fleet_ring_end(&fleet->ring);
		pthread_join(writer, NULL);
	}
	free(worker);
	return ret;
}

static int judge_machines(struct fleet *fleet, int fd, size_t jobs)
{
	int ret = fleet_ring_init(&fleet->ring, jobs * CHUNKS_PER_WORKER);

	if (ret)
		return ret;
	ret = run_threads(fleet, fd, jobs);
	fleet_ring_deinit(&fleet->ring);
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

static int judge_fleet(struct fleet *fleet, const struct kho_options *o, struct kho_err *err)
{
	int fd = open_fleet(o->fleet, &fleet->total_bytes, err);
	int ret;

	if (fd < 0)
		return fd;
	kho_prepare(fleet->successor, &fleet->prepared);
	fleet->with.prepared = &fleet->prepared;
	fleet->with.advise = KHO_ADVISE_BEST;
	fleet->with.no_list = true;
	ret = judge_machines(fleet, fd, o->jobs ? o->jobs : online_cpus());
	if (fd != STDIN_FILENO)
		close(fd);
	if (fleet->progress)
		fputc('\r', fleet->progress);
	if (fleet->summary && (fleet->tally->machines || fleet->tally->errors))
		fleet_report_summary(fleet->summary, fleet->tally, now() - fleet->start_seconds);
	if (ret)
		return kho_fail(err, -ret, "%s: %s", o->fleet, strerror(-ret));
	if (fleet->lost)
		return kho_fail(err, fleet->lost, "stdout: %s", kho_output_strerror(fleet->lost));
	if (fleet->failed)
		return kho_fail(err, fleet->failed, "%s: %s", o->fleet, strerror(fleet->failed));
	return 0;
}

/* A bar replaces itself: only a terminal shows that. */
static bool wants_bar(enum kho_progress progress, FILE *log)
{
	return progress == KHO_PROGRESS_BAR ||
	       (progress == KHO_PROGRESS_AUTO && isatty(fileno(log)));
}

int kho_fleet(const struct kho_options *options, FILE *out, FILE *log,
	      struct fleet_tally *tally, struct kho_err *err)
{
	struct fleet fleet = {
		.out = out, .progress = wants_bar(options->progress, log) ? log : NULL,
		.summary = options->progress == KHO_PROGRESS_NONE ? NULL : log,
		.tally = tally, .start_seconds = now(),
	};
	struct successor s;
	int ret;

	*tally = (struct fleet_tally){ 0 };
	ret = kho_gate_read_image(&options->policy, &s, &fleet.with, err);
	if (ret)
		return ret;
	fleet.successor = &s;
	fleet.policy = &options->policy;
	if (successor_remember(&s))
		ret = kho_fail(err, ENOMEM, "%s: %s", options->fleet, strerror(ENOMEM));
	else
		ret = judge_fleet(&fleet, options, err);
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
