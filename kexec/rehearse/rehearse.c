// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/boot-kernel.h"
#include "model/toolbox/run.h"
#include "rehearse/guest-cmdline.h"
#include "rehearse/qemu.h"
#include "rehearse/rehearse.h"
#include "base/read-file.h"
#include "successor/successor.h"

#define GIB (UINT64_C(1) << 30)
#define PAGES_BYTES (UINT64_C(64) << 10)	/* a page of any kernel */

#define TCG_END_PA	(UINT64_C(1) << 40)	/* its processors have 40 address bits */
#define GUEST_OWN_BYTES	(UINT64_C(256) << 20)	/* kernel, unpacked, and QEMU itself */

static const struct rehearse_arch *find_arch(const struct kho_arch *arch)
{
	static const struct rehearse_arch *const archs[] = { &rehearse_x86_64,
								&rehearse_arm64 };

	for (size_t i = 0; i < sizeof(archs) / sizeof(archs[0]); i++)
		if (arch && !strcmp(arch->machine, archs[i]->machine))
			return archs[i];
	return NULL;
}

/* The lowest @bytes in [pa, end_pa), aligned to their size; end_pa: there are none. */
static uint64_t aligned_piece(uint64_t pa, uint64_t end_pa, uint64_t bytes)
{
	uint64_t start_pa = (pa + bytes - 1) / bytes * bytes;

	return start_pa < end_pa && end_pa - start_pa >= bytes ? start_pa : end_pa;
}

/*
 * One piece in each 1 GiB of [pa, end_pa) from *next_pa on: of 2 MiB, of which the map
 * tells with few pages, or of one page where there is no room for more.
 */
static int preserve_blocks(uint64_t pa, uint64_t end_pa, uint64_t *next_pa,
			   struct kho_ranges *all)
{
	int ret = 0;

	while (pa < end_pa && !ret) {
		uint64_t stop_pa = (pa / GIB + 1) * GIB < end_pa ? (pa / GIB + 1) * GIB : end_pa;
		uint64_t bytes = 2 << 20;
		uint64_t start_pa = aligned_piece(pa, stop_pa, bytes);

		if (start_pa == stop_pa) {
			bytes = PAGES_BYTES;
			start_pa = aligned_piece(pa, stop_pa, bytes);
		}
		pa = stop_pa;
		if (start_pa == stop_pa)
			continue;
		ret = kho_ranges_add(all, start_pa, start_pa + bytes, KHO_NO_NODE);
		*next_pa = (start_pa / GIB + 1) * GIB;
		if (pa < *next_pa)
			pa = *next_pa;
	}
	return ret;
}

/* Where what is preserved is not known: something in each 1 GiB that is not an area. */
static int preserve_all(const struct machine *m, struct kho_ranges *all)
{
	struct kho_ranges cut = { 0 }, areas = { 0 };
	/* The first MiB is never given away. */
	uint64_t next_pa = UINT64_C(1) << 20;
	int ret = 0;

	for (size_t i = 0; i < m->scratch.n && !ret; i++)
		ret = kho_ranges_add(&areas, m->scratch.r[i].start_pa, m->scratch.r[i].end_pa, 1);
	kho_ranges_normalise(&areas);
	if (!ret)
		ret = kho_ranges_cut(&m->memory, &areas, &cut);
	for (size_t i = 0; i < cut.n && !ret; i++)
		if (cut.r[i].node == KHO_NO_NODE)
			ret = preserve_blocks(cut.r[i].start_pa > next_pa ? cut.r[i].start_pa :
									   next_pa,
					      cut.r[i].end_pa, &next_pa, all);
	kho_ranges_deinit(&cut);
	kho_ranges_deinit(&areas);
	return ret;
}

/* Memory of the host that a guest can have; UINT64_MAX: not known. */
static uint64_t available_bytes(void)
{
	FILE *f = fopen("/proc/meminfo", "re");
	unsigned long long kib, bytes = UINT64_MAX;
	char line[128];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "MemAvailable: %llu kB", &kib) == 1)
			bytes = kib << 10;
	if (f)
		fclose(f);
	return bytes;
}

/*
 * What is too large to be rehearsed here.  The guest's memory is as large as the
 * machine's, but what it does not touch takes no room; struct pages are what it touches.
 */
static int check_size(const struct rehearse_want *want, const struct guest_shape *shape, bool kvm,
		      struct kho_err *err)
{
	uint64_t end_pa = shape->high_pa ? shape->high_pa + shape->ram_bytes - shape->low_bytes :
					   shape->low_pa + shape->ram_bytes;
	uint64_t needs = GUEST_OWN_BYTES + want->initrd_bytes;
	uint64_t available = available_bytes();

