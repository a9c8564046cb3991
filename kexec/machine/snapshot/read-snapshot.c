// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "machine/read-machine.h"
#include "machine/remedy.h"
#include "machine/snapshot/snapshot.h"
#include "machine/snapshot/value.h"
#include "machine/tree.h"

#define DEPTH_LIMIT	8
#define MAX_AREAS	4096	/* as where a tree's areas are read */
#define MAX_CPUS	65536

struct snapshot_reader {
	struct json_tokener *tokener;
};

struct snapshot_reader *snapshot_reader_create(void)
{
	struct snapshot_reader *reader = malloc(sizeof(*reader));

	if (!reader)
		return NULL;
	reader->tokener = json_tokener_new_ex(DEPTH_LIMIT);
	if (!reader->tokener) {
		free(reader);
		return NULL;
	}
	json_tokener_set_flags(reader->tokener, JSON_TOKENER_STRICT);
	return reader;
}

void snapshot_reader_destroy(struct snapshot_reader *reader)
{
	if (!reader)
		return;
	json_tokener_free(reader->tokener);
	free(reader);
}

static int read_cpus(const struct snapshot_reading *r, struct json_object *o)
{
	static const struct value_rules rules = { .limit = MAX_CPUS, .ascending = true,
					    .nodes_optional = true };
	struct kho_ranges runs = { 0 };
	struct machine *m = r->m;
	int ret = 0;

	if (json_object_object_get_ex(o, "cpus", NULL))
		ret = value_ranges(r, o, "$", "cpus", &rules, &runs);
	if (!ret && runs.n) {
		m->cpu_node = malloc(runs.r[runs.n - 1].end_pa * sizeof(*m->cpu_node) + 1);
		if (!m->cpu_node)
			ret = -ENOMEM;
	}
	for (size_t i = 0; i < runs.n && !ret; i++) {
		if (runs.r[i].start_pa != m->possible_cpus)
			ret = value_bad(r, "$", "cpus", "not all CPUs from 0 on");
		for (uint64_t cpu = runs.r[i].start_pa; cpu < runs.r[i].end_pa && !ret; cpu++)
			m->cpu_node[m->possible_cpus++] = runs.r[i].node;
	}
	kho_ranges_deinit(&runs);
	if (!ret)
		ret = value_source(r, o, "$", "cpus_source", SOURCE_CPUS, &m->cpus_source);
	/* One of an earlier kexec has what the running kernel has, and that is cut. */
	if (!ret && !m->cpus_source && machine_cuts_cpus(m))
		machine_keep_own_cpus(m);
	return ret;
}

static int read_possible(const struct snapshot_reading *r, struct json_object *o)
{
	uint64_t nodes = 0;
	int ret = value_u64(r, o, "$", "possible_nodes", 1024, &nodes);

	r->m->possible_nodes = (unsigned int)nodes;
	if (!ret)
		ret = value_u64(r, o, "$", "ima_bytes", UINT64_C(1) << 31, &r->m->ima_bytes);
	return ret ? ret : value_u64(r, o, "$", "possible_end", MACHINE_PA_LIMIT,
				     &r->m->possible_end_pa);
}

static int read_flags(const struct snapshot_reading *r, struct json_object *o)
{
	struct json_object *flags;
	int ret = value_get(r, o, "$", "cpu_flags", json_type_array, &flags);

	if (ret || !flags)
		return ret;
	r->m->cpu_flags_known = true;
	r->m->lpa2_known = true;
	for (size_t i = 0; i < json_object_array_length(flags); i++) {
		struct json_object *flag = json_object_array_get_idx(flags, i);
		const char *name;

		if (json_object_get_type(flag) != json_type_string)
			return value_bad(r, "$", "cpu_flags", "not of type string");
		name = json_object_get_string(flag);
		r->m->five_level |= !strcmp(name, "la57");
		r->m->gbpages |= !strcmp(name, "pdpe1gb");
		r->m->lpa2 |= !strcmp(name, "lpa2");
	}
	return 0;
}

static int by_start(const void *a, const void *b)
{
	const struct kho_range *x = a, *y = b;

	return (x->start_pa > y->start_pa) - (x->start_pa < y->start_pa);
}

