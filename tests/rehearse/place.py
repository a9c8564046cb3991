#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A successor that comes up where it is loaded, and dies at the worst place of KASLR.

  place.py [--tool PATH] --kernels DIR... [--release 7.2.13]

78 MiB of scratch and 22 MiB; 4 GiB of RAM want 64 MiB of memory map, and crashkernel= takes 64 MiB
in one piece where it finds them.  The load's room for the kernel is more than 22 MiB, so it lies in
the large area, in which 64 MiB are left in no piece: there is no crash kernel, and all is well.
KASLR needs less room and may move the kernel into the small area, whose start is the lowest place
there.  Then crashkernel= has the large one, and the memory map has no room.

Where it ran the decompressor's own words tell.  TAP on stdout.
"""
import argparse
import re
import sys
import tempfile
from pathlib import Path

from case import Bench, Case

LARGE, SMALL = (0x80000000, 0x84e00000, None), (0xa0000000, 0xa1600000, None)
RAM = ((0, 0x9fc00, 0), (0x100000, 0xc0000000, 0), (0x100000000, 0x140000000, 0))
APPEND = "crashkernel=64M"


def output(log):
    """Where the decompressor unpacked it."""
    match = re.search(r"^output: 0x([0-9a-f]+)", log, re.MULTILINE)
    return int(match[1], 16) if match else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", default="kexec/kexec")
    parser.add_argument("--kernels", action="append", required=True)
    parser.add_argument("--release", default="7.2.13")
    args = parser.parse_args()
    bench = Bench(args.tool, args.kernels)
    image = f"bzImage-{args.release}-kho"
    if not bench.has(image):
        print(f"1..0 # SKIP {image} is not here")
        return False
    n = failed = 0

    def check(name, seen, wanted):
        nonlocal n, failed
        n += 1
        failed += seen != wanted
        print(f"{'' if seen == wanted else 'not '}ok {n} - {name}", flush=True)
        if seen != wanted:
            print(f"# {seen!r} is not {wanted!r}")

    def rehearse(append):
        case = Case(kernel=image, ram=RAM, areas=(LARGE, SMALL), append=append, flags="")
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "log"
            report = bench.run(case, True, log)
            return report, log.read_text(errors="replace")

    report, log = rehearse(APPEND)
    seen = report["rehearsal"]
    check("with KASLR it dies", seen["outcome"], "dies")
    check("of its memory map", any("memory map backing failed" in w for w in seen["words"]), True)
    check("in the small area, by its own words", output(log), SMALL[0])
    check("which is the place that is reported", seen["kernel_start"], SMALL[0])
    check("as forced", seen["place_forced"], True)
    check("with the reason", re.sub(r"\d+", "N", seen["place_reason"]),
          "of N places the model has N in which it dies; in this one there is no room for the "
          "memory map")
    check("the guest alone has nokaslr", "nokaslr" in seen["cmdline"].split(), True)
    check("the load fails", report["verdict"], "fail")
    # The kernel's segment is 17 MiB, of the guest's 4 GiB.
    check("the memory that it took is reported", 12 << 20 < seen["touched_bytes"] < 256 << 20, True)

    report, log = rehearse(f"nokaslr {APPEND}")
    seen = report["rehearsal"]
    check("with nokaslr it comes up", seen["outcome"], "up")
    check("in the large area", LARGE[0] <= (output(log) or 0) < LARGE[1], True)
    check("which is the place that is reported", seen["kernel_start"], output(log))
    check("not as forced", (seen["place_forced"], seen["place_reason"]), (False, None))
    check("the load passes", report["verdict"] in ("ok", "warn"), True)
    print(f"1..{n}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
