// SPDX-License-Identifier: GPL-2.0-only
/* Where what is loaded goes, and where the kernel runs. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/boot-kernel.h"
#include "model/boot-machine.h"
#include "model/toolbox/run.h"
#include "rehearse/place.h"

/* As kexec_file_load places them; the model's own rules. */
static int place_load(const struct place_want *want, struct rehearse_load *load,
		      struct kho_err *err)
{
	struct boot *b = calloc(1, sizeof(*b));
	struct boot_machine machine;
	enum boot_user failed;
	int ret = b ? boot_machine_init(&machine, load->machine) : -ENOMEM;

	if (ret) {
		free(b);
		return ret;
	}
	b->kernel = want->kernel;
	b->machine = &machine;
	b->load = want->with;
	if (want->kernel->arch->boot->place(b, &failed))
		load->segments = b->segments;
	else
		ret = kho_fail(err, EADDRNOTAVAIL, "kexec_file_load will fail: no area has room "
			       "for the %s", boot_user_text(failed));
	boot_machine_deinit(&machine);
	free(b);
	return ret;
}

/* Why this place of all: what the model has of them. */
static void explain_place(const struct boot_result *model, char *text, size_t bytes)
{
	int n = snprintf(text, bytes, "of %" PRIu64 " places ", model->slots);

	if (model->fold.followed < model->slots)
		n += snprintf(text + n, bytes - (size_t)n, "%" PRIu64 " were followed; of these ",
			      model->fold.followed);
	if (model->outcome == BOOT_DIES)
		snprintf(text + n, bytes - (size_t)n, "the model has %" PRIu64 " in which it dies; "
			 "in this one there is no room for the %s", model->fold.dying,
			 boot_user_text(model->failed));
	else
		snprintf(text + n, bytes - (size_t)n, "this one leaves least, %" PRIu64 " KiB",
			 model->headroom_bytes >> 10);
}

/* Where it is to run.  With KASLR that is the model's worst place. */
static void choose_place(const struct place_want *want, const struct rehearse_arch *arch,
			 struct rehearse_load *load, struct rehearse_place *place)
{
	const struct segment *kernel = segments_find(&load->segments, BOOT_KERNEL);

	*place = (struct rehearse_place){ .kernel_pa = kernel->got.start_pa };
	if (arch->load_min_is_offset)
		place->kernel_pa += want->kernel->load_min_pa;
	place->at_random = want->model->kaslr || want->model->entries_at_random;
	if (want->model->kaslr) {
		place->kernel_pa = want->model->kernel_pa;
		place->forced = true;
		place->slots = want->model->slots;
		explain_place(want->model, place->reason, sizeof(place->reason));
	}
	load->kernel_pa = place->kernel_pa;
}

int rehearse_place(const struct place_want *want, const struct rehearse_arch *arch,
		   struct rehearse_load *load, struct rehearse_place *place, struct kho_err *err)
{
	int ret = place_load(want, load, err);

	if (!ret)
		choose_place(want, arch, load, place);
	return ret;
}

/* Anything that the successor reads, in [start_pa, end_pa)? */
static bool overlaps(const struct rehearse_load *load, uint64_t start_pa, uint64_t end_pa)
{
	for (size_t i = 0; i < load->segments.n; i++) {
		const struct segment *seg = &load->segments.seg[i];

		if ((seg->user == BOOT_INITRD || seg->user == BOOT_PARAMS ||
		     seg->user == BOOT_SCRATCH_LIST) &&
		    seg->got.start_pa < end_pa && start_pa < seg->got.end_pa)
			return true;
	}
	return rehearse_touches(load->preserved_map, start_pa, end_pa) ||
	       (load->tree_pa >= start_pa && load->tree_pa < end_pa);
}

int rehearse_check_place(const struct rehearse_load *load, const struct guest_shape *shape,
			 struct kho_err *err)
{
	const struct segment *kernel = segments_find(&load->segments, BOOT_KERNEL);
	uint64_t end_pa = load->kernel_pa + kernel->bytes;

	if (overlaps(load, load->kernel_pa, end_pa))
		return kho_fail(err, ENOTSUP, "the worst place of KASLR, 0x%" PRIx64 ", cannot be "
				"forced: what is loaded or handed over lies too near; give the "
				"successor nokaslr", load->kernel_pa);
	if (!guest_has(shape, load->kernel_pa, end_pa))
		return kho_fail(err, ENOTSUP, "the worst place of KASLR, 0x%" PRIx64 ", cannot be "
				"forced: a guest's RAM ends too near; give the successor nokaslr",
				load->kernel_pa);
	return 0;
}