/* The kernel never makes two areas that overlap. */
static int check_overlap(const struct snapshot_reading *r, const struct kho_ranges *areas)
{
	struct kho_range *sorted = calloc(areas->n, sizeof(*sorted));
	int ret = 0;

	if (!sorted)
		return -ENOMEM;
	memcpy(sorted, areas->r, areas->n * sizeof(*sorted));
	qsort(sorted, areas->n, sizeof(*sorted), by_start);
	for (size_t i = 1; i < areas->n && !ret; i++)
		if (sorted[i].start_pa < sorted[i - 1].end_pa)
			ret = value_bad(r, "$.scratch", "areas", "two areas overlap");
	free(sorted);
	return ret;
}

static int read_scratch(const struct snapshot_reading *r, struct json_object *o)
{
	static const struct value_rules rules = { .limit = MACHINE_PA_LIMIT };
	struct machine *m = r->m;
	struct json_object *scratch;
	int ret = value_get(r, o, "$", "scratch", json_type_object, &scratch);

	if (ret || !scratch)
		return ret;
	ret = value_ranges(r, scratch, "$.scratch", "areas", &rules, &m->scratch);
	if (!ret && !m->scratch.n)
		ret = value_bad(r, "$.scratch", "areas", "no areas");
	if (!ret && m->scratch.n > MAX_AREAS)
		ret = value_bad(r, "$.scratch", "areas", "more than 4096 areas");
	if (!ret)
		ret = check_overlap(r, &m->scratch);
	if (!ret)
		ret = value_source(r, scratch, "$.scratch", "source", SOURCE_SCRATCH,
				   &m->scratch_source);
	m->scratch_known = !ret;
	return ret;
}

static int read_memory(const struct snapshot_reading *r, struct json_object *o)
{
	static const struct value_rules rules = { .limit = MACHINE_PA_LIMIT, .ascending = true,
					    .nodes = true };
	static const char at[] = "$.memory";
	struct machine *m = r->m;
	struct json_object *memory;
	static const struct value_rules no_nodes = { .limit = MACHINE_PA_LIMIT, .ascending = true };
	uint64_t firmware_ranges = 0;
	int ret = value_get(r, o, "$", "memory", json_type_object, &memory);

	if (ret || !memory)
		return ret;
	ret = value_flag(r, memory, at, "known", &m->memory_known);
	if (!ret)
		ret = value_ranges(r, memory, at, "ranges", &rules, &m->memory);
	if (!ret && m->memory_known && !kho_ranges_bytes(&m->memory))
		ret = value_bad(r, at, "ranges", "no memory");
	if (!ret)
		ret = value_source(r, memory, at, "source", SOURCE_MEMORY, &m->memory_source);
	if (!ret)
		ret = value_source(r, memory, at, "node_source", SOURCE_NODES, &m->node_source);
	if (!ret && m->memory_known && (!m->memory_source || !m->node_source))
		ret = value_bad(r, at, NULL, "source or node_source is absent");
	if (!ret)
		ret = value_u64(r, memory, at, "firmware_ranges", 1 << 20, &firmware_ranges);
	m->firmware_ranges = (unsigned int)firmware_ranges;
	if (!ret && m->firmware_ranges > MACHINE_E820_PASSED &&
	    !json_object_object_get_ex(memory, "lost", NULL))
		ret = value_bad(r, at, "lost", "absent: of a version that did not cut the memory map; "
				"capture the machine again");
	if (!ret && json_object_object_get_ex(memory, "lost", NULL))
		ret = value_ranges(r, memory, at, "lost", &no_nodes, &m->lost);
	if (!ret && json_object_object_get_ex(memory, "unmapped", NULL))
		ret = value_ranges(r, memory, at, "unmapped", &no_nodes, &m->unmapped);
	if (!ret)
		ret = value_flag(r, memory, at, "uefi", &m->uefi);
	m->boot_services_known = json_object_object_get_ex(memory, "boot_services", NULL);
	if (!ret && m->boot_services_known)
		ret = value_ranges(r, memory, at, "boot_services", &no_nodes, &m->boot_services);
	if (!ret && json_object_object_get_ex(memory, "late", NULL))
		ret = value_ranges(r, memory, at, "late", &no_nodes, &m->late);
	return ret;
}

