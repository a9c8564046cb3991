/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From what is loaded to a guest in which it starts: one function an architecture.
 */
#ifndef REHEARSE_GUEST_LOAD_H
#define REHEARSE_GUEST_LOAD_H

#include "machine/machine.h"
#include "model/toolbox/segments.h"
#include "rehearse/firmware.h"
#include "rehearse/guest.h"
#include "base/unpack/unpack.h"

struct rehearse_load {
	const struct machine *machine;
	const struct boot_kernel *kernel;
	struct kho_bytes image;		/* as kexec_file_load gets it: a bzImage, an Image */
	const char *cmdline;		/* of the guest, with what is added to it */
	const struct firmware *firmware;
	int initrd_fd;			/* -1: its size is all that is known; it is zeros then */
	uint64_t initrd_bytes;
	struct segments segments;	/* where each goes */
	uint64_t setup_data_pa;		/* x86: where the data in the parameters' segment begins */
	uint64_t kernel_pa;		/* where the kernel is to run */
	const char *format;		/* of the handover; NULL: nothing is handed over */
	const struct kho_ranges *preserved;
	const struct kho_ranges *preserved_map;
	unsigned int page_shift;	/* of the running kernel */
	uint64_t tree_pa;		/* a preserved page for the root tree; 0: none, choose one */
	/*
	 * Choose it where memory is in use by nobody: what is preserved is not known, and a
	 * block of 1 GiB with something in it would not be.
	 */
	bool tree_aside;
};

/*
 * 2 MiB of RAM, aligned, in no area, not preserved and not where the kernel is to run, from
 * @from_pa on; 0: there is none.
 */
#define REHEARSE_ROOM_BYTES	(UINT64_C(2) << 20)
uint64_t rehearse_find_room(const struct rehearse_load *load, uint64_t from_pa);

/* Does one of @ranges (NULL: none) lie in [start_pa, end_pa)? */
bool rehearse_touches(const struct kho_ranges *ranges, uint64_t start_pa, uint64_t end_pa);

/* The list of areas, in its segment; the root tree and the map; pages to take in @spare. */
int rehearse_write_list(const struct rehearse_load *load, struct guest *guest,
			struct kho_err *err) __attribute__((warn_unused_result));
int rehearse_write_handed(const struct rehearse_load *load, struct guest *guest,
			  const struct kho_range *spare, struct kho_err *err)
	__attribute__((warn_unused_result));

/*
 * In place of a packed Image what is in it; a bzImage is left alone.  Errors of
 * unpack().
 */
int rehearse_unpack(struct kho_buffer *file, struct kho_err *err)
	__attribute__((warn_unused_result));

struct rehearse_arch {
	const char *machine;		/* uname -m */
	const char *const *qemu;	/* names of programs, NULL-terminated */
	/*
	 * RAM that holds all of the machine's.  -ENOTSUP: none of QEMU's machines has it
	 * there.
	 */
	int (*shape)(const struct machine *m, struct guest_shape *shape, struct kho_err *err);
	/* Write all of it.  -ENOTSUP, -ENOMEM; errors of guest_write(). */
	int (*fill)(struct rehearse_load *load, struct guest *guest, struct kho_err *err);
	/* "-machine" and "-cpu" for QEMU, into text[0] and text[1]. */
	void (*describe)(const struct machine *m, const struct guest *guest, bool kvm,
			 char text[2][128]);
	/* More words for machines that start without a ROM; NULL: none. */
	void (*start_words)(const struct guest *guest, char room[64], const char **argv, size_t *n);
	bool load_min_is_offset;	/* of the kernel in its segment: arm64's text_offset */
	uint64_t own_end_pa;		/* memory below it is the guest's own */
	const char *early_console;	/* words for the guest's command line */
};

extern const struct rehearse_arch rehearse_x86_64;
extern const struct rehearse_arch rehearse_arm64;

#endif
