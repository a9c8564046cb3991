// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "machine/remedy.h"

#define THERE "on that machine: "
#define AGAIN ", and capture it again"

static const struct {
	const char *here, *there;
} remedies[MACHINE_REMEDIES] = {
	[REMEDY_ROOT] = {
		"run as root",
		THERE "capture it as root; or let this user read the files of the capture" },
	[REMEDY_KCORE] = {
		"run as root, with /proc/kcore readable",
		THERE "kexec --kho-save-machine=FILE as root: a snapshot has the map of preserved memory" },
	[REMEDY_DEBUGFS] = {
		"mount -t debugfs debugfs /sys/kernel/debug",
		THERE "mount -t debugfs debugfs /sys/kernel/debug" AGAIN },
	[REMEDY_SYSFS] = {
		"mount -t sysfs sysfs /sys", THERE "mount -t sysfs sysfs /sys" AGAIN },
	[REMEDY_PROCFS] = {
		"mount -t proc proc /proc", THERE "mount -t proc proc /proc" AGAIN },
	[REMEDY_MALFORMED] = {
		"report the kernel's release with a copy: capture-machine DIR",
		"capture that machine again; if it stays so, report the release of its kernel" },
	[REMEDY_ABSENT] = {
		"report the kernel's release with a copy: capture-machine DIR",
		"capture that machine again, with this version's capture-machine" },
	[REMEDY_KHO_LOG] = {
		"see dmesg | grep KHO:, and boot a kernel that has CONFIG_KEXEC_HANDOVER_DEBUGFS",
		THERE "see dmesg | grep KHO:, and boot a kernel that has CONFIG_KEXEC_HANDOVER_DEBUGFS" },
	[REMEDY_FINALIZE] = {
		"echo 1 >/sys/kernel/debug/kho/out/finalize, then load",
		THERE "echo 1 >/sys/kernel/debug/kho/out/finalize, then load" },
	[REMEDY_OFFLINE] = {
		"see lsmem for offline memory blocks, and mem= and memmap= in /proc/cmdline",
		THERE "see lsmem for offline memory blocks, and mem= and memmap= in /proc/cmdline" },
};

const char *machine_remedy(const struct machine *m, enum machine_remedy what)
{
	return m->elsewhere ? remedies[what].there : remedies[what].here;
}

char *machine_remedy_there(const char *text)
{
	char *there;

	for (int i = 0; i < MACHINE_REMEDIES; i++)
		if (!strcmp(text, remedies[i].here))
			return strdup(remedies[i].there);
	if (strstr(text, "that machine") || strstr(text, "this machine"))
		return strdup(text);
	return asprintf(&there, THERE "%s", text) < 0 ? NULL : there;
}
