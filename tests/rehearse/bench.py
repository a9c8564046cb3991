#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What a rehearsal costs: beside the model, and beside a real handover, in one run.

  bench.py --tool PATH --kernels DIR [--release 7.2] [--runs N]

CPU time of all that is run, the least of N runs, and ratios: the machine may be busy, and what
it is does not matter.  The handover is that of live.py without its rehearsal: a guest with two
nodes of 2 GiB that boots, loads the same kernel with kexec_file_load and starts it.  The model
and the rehearsal get the same machine, areas and command line.
"""
import argparse
import resource
import sys
from pathlib import Path

# Before live, which has another module of this name in its way.
from case import Bench, Case

import live

INIT = live.INIT.replace("kexec --kho-strict --kho-rehearse=1200 --kho-rehearse-log=/tmp/log",
                         "/sbin/stock-kexec").replace("cat /tmp/log\n", "")
GIB = 1 << 30


def spent():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def least(runs, work):
    times = []
    for _ in range(runs):
        before = spent()
        work()
        times.append(spent() - before)
    return min(times)


def machine(image):
    """As QEMU gives it to the guest of live.py, with areas of the sizes that it reserves."""
    ram = (0, 0x9fc00, 0), (0x100000, 2 * GIB, 0), (2 * GIB, 0xbffe0000, 1), \
        (4 * GIB, 5 * GIB, 1)
    areas = (0xbee00000, 0xbfe00000, None), (0x13a000000, 0x140000000, None), \
        (0x77000000, 0x7a000000, None), (0xb0000000, 0xb3000000, None)
    return Case(kernel=image.name, ram=ram, areas=areas, append=live.APPEND, cpus="0-1@0",
                preserved="none", map="none")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", default="kexec/kexec")
    parser.add_argument("--kernels", required=True)
    parser.add_argument("--release", default="7.2")
    parser.add_argument("--scratch", default="16M,96M,48M")
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    args.linked = False
    image = live.guest.kernel_image([Path(args.kernels)], "x86_64", args.release)
    bench, case = Bench(args.tool, [image.parent]), machine(image)
    initrd = live.make_initrd(args, image, INIT)

    def rehearsed():
        outcome = bench.run(case, True)["rehearsal"]["outcome"]
        if outcome != "up":
            sys.exit(f"the rehearsal says {outcome}")

    def handed_over():
        lines = live.run(args, image, initrd)
        if not any("@live handed over" in line for line in lines):
            sys.exit("\n".join(["the guest did not hand over:", *lines[-30:]]))

    times = {"model": least(args.runs, lambda: bench.run(case, False)),
             "rehearsal": least(args.runs, rehearsed),
             "handover": least(1, handed_over)}
    for name, seconds in times.items():
        print(f"{name:<10} {seconds:7.2f} s  {seconds / times['model']:7.1f}")
    print(f"a handover costs {times['handover'] / times['rehearsal']:.0f} rehearsals")


if __name__ == "__main__":
    main()