	if (end_pa > TCG_END_PA && !kvm)
		return kho_fail(err, ENOTSUP, "this machine's memory ends at %" PRIu64 " GiB; without "
				"KVM a guest's ends at %" PRIu64 " at most", end_pa / GIB,
				TCG_END_PA / GIB);
	if (!want->deferred_pages)
		needs += want->model->map_bytes;
	if (needs > available)
		return kho_fail(err, ENOTSUP, "the guest needs up to %" PRIu64 " MiB, most of it for "
				"struct pages; %" PRIu64 " MiB are free", needs >> 20,
				available >> 20);
	return 0;
}

/* One guest, from nothing to its end. */
static int run_guest(const struct rehearse_want *want, const struct rehearse_arch *arch,
		     struct rehearse_load *load, struct qemu_run *run,
		     struct console *console, enum qemu_end *end, struct kho_err *err)
{
	const struct segment *initrd = segments_find(&load->segments, BOOT_INITRD);
	char *program = qemu_find(arch);
	struct guest guest = { .ram_fd = -1, .rom_fd = -1 };
	struct guest_shape shape;
	int ret = 0;

	if (!program)
		ret = kho_fail(err, ENOENT, "%s was not found: install QEMU for %s", arch->qemu[0],
			       arch->machine);
	if (!ret)
		ret = arch->shape(want->machine, &shape, err);
	if (!ret)
		ret = check_size(want, &shape, run->kvm, err);
	if (!ret)
		ret = rehearse_check_place(load, &shape, err);
	if (!ret)
		ret = guest_create(&guest, &shape, err);
	if (!ret)
		ret = arch->fill(load, &guest, err);
	run->guest = &guest;
	run->initrd = initrd ? &initrd->got : NULL;
	if (!ret)
		*end = qemu_run(run, program, console, err);
	guest_destroy(&guest);
	free(program);
	return ret;
}

/* With KVM where that can be used; where QEMU then fails, the same with TCG. */
static int run_either(const struct rehearse_want *want, const struct rehearse_arch *arch,
		      struct rehearse_load *load, struct rehearsal *r, bool silent,
		      enum qemu_end *end, struct kho_err *err)
{
	struct qemu_run run = {
		.arch = arch, .machine = want->machine, .log = want->log,
		.seconds = (want->seconds + 1) / 2,
		.kvm = !r->kvm_trouble[0] && qemu_has_kvm(arch),
	};
	bool again;
	int ret;

	load->cmdline = r->cmdline[silent];
	r->silent = silent;
	do {
		console_deinit(&r->console);
		ret = run_guest(want, arch, load, &run, &r->console, end, err);
		r->kvm = run.kvm;
		r->took_seconds += run.took_seconds;
		if (run.touched_bytes > r->touched_bytes)
			r->touched_bytes = run.touched_bytes;
		again = !ret && *end == QEMU_FAILED && run.kvm;
		if (again)
			snprintf(r->kvm_trouble, sizeof(r->kvm_trouble), "%.255s", err->text);
		run.kvm = false;
		/* Both have the time of one. */
		run.seconds -= run.took_seconds < run.seconds ? (unsigned int)run.took_seconds : run.seconds;
	} while (again);
	return ret;
}

/*
 * First with a line for each allocation.  Where that is more than can be printed in half
 * of the time, once more without them: the end is all that counts.
 */
static int run_once(const struct rehearse_want *want, const struct rehearse_arch *arch,
		    struct rehearse_load *load, struct rehearsal *r, struct kho_err *err)
{
	enum qemu_end end = QEMU_TIME;
	int ret = 0;

	for (int silent = 0; silent < 2 && end == QEMU_TIME && !ret; silent++)
		ret = run_either(want, arch, load, r, silent, &end, err);
	if (ret)
		end = QEMU_FAILED;
	r->reset = end == QEMU_RESET;
	r->outcome = end == QEMU_RESET || r->console.state == CONSOLE_DIED ? REHEARSAL_DIED :
		     end == QEMU_CONSOLE ? REHEARSAL_UP : REHEARSAL_UNKNOWN;
	if (!ret && end == QEMU_TIME)
		ret = kho_fail(err, ETIMEDOUT, "no end within %u seconds", want->seconds);
	return ret ? ret : end == QEMU_FAILED ? -EIO : 0;
}

/* The running kernel preserves its root tree: some preserved page stands for it. */
static uint64_t tree_page(const struct kho_ranges *preserved, const struct rehearse_arch *arch)
{
	for (size_t i = 0; i < preserved->n; i++)
		if (preserved->r[i].start_pa >= arch->own_end_pa &&
		    preserved->r[i].end_pa - preserved->r[i].start_pa >= 4096)
			return preserved->r[i].start_pa;
	return 0;
}

/*
 * With what is preserved; where that is not known and matters, with everything, and
 * if it dies then, with nothing.
 */
