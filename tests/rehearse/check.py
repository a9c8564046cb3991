#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The model against rehearsals, on machines that nobody booted.

  check.py [--tool PATH] [--kernels DIR]... [--cases FILE]... [--seed N --count N] [--jobs N]
           [--log FILE] [--differences PREFIX] [--shrink] [--until HH:MM]
           [--keep DIR [--again]]

Random cases are numbered: --seed 1200 --count 1 runs the one of that number again.  A case of a
file is run as it stands there, and skipped where its kernel is not to be had; those of a file
open.txt are known to differ, and a failure of theirs is a TODO.  What was rehearsed is kept in
--keep (keep.py), and not rehearsed a second time: --again compares all of it with the model as it
is now.  TAP on stdout; exit status 1
where an outcome differs.
"""
import argparse
import gzip
import itertools
import os
import signal
import sys
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from case import Bench, Case, try_case
from generate import near_edge, random_case
from keep import Kept
from shrink import shrink

# As the load places them: what the header says, of the boot protocol (init_size) or of an Image of
# arm64 (image_size).
INIT_SIZE_AT = 0x260
IMAGE_SIZE_AT = 16


def image_bytes(path):
    with open(path, "rb") as f:
        opened = gzip.open(f) if "Image.gz-" in path else f
        head = opened.read(0x300)
    if head[0x202:0x206] == b"HdrS":
        return int.from_bytes(head[INIT_SIZE_AT:INIT_SIZE_AT + 4], "little")
    return int.from_bytes(head[IMAGE_SIZE_AT:IMAGE_SIZE_AT + 8], "little")


def find_kernels(folders):
    return sorted(p.name for folder in folders for p in Path(folder).iterdir()
                  if p.name.startswith(("bzImage-", "Image.gz-")))


def from_files(paths):
    for path in map(Path, paths):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if line.strip() and not line.startswith("#"):
                yield f"{path.name}:{number}", Case.parse(line)


def map_pieces(model):
    return sum(a["pieces"] for a in model["allocations"] if a["user"] == "memory_map")


def at_random(args, bench):
    """Without those that cannot be loaded, and with few of those that take long."""
    kernels = args.kernel or find_kernels(args.kernels)
    sizes = {k: image_bytes(bench.kernel(k)) for k in kernels}
    for seed in range(args.seed, args.seed + args.count):
        r, case = random_case(seed, kernels, sizes)
        case = near_edge(bench, r, case) if r.random() < 0.75 else case
        model = bench.run(case, False)["model"]
        if model and model["outcome"] != "load_fails" and \
                map_pieces(model) <= r.choice((args.pieces, args.pieces, 16 * args.pieces)):
            yield str(seed), case


def in_order(jobs, work, items):
    """work(item) of each, @jobs at a time, in the order of the items; no more are begun early."""
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        begun = deque()
        for item in items:
            begun.append(pool.submit(work, item))
            if len(begun) > jobs:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()


class Tally:
    def __init__(self):
        self.n = {}
        self.maps = [0, 0]
        self.others = [0, 0]

    def add(self, result):
        kind = str(result).split()[0]
        self.n[kind] = self.n.get(kind, 0) + 1
        if result.rehearsal == "up" and not result.counts["silent"]:
            c = result.counts
            self.maps[0] += c["map_equal"]
            self.maps[1] += max(c["map_seen"], c["map_model"])
            self.others[0] += c["others_equal"]
            self.others[1] += c["others_seen"]

    def __str__(self):
        kinds = ", ".join(f"{n} {kind}" for kind, n in sorted(self.n.items()))
        return (f"{kinds}; memory map {self.maps[0]} of {self.maps[1]} in place, others "
                f"{self.others[0]} of {self.others[1]}")


def note(path, text):
    if path:
        with open(path, "a") as f:
            f.write(text + "\n")


def tell(args, number, result):
    reasons = [f"#   {line}" for line in result.reasons()]
    note(args.log, f"{number} {result} | {result.case}")
    if result.outcome_differs or result.addresses_differ:
        kind = "outcome" if result.outcome_differs else "address"
        note(args.differences and f"{args.differences}-{kind}.txt",
             "\n".join([f"# {number} {result}", *reasons, str(result.case)]))
        print("\n".join(reasons))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", default="kexec/kexec")
    parser.add_argument("--kernels", action="append", default=[])
    parser.add_argument("--kernel", action="append", help="only this one")
    parser.add_argument("--cases", action="append", default=[])
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument("--pieces", type=int, default=1500, help="of a memory map, in most cases")
    parser.add_argument("--log")
    parser.add_argument("--differences")
    parser.add_argument("--shrink", action="store_true")
    parser.add_argument("--until")
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--keep", metavar="DIR")
    parser.add_argument("--again", action="store_true")
    args = parser.parse_args()
    if args.again and not args.keep:
        parser.error("--again needs the folder of --keep")
    bench = Bench(args.tool, args.kernels, args.seconds)
    kept = Kept(args.keep, bench) if args.keep else None

    def work(item):
        number, case = item
        if args.until and time.strftime("%H:%M") >= args.until:
            return number, None
        if not bench.has(case.kernel):
            return number, case
        return number, try_case(bench, case, kept=kept, number=number)

    cases = itertools.chain(from_files(args.cases), kept.cases() if args.again else (),
                            at_random(args, bench) if args.count else ())
    tally, n, failed = Tally(), 0, 0
    for number, result in in_order(args.jobs, work, cases):
        if not result:
            break
        n += 1
        if isinstance(result, Case):
            print(f"ok {n} - {number} # SKIP {result.kernel} is not here", flush=True)
            continue
        todo = " # TODO" if number.startswith("open.txt:") else ""
        failed += result.outcome_differs and not todo
        tally.add(result)
        print(f"{'not ' if result.outcome_differs else ''}ok {n} - {number}: {result}{todo}",
              flush=True)
        tell(args, number, result)
        if args.shrink and result.outcome_differs:
            small = shrink(bench, result)
            print(f"#   smallest: {small.case}", flush=True)
            note(args.differences and f"{args.differences}-outcome.txt",
                 f"# smallest of {number}: {small}\n{small.case}")
    print(f"# {tally}\n1..{n}")
    return failed > 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(2))
    os.environ.setdefault("LC_ALL", "C")
    sys.exit(main())