static int read_device_tree(const struct snapshot_reading *r, struct json_object *o)
{
	struct tree_counts *dt = &r->m->device_tree;
	uint64_t nodes = 0, properties = 0;
	struct json_object *tree;
	int ret = value_get(r, o, "$", "device_tree", json_type_object, &tree);

	if (ret || !tree)
		return ret;
	ret = value_u64(r, tree, "$.device_tree", "nodes", 1 << 20, &nodes);
	if (!ret)
		ret = value_u64(r, tree, "$.device_tree", "properties", 1 << 22, &properties);
	if (!ret)
		ret = value_u64(r, tree, "$.device_tree", "names_bytes", 1 << 26, &dt->names_bytes);
	dt->known = !ret;
	dt->nodes = (unsigned int)nodes;
	dt->properties = (unsigned int)properties;
	return ret;
}

/* The remedy was written there, for who stands there. */
static int add_gap(struct kho_findings *gaps, enum kho_finding_id id, const char *message,
		   const char *remedy)
{
	char *there = remedy ? machine_remedy_there(remedy) : NULL;
	int ret = remedy && !there ? -ENOMEM : kho_findings_add(gaps, id, there, "%s", message);

	free(there);
	return ret;
}

static int read_gap(const struct snapshot_reading *r, struct json_object *o, size_t i)
{
	char at[32], id[48];
	char *message = NULL, *remedy = NULL;
	enum kho_finding_id which = 0;
	int ret;

	snprintf(at, sizeof(at), "$.gaps[%zu]", i);
	if (json_object_get_type(o) != json_type_object)
		return value_bad(r, at, NULL, "not of type object");
	ret = value_name(r, o, at, "id", id, sizeof(id));
	while (which < KHO_F_NR && strcmp(kho_finding_name(which), id))
		which++;
	if (!ret && which == KHO_F_NR)
		ret = value_bad(r, at, "id", "no such finding in this version");
	if (!ret)
		ret = value_string(r, o, at, "message", &message);
	if (!ret && !message)
		ret = value_bad(r, at, "message", "absent");
	if (!ret)
		ret = value_string(r, o, at, "remedy", &remedy);
	if (!ret)
		ret = add_gap(&r->m->gaps, which, message, remedy);
	free(message);
	free(remedy);
	return ret;
}

/* What is missing has its reason among the gaps: else it would read as fine. */
static int read_gaps(const struct snapshot_reading *r, struct json_object *o)
{
	const struct machine *m = r->m;
	struct json_object *gaps;
	int ret = value_get(r, o, "$", "gaps", json_type_array, &gaps);

	if (!ret && value_listed(gaps) > LISTED_LIMIT)
		ret = value_bad(r, "$", "gaps", "more than 4096 of them");
	for (size_t i = 0; !ret && i < value_listed(gaps); i++)
		ret = read_gap(r, json_object_array_get_idx(gaps, i), i);
	if (ret || (m->scratch_known && m->memory_known) ||
	    kho_findings_verdict(&m->gaps) >= KHO_UNKNOWN)
		return ret;
	return value_bad(r, "$", m->scratch_known ? "memory" : "scratch",
			 "not known, and no gap says why");
}

static int read_version(const struct snapshot_reading *r, struct json_object *o)
{
	uint64_t version;
	int ret;

	if (json_object_get_type(o) != json_type_object)
		return value_bad(r, "$", NULL, "not of type object");
	ret = value_u64(r, o, "$", "kho_machine", INT_MAX, &version);
	if (ret || version == SNAPSHOT_VERSION)
		return ret;
	if (!version)
		return value_bad(r, "$", "kho_machine", "absent: no snapshot of a machine");
	return kho_fail(r->err, ENOTSUP, "$.kho_machine: version %llu; this kexec reads version %d",
			(unsigned long long)version, SNAPSHOT_VERSION);
}

