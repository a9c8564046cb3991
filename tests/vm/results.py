# SPDX-License-Identifier: GPL-2.0-only
"""Results of cases, kept in a folder each, so that a run can go on where it was ended.

    NAME/console.gz      every kernel's console
    NAME/result.json     what it shows, handover by handover
    NAME/machine-N.tar.gz   the machine's tree before handover N (N counts from 0)
    NAME/trace-N         the successor's early allocations, see memtrace.py

A result is used again when everything that went into it is the same.
"""
import gzip
import hashlib
import json
import shutil
from pathlib import Path

import case as cases
import guest
import memtrace
import qemu
import shortfall

# To be changed when something else than what is hashed changes what a boot shows.
RECORD = 2

# How often a boot that the emulator spoilt is tried.
BOOTS = 3


def key_of(case, kernels, kit):
    total = hashlib.sha256(str(RECORD).encode())
    # What is left at its default is left out: a new key of cases makes no old result invalid.
    plain = vars(cases.Case(name="", text=""))
    fields = {name: value for name, value in vars(case).items()
              if name not in ("name", "text", "expect", "estimate", "findings")
              and value != plain[name]}
    total.update(json.dumps(fields, sort_keys=True).encode())
    total.update(" ".join(qemu.command(case, "", "")).encode())
    for path in kernels:
        total.update(hashlib.sha256(path.read_bytes()).digest())
    total.update(kit.digest().encode())
    return total.hexdigest()


def kept(folder, key):
    """(result.json, console text) of an earlier boot, when they are still good."""
    try:
        result = json.loads((folder / "result.json").read_text())
        console = gzip.decompress((folder / "console.gz").read_bytes()).decode()
    except (OSError, EOFError, ValueError):
        return None
    return (result, console) if result.get("key") == key else None


def read(case, kernels, kit, console, ended):
    """Of what the console shows: (a record, a machine's tree, a trace) for each handover."""
    for number, handover in enumerate(qemu.handovers(console, ended)):
        trace = memtrace.compact(handover["after"]) if case.traced else []
        record = {name: handover[name] for name in
                  ("release", "outcome", "words", "report", "alone", "tries", "messages",
                   "snapshot", "state")}
        record |= {
            "successor": guest.image_name(kernels[number + 1]),
            "append": guest.successor_command_line(case),
            "initrd_bytes": len(guest.initrd(case, kit, kernels[1:], number + 1)),
            # As JSON has it.
            "map_bytes": {str(node): size for node, size
                          in memtrace.memory_map_bytes(trace).items()},
            "preserved_bytes": memtrace.preserved_bytes(trace),
            "shortfalls": shortfall.seen(handover["after"]),
            "taken": memtrace.taken_bytes(handover["after"]),
        }
        if record["outcome"] == "up" and case.told_lost(record["state"]):
            record["outcome"] = "lost"
        yield record, handover["machine"], trace


def boot(case, kernels, kit, folder):
    """(result, console text) of a new boot. @folder counts for nothing until result.json."""
    first_initrd = guest.initrd(case, kit, kernels[1:], 0)
    for _ in range(BOOTS):
        console, ended, seconds = qemu.run(case, kernels[0], first_initrd)
        if not qemu.spoilt(console) and not qemu.stalled(console, ended):
            break
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "console.gz").write_bytes(gzip.compress(console.encode(), 9, mtime=0))
    return {"name": case.name, "seconds": round(seconds, 1), "ended": ended}, console


def run(case, kernels, kit, folder):
    """The result of @case: read from the console in @folder, or from that of a new boot.

    A kept console is read anew each time, by the rules of today.
    """
    key = key_of(case, kernels, kit)
    result, console = kept(folder, key) or boot(case, kernels, kit, folder)
    result |= {"first": kernels[0].name, "first_append": guest.first_command_line(case),
               "vmcoreinfo": qemu.vmcoreinfo_of(console), "handovers": []}
    for record, machine, trace in read(case, kernels, kit, console, result["ended"]):
        number = len(result["handovers"])
        result["handovers"].append(record)
        if machine:
            (folder / f"machine-{number}.tar.gz").write_bytes(machine)
        if trace:
            (folder / f"trace-{number}").write_text("".join(f"{line}\n" for line in trace))
    result["key"] = key
    (folder / "result.json").write_text(json.dumps(result, indent=1) + "\n")
    return result
