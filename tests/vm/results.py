# SPDX-License-Identifier: GPL-2.0-only
"""Results of cases, kept in a folder each, so that a run can go on where it was ended.

    NAME/result.json     what happened, handover by handover
    NAME/console.gz      both kernels' console
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

# To be changed when a record holds something else than before.
RECORD = 1


def key_of(case, kernels, kit, vmcoreinfos):
    total = hashlib.sha256(f"{RECORD} {vmcoreinfos}".encode())
    fields = {name: value for name, value in vars(case).items()
              if name not in ("name", "text", "expect", "estimate")}
    total.update(json.dumps(fields, sort_keys=True).encode())
    total.update(" ".join(qemu.command(case, "", "")).encode())
    for path in kernels:
        total.update(hashlib.sha256(path.read_bytes()).digest())
    total.update(kit.digest().encode())
    return total.hexdigest()


def kernels_of(case, folder):
    """The images of the whole chain, the first kernel's first."""
    return [guest.kernel_image(folder, case.arch, version)
            for version in (case.first, *case.successors)]


def load(folder, key):
    try:
        result = json.loads((folder / "result.json").read_text())
    except (OSError, ValueError):
        return None
    return result if result.get("key") == key else None


def store(folder, result, console, handovers):
    """result.json comes last: without it a folder counts for nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "console.gz").write_bytes(gzip.compress(console.encode(), 9, mtime=0))
    for number, handover in enumerate(handovers):
        if handover["machine"]:
            (folder / f"machine-{number}.tar.gz").write_bytes(handover["machine"])
        if handover["trace"]:
            lines = [f"{line}\n" for line in handover["trace"]]
            (folder / f"trace-{number}").write_text("".join(lines))
    (folder / "result.json").write_text(json.dumps(result, indent=1) + "\n")


def vmcoreinfo(kernel, arch, kit, folder):
    """The VMCOREINFO text of @kernel, from a boot of it; kept in @folder."""
    digest = hashlib.sha256(kernel.read_bytes()).hexdigest()
    kept = folder / f"{kernel.name}-{digest[:16]}"
    if not kept.exists():
        boot = cases.parse("vmcoreinfo", f"arch = {arch}\nfirst = -\nsuccessor = -\nnodes = 1G\n")
        console, ended, _ = qemu.run(boot, kernel, kit.archive(small=True).data())
        text = qemu.vmcoreinfo_of(console)
        if not text:
            raise guest.Missing(f"{kernel.name} told no VMCOREINFO ({ended})")
        folder.mkdir(parents=True, exist_ok=True)
        kept.write_text(text)
    return kept.read_text()


def run(case, kernels, kit, vmcoreinfos, folder):
    """The result of @case: from @folder when it is still good, else from a boot."""
    key = key_of(case, kernels, kit, vmcoreinfos)
    result = load(folder, key)
    if result:
        return result
    initrds = guest.initrds(case, kit, kernels[1:], vmcoreinfos)
    console, ended, seconds = qemu.run(case, kernels[0], initrds[0])
    handovers = qemu.handovers(console, ended)
    records = []
    for number, handover in enumerate(handovers):
        handover["trace"] = memtrace.compact(handover["after"]) if case.traced else []
        last = number == len(case.successors) - 1
        records.append({name: handover[name] for name in
                        ("release", "outcome", "words", "report", "tries", "messages")} | {
            "successor": kernels[number + 1].name,
            "append": guest.successor_command_line(case, last),
            "initrd_bytes": len(initrds[number + 1]),
            "map_bytes": memtrace.memory_map_bytes(handover["trace"]),
        })
    result = {"key": key, "name": case.name, "seconds": round(seconds, 1), "ended": ended,
              "first": kernels[0].name, "first_append": guest.first_command_line(case),
              "vmcoreinfo": qemu.vmcoreinfo_of(console), "handovers": records}
    store(folder, result, console, handovers)
    # As it will be read the next time: JSON has no integer keys.
    return load(folder, key)
