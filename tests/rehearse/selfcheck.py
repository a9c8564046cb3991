#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The rehearsal against real handovers: the same outcome, and the same addresses of memblock.

  selfcheck.py [--tool PATH] [--kernels DIR]... [--break] [--most N] FOLDER...

A FOLDER is a recorded handover: sysroot.tgz, truth.json and console.log.gz of both kernels.  The
two logs are read by the VM tests' parser, not by the tool's.  TAP on stdout.

What is a page or more must be the same to the last one.  Of what is smaller only the number is
told: the guest's command line may be longer than the real one, and the kernel keeps copies of it.

With --break the guest is made wrong on purpose: an area in which something was taken is left out,
it lies 2 MiB lower, or the initrd's segment is 2 MiB larger, and so lies lower.  Each of these must be seen as a disagreement.
"""
import argparse
import gzip
import importlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "vm"))
sys.path.insert(0, str(Path(__file__).parent.parent / "model"))
import memtrace
from without_kvm import WITHOUT_KVM

record_boot = importlib.import_module("record-boot")

FOUND = "KHO: found kexec handover data"
UP = ("SLUB: HWalign=", "Memory: ")
# QEMU's "max" CPU has both; the older records have no cpuinfo.
CPUINFO = "processor\t: 0\nflags\t\t: pdpe1gb la57\n"
PAGE = 4096
OUTCOMES = {"up": "up", "dead": "dies"}
AREAS = "sys/kernel/debug/kho/out/scratch_"
SHIFT = 2 << 20


def early(lines):
    """From the handover to the end of memblock."""
    result, found = [], False
    for line in lines:
        found = found or FOUND in line
        if found:
            result.append(line)
        if found and any(text in line for text in UP):
            break
    return result


def allocations(lines):
    """[(function, bytes, address)] of all that was had, one entry each."""
    result = []
    for event in memtrace.events(early(lines)):
        if isinstance(event, memtrace.Alloc) and event.address is not None:
            result.append((event.function, event.size, event.address))
    return result


def add_preserved(args, folder, tree, snapshot):
    """What was preserved is not in the older records; the successor's log tells.

    Of the map itself only the first page is known (the handover's root tree).
    """
    subprocess.run([args.tool, f"--kho-machine={tree}", f"--kho-save-machine={snapshot}"],
                   check=True, capture_output=True)
    machine = json.loads(snapshot.read_text())
    with gzip.open(folder / "console.log.gz", "rt", errors="replace") as f:
        kept = list(record_boot.preserved(early(f.read().splitlines())))
    with tarfile.open(folder / "sysroot.tgz") as tar:
        page = record_boot.handover_map(tar)
    machine["handover"]["preserved"] = {
        "ranges": ",".join(f"{s:x}-{e:x}" for s, e in joined(kept)),
        "map": "" if page is None else f"{page:x}-{page + 4096:x}",
        "source": "the successor's log"}
    snapshot.write_text(json.dumps(machine) + "\n")


def joined(spans):
    result = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def areas(tree):
    """[(start, bytes)]"""
    words = [(tree / (AREAS + name)).read_text().split() for name in ("phys", "len")]
    return [(int(start, 16), int(size, 16)) for start, size in zip(*words)]


def put_areas(tree, spans):
    for name, numbers in zip(("phys", "len"), zip(*spans)):
        (tree / (AREAS + name)).write_text("".join(f"{number:#x}\n" for number in numbers))


def last_used(tree, real):
    """The last area, of a node mostly, in which the real one took something."""
    return max(i for i, (start, size) in enumerate(areas(tree))
               if any(start <= address < start + size for _, _, address in real))


def drop_area(tree, truth, real):
    spans = areas(tree)
    del spans[last_used(tree, real)]
    put_areas(tree, spans)
    return truth


def shift_area(tree, truth, real):
    spans, i = areas(tree), last_used(tree, real)
    spans[i] = spans[i][0] - SHIFT, spans[i][1]
    put_areas(tree, spans)
    return truth


def grow_segment(tree, truth, real):
    """The initrd is 2 MiB larger, and so lies lower."""
    return dict(truth, initrd_bytes=truth["initrd_bytes"] + SHIFT)


BREAKS = {"an area left out": drop_area, "an area 2 MiB lower": shift_area,
          "an initrd 2 MiB larger": grow_segment}


def rehearse(args, folder, truth, real, spoil=None):
    """(report, lines of the guest's console); @spoil makes the guest another one."""
    with tempfile.TemporaryDirectory() as work:
        tree = Path(work) / "tree"
        with tarfile.open(folder / "sysroot.tgz") as tar:
            tar.extractall(tree)
        truth = spoil(tree, truth, real) if spoil else truth
        cpuinfo = tree / "proc" / "cpuinfo"
        if not cpuinfo.exists():
            cpuinfo.parent.mkdir(parents=True, exist_ok=True)
            cpuinfo.write_text(CPUINFO)
        machine = tree
        if truth["succ"].startswith("7.3"):
            machine = Path(work) / "snapshot"
            add_preserved(args, folder, tree, machine)
        initrd, log = Path(work) / "initrd", Path(work) / "log"
        initrd.touch()
        os.truncate(initrd, truth["initrd_bytes"])
        words = [*WITHOUT_KVM, args.tool, "--kho-report=json", f"--kho-machine={machine}",
                 f"--kho-image={kernel(args, truth['successor_image'])}",
                 f"--kho-initrd={initrd}", f"--kho-append={truth['successor_cmdline']}",
                 "--kho-rehearse=240", f"--kho-rehearse-log={log}"]
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode not in (0, 2, 3, 4):
            sys.exit(f"{folder}: {done.stderr}")
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return json.loads(done.stdout), lines


def kernel(args, name):
    return next(path for path in (Path(folder) / name for folder in args.kernels) if path.exists())


def compare(real, seen):
    """(equal, all, what is only in the real one, what is only in the rehearsal)"""
    rest = list(seen)
    missing = []
    for item in real:
        if item in rest:
            rest.remove(item)
        else:
            missing.append(item)
    return len(real) - len(missing), len(real), missing, rest


class Checked:
    """One handover beside its rehearsal."""

    def __init__(self, args, folder, truth, spoil=None):
        with gzip.open(folder / "console.log.gz", "rt", errors="replace") as f:
            real = allocations(f.read().splitlines())
        report, lines = rehearse(args, folder, truth, real, spoil)
        self.equal, self.total, self.missing, self.extra = compare(real, allocations(lines))
        self.outcome, self.want = report["rehearsal"]["outcome"], OUTCOMES[truth["outcome"]]
        # With KASLR the real one ran elsewhere.
        fixed = real and "nokaslr" in truth["successor_cmdline"]
        self.big = [item for item in self.missing + self.extra if fixed and item[1] >= PAGE]
        # The piece that could not be had is no allocation; one more before it may be.
        self.good = self.outcome == self.want and \
            (not self.big or (self.want == "dies" and len(self.big) == 1))

    def __str__(self):
        return (f"was {self.want}, rehearsed {self.outcome}; {self.equal} of {self.total} "
                f"allocations in place, {len(self.big)} of a page or more not")

    def tell(self, most):
        for text, items in (("real", self.missing), ("rehearsed", self.extra)):
            for function, size, address in items[:most]:
                print(f"#   only {text}: {function} {size} bytes at {address:#x}")


def handovers(folders, most):
    """(folder, truth) of those that have an outcome."""
    for folder in map(Path, folders):
        path = folder / "truth.json"
        truth = json.loads(path.read_text()) if path.exists() and most else {}
        if truth.get("outcome") in OUTCOMES:
            most -= 1
            yield folder, truth


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", default="kexec/kexec")
    parser.add_argument("--kernels", action="append", required=True)
    parser.add_argument("--break", action="store_true", dest="spoil")
    parser.add_argument("--most", type=int, default=-1, help="so many handovers")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("folders", nargs="+")
    args = parser.parse_args()
    n = failed = equal = total = 0
    for folder, truth in handovers(args.folders, args.most):
        for how, spoil in BREAKS.items() if args.spoil else ((None, None),):
            seen = Checked(args, folder, truth, spoil)
            good = seen.good != args.spoil
            n, failed = n + 1, failed + (not good)
            equal, total = equal + seen.equal, total + seen.total
            name = f"{folder.name}, {how}" if how else folder.name
            print(f"{'' if good else 'not '}ok {n} - {name}: {seen}", flush=True)
            seen.tell(None if args.verbose else 0 if good else 8)
    print(f"# {equal} of {total} allocations in place\n1..{n}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