static int run_ends(const struct rehearse_want *want, const struct rehearse_arch *arch,
		    struct rehearse_load *load, struct rehearsal *r, struct kho_err *err)
{
	const struct machine_handover *h = &want->machine->handover;
	struct kho_ranges all = { 0 };
	const struct kho_ranges nothing = { 0 };
	bool both = !h->preserved_known && want->kernel->extends_scratch && want->format;
	int ret = both ? preserve_all(want->machine, &all) : 0;

	load->preserved = h->preserved_known ? &h->preserved : both ? &all : &nothing;
	load->preserved_map = &h->preserved_map;
	load->tree_aside = both;
	load->tree_pa = tree_page(load->preserved, arch);
	if (!ret)
		ret = run_once(want, arch, load, r, err);
	r->preserved_all = both;
	if (!ret && both && r->outcome == REHEARSAL_DIED) {
		struct console died = r->console;
		bool reset = r->reset;

		load->preserved = &nothing;
		load->tree_pa = 0;
		r->console = (struct console){ 0 };
		ret = run_once(want, arch, load, r, err);
		if (!ret && r->outcome == REHEARSAL_UP)
			r->outcome = REHEARSAL_DEPENDS;
		/* The worse end is what is shown, as the model's is. */
		console_deinit(&r->console);
		r->console = died;
		r->reset = reset;
	}
	kho_ranges_deinit(&all);
	return ret;
}

/* The running kernel's; where it is not known, the successor's own. */
static unsigned int page_shift_of(const struct rehearse_want *want)
{
	uint64_t bytes = want->machine->page_bytes ? want->machine->page_bytes :
						     want->kernel->page_bytes;
	unsigned int shift = 12;

	while (shift < 16 && UINT64_C(1) << shift < bytes)
		shift++;
	return shift;
}

static int prepare(const struct rehearse_want *want, const struct rehearse_arch **arch,
		   struct rehearse_load *load, struct rehearsal *r, struct kho_err *err)
{
	const struct boot_load with = { .cmdline = want->cmdline,
					.initrd_bytes = want->initrd_bytes };
	const struct segment *params;
	int ret;

	*arch = find_arch(want->kernel->arch);
	if (!*arch)
		return kho_fail(err, ENOTSUP, "successors of this architecture cannot be rehearsed");
	for (int silent = 0; silent < 2; silent++) {
		const struct rehearse_words words = {
			.early_console = (*arch)->early_console, .each = !silent,
			.reserve_mem_revived = want->reserve_mem_revived,
			.stays = !want->kernel->arch->boot->moves_kernel,
		};

		r->cmdline[silent] = rehearse_cmdline(want->cmdline ? want->cmdline : "", &words);
		if (!r->cmdline[silent])
			return -ENOMEM;
	}
	ret = rehearse_place(&(struct place_want){ want->kernel, &with, want->model }, *arch, load,
			     &r->place, err);
	if (ret)
		return ret;
	load->page_shift = page_shift_of(want);
	params = segments_find(&load->segments, BOOT_PARAMS);
	/* bzImage64_load(): behind zero page, command line and room for "elfcorehdr=". */
	load->setup_data_pa = params->got.start_pa + 4096 +
			      boot_round_up((want->cmdline ? strlen(want->cmdline) : 0) + 1 + 30, 16);
	return 0;
}

int rehearse(const struct rehearse_want *want, struct rehearsal *r)
{
	const struct rehearse_arch *arch = NULL;
	struct kho_err err = { "" };
	struct kho_buffer file = { 0 };
	struct firmware firmware;
	struct rehearse_load load = {
		.machine = want->machine, .kernel = want->kernel, .initrd_fd = want->initrd_fd,
		.initrd_bytes = want->initrd_bytes, .format = want->format,
	};
	int ret;

	*r = (struct rehearsal){ .initrd_zeros = want->initrd_bytes && want->initrd_fd < 0 };
	load.firmware = &firmware;
	ret = firmware_read(want->root, &firmware);
	if (!ret)
		ret = read_file(want->kernel_fd, SUCCESSOR_FILE_LIMIT_BYTES, &file, &err);
	if (!ret)
		ret = rehearse_unpack(&file, &err);
	load.image = (struct kho_bytes){ file.data, file.size };
	if (!ret)
		ret = prepare(want, &arch, &load, r, &err);
	if (!ret)
		ret = run_ends(want, arch, &load, r, &err);
	if (!ret)
		ret = rehearsal_compare(r, want->model, want->kernel);
	kho_buffer_deinit(&file);
	firmware_deinit(&firmware);
	if (ret == -ENOMEM) {
		rehearsal_deinit(r);
		return ret;
	}
	if (ret) {
		r->outcome = REHEARSAL_UNKNOWN;
		snprintf(r->trouble, sizeof(r->trouble), "%s", err.text);
	}
	return 0;
}

void rehearsal_deinit(struct rehearsal *r)
{
	console_deinit(&r->console);
	free(r->cmdline[0]);
	free(r->cmdline[1]);
	*r = (struct rehearsal){ 0 };
}