static int read_machine(const struct snapshot_reading *r, struct json_object *o)
{
	struct machine *m = r->m;
	int ret = read_version(r, o);

	if (ret)
		return ret;
	m->source_texts = calloc(SOURCE_NR, SOURCE_BYTES);
	if (!m->source_texts)
		return -ENOMEM;
	ret = value_name(r, o, "$", "host", m->host, sizeof(m->host));
	if (!ret)
		ret = value_name(r, o, "$", "release", m->release, sizeof(m->release));
	if (!ret)
		ret = value_name(r, o, "$", "arch", m->arch, sizeof(m->arch));
	if (!ret)
		ret = value_source(r, o, "$", "arch_source", SOURCE_ARCH, &m->arch_source);
	if (!ret)
		ret = value_u64(r, o, "$", "page_bytes", 1 << 20, &m->page_bytes);
	if (!ret)
		ret = value_string(r, o, "$", "cmdline", &m->cmdline);
	if (!ret)
		ret = read_cpus(r, o);
	if (!ret)
		ret = read_possible(r, o);
	if (!ret)
		ret = read_flags(r, o);
	if (!ret)
		ret = read_scratch(r, o);
	if (!ret)
		ret = read_memory(r, o);
	if (!ret)
		ret = read_device_tree(r, o);
	if (!ret)
		ret = snapshot_read_handover(r, o);
	if (!ret)
		ret = snapshot_read_dma(r, o);
	return ret ? ret : read_gaps(r, o);
}

int snapshot_parse(struct snapshot_reader *reader, const char *text, size_t bytes,
		   struct machine *m, struct kho_err *err)
{
	const struct snapshot_reading r = { m, err };
	const char *nul = memchr(text, '\0', bytes);
	struct json_object *o;
	enum json_tokener_error error;
	int ret;

	*m = (struct machine){ .elsewhere = true };
	if (bytes > SNAPSHOT_LIMIT_BYTES)
		return kho_fail(err, EFBIG, "more than %u KiB: no snapshot of a machine",
				SNAPSHOT_LIMIT_BYTES >> 10);
	/* json-c takes it for the end, and does not look at what is behind. */
	if (nul)
		return kho_fail(err, EBADMSG, "no JSON: byte %zu: a NUL", (size_t)(nul - text));
	json_tokener_reset(reader->tokener);
	o = json_tokener_parse_ex(reader->tokener, text, (int)bytes);
	error = json_tokener_get_error(reader->tokener);
	if (error == json_tokener_continue)
		return kho_fail(err, EBADMSG, "no JSON: it ends after %zu bytes, too early", bytes);
	if (error != json_tokener_success)
		return kho_fail(err, EBADMSG, "no JSON: byte %zu: %s",
				json_tokener_get_parse_end(reader->tokener),
				json_tokener_error_desc(error));
	ret = read_machine(&r, o);
	json_object_put(o);
	if (ret)
		machine_deinit(m);
	return ret;
}

/* All of @fd, at most one byte over the limit. */
static int read_within_limit(int fd, char *text, size_t *bytes)
{
	*bytes = 0;
	while (*bytes <= SNAPSHOT_LIMIT_BYTES) {
		ssize_t n = read(fd, text + *bytes, SNAPSHOT_LIMIT_BYTES + 1 - *bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : 0;
		*bytes += (size_t)n;
	}
	return 0;
}

static int parse_file(int fd, struct machine *m, struct kho_err *err)
{
	struct snapshot_reader *reader = snapshot_reader_create();
	char *text = malloc(SNAPSHOT_LIMIT_BYTES + 1);
	size_t bytes;
	int ret = reader && text ? read_within_limit(fd, text, &bytes) : -ENOMEM;

	if (!ret)
		ret = snapshot_parse(reader, text, bytes, m, err);
	free(text);
	snapshot_reader_destroy(reader);
	return ret;
}

int snapshot_read(const char *path, struct machine *m, struct kho_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret;

	if (fd < 0)
		return kho_fail(err, errno, "%s: %s", path, strerror(errno));
	if (err)
		err->text[0] = '\0';
	ret = parse_file(fd, m, err);
	if (ret && err && err->text[0])
		kho_err_prefix(err, "%s: ", path);
	else if (ret)
		kho_fail(err, -ret, "%s: %s", path, strerror(-ret));
	close(fd);
	return ret;
}

static bool is_tree(const char *path)
{
	struct stat st;

	return stat(path, &st) || S_ISDIR(st.st_mode) || tree_is_packed(path);
}

int snapshot_or_tree(const char *path, struct machine *m, struct kho_err *err)
{
	return is_tree(path) ? machine_read(path, m, err) : snapshot_read(path, m, err);
}

int snapshot_or_tree_probe(const char *path, struct kho_err *err)
{
	struct stat st;

	if (stat(path, &st) || S_ISDIR(st.st_mode))
		return machine_probe(path, err);
	if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS))
		return kho_fail(err, errno, "%s: %s", path, strerror(errno));
	return 0;
}
