// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>

#include "check/common.h"
#include "check/initrd.h"
#include "model/boot-machine.h"

#define MIB		(UINT64_C(1) << 20)
#define GIVE_INITRD	"give it with --kho-initrd=FILE; --kho-initrd=none says that there is none"

typedef unsigned long long ull;

struct trial {
	struct boot_work *work;
	const struct boot_kernel *kernel;
	const struct boot_machine *machine;
	struct boot_load load;
	struct boot_result result;
	int error;
};

static bool can_be_placed(struct trial *t, uint64_t mib)
{
	t->load.initrd_bytes = mib * MIB;
	t->error = boot_place(t->work, t->kernel, t->machine, &t->load, &t->result);
	return !t->error && t->result.outcome != BOOT_LOAD_FAILS;
}

/* Surely: not within the margin. */
static bool boots(struct trial *t, uint64_t mib)
{
	t->load.initrd_bytes = mib * MIB;
	t->error = boot_follow(t->work, t->kernel, t->machine, &t->load, &t->result);
	return !t->error && t->result.outcome == BOOT_UP &&
	       t->result.headroom_bytes >= BOOT_MARGIN_BYTES;
}

/* The largest number up to @most for which @test holds, if it does for @least. */
static uint64_t largest(struct trial *t, uint64_t least, uint64_t most,
			bool (*test)(struct trial *t, uint64_t mib))
{
	while (least < most && !t->error) {
		uint64_t middle = most - (most - least) / 2;

		if (test(t, middle))
			least = middle;
		else
			most = middle - 1;
	}
	return least;
}

static int report_deaths(struct trial *t, uint64_t placed, bool find, struct kho_findings *findings)
{
	uint64_t up = find ? largest(t, 0, placed - 1, boots) : 0;

	if (t->error)
		return t->error;
	if (!find)
		return kho_findings_add(findings, KHO_F_INITRD_NOT_GIVEN, GIVE_INITRD,
					"no initrd was given: the successor boots without one, and "
					"dies or may die with the largest that can be loaded, %llu MiB",
					(ull)placed);
	return kho_findings_add(findings, KHO_F_INITRD_NOT_GIVEN, GIVE_INITRD,
				"no initrd was given: the successor boots with one of up to %llu MiB, "
				"and dies or may die with a larger one; up to %llu MiB can be loaded",
				(ull)up, (ull)placed);
}

static int report_room(struct trial *t, bool find, struct kho_findings *findings)
{
	const uint64_t plausible = KHO_INITRD_PLAUSIBLE_BYTES / MIB;
	uint64_t placed = largest(t, 0, plausible, can_be_placed);
	bool up = !t->error && boots(t, placed);

	if (t->error)
		return t->error;
	if (!up)
		return placed ? report_deaths(t, placed, find, findings) : 0;
	return kho_findings_add(findings, KHO_F_INITRD_ROOM, GIVE_INITRD,
				"no initrd was given: the successor boots with one of up to %llu MiB; "
				"%s", (ull)placed, placed < plausible ?
				"a larger one can't be loaded" : "larger ones were not followed");
}

int kho_check_initrd(const struct machine *m, const struct kho_with *with,
		     struct kho_check *check)
{
	struct boot_machine machine;
	struct trial t = {
		.work = with->work, .kernel = &with->prepared->kernel, .machine = &machine,
		.load = kho_boot_load(with),
	};
	int ret = boot_machine_init(&machine, m);

	t.load.no_list = true;
	if (!ret) {
		ret = report_room(&t, !with->no_list, &check->findings);
		boot_machine_deinit(&machine);
	}
	boot_result_deinit(&t.result);
	return ret == -EDQUOT ? kho_report_too_much(m, &check->findings) : ret;
}
