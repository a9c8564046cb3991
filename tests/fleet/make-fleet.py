#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Snapshots of machines that do not exist, one a line: the same for the same seed.

Node counts, RAM, holes, scratch areas from far too small to ample, CPUs, command
lines, releases, handed-over trees; machines with gaps, and with --broken lines that
are no machine. doc/machine-schema.md describes a line."""
import argparse
import json
import random
import sys

MIB, GIB = 1 << 20, 1 << 30
SCRATCH = "sys/kernel/debug/kho/out/scratch_phys"
MEMORY = "sys/firmware/memmap"
SRAT = "sys/firmware/acpi/tables/SRAT"
NODE = "sys/devices/system/node"
GAPS = [
    ("kho-off", "/sys/kernel/debug/kho/out: no scratch areas, KHO is off on the running kernel"),
    ("debugfs-not-mounted", "/sys/kernel/debug: debugfs is not mounted"),
    ("not-permitted", "/sys/kernel/debug: the scratch areas are hidden from this user"),
]
BROKEN = [
    "", "{", "[]", "null", "what?", '{"kho_machine":1}', '{"kho_machine":2}',
    '{"kho_machine":1,"scratch":{"areas":"2000-1000"}}',
    '{"kho_machine":1,"scratch":{"areas":"1000-3000,2000-4000","source":"x"}}',
]


def up(value, to=2 * MIB):
    return -(-value // to) * to


def text(ranges):
    return ",".join(f"{start:x}-{end:x}" + ("" if node is None else f"@{node}")
                    for start, end, node in ranges)


def memory_of(rng, nodes, node_bytes):
    """2 or 3 GiB below 4 GiB on node 0, the rest above; now and then a hole."""
    low = rng.choice([2, 3]) * GIB
    ranges = [(0, 0x9fc00, 0), (MIB, low - rng.choice([0, 64 * 1024, MIB]), 0)]
    at = 4 * GIB
    for node in range(nodes):
        size = node_bytes - (low if node == 0 else 0)
        if rng.random() < 0.05 and size > 2 * GIB:
            cut = up(size // 3)
            ranges += [(at, at + cut, node), (at + cut + MIB, at + size, node)]
        else:
            ranges.append((at, at + size, node))
        at += size
    return low, ranges


def areas_of(rng, low, ranges, node_bytes, factor):
    """Lowmem, global, and one a node at its top; @factor of what its map takes."""
    tops = {}
    for start, end, node in ranges:
        if start >= 4 * GIB:
            tops[node] = (start, end)
    node_area = up(max(16 * MIB, int(node_bytes / 64 * factor)))
    low_area = up(rng.choice([16, 32, 64, 96, 160, 256]) * MIB)
    global_area = up(rng.choice([48, 64, 128, 256, 512]) * MIB)
    areas = [(low - 64 * MIB - low_area, low - 64 * MIB, None)]
    taken = dict.fromkeys(tops, 0)
    last = max(tops)

    def take(node, size):
        start, end = tops[node]
        end = (end - taken[node]) // (2 * MIB) * 2 * MIB
        size = min(size, (end - start) // 4 // (2 * MIB) * 2 * MIB)
        taken[node] = tops[node][1] - (end - size)
        return (end - size, end, None)

    areas.append(take(last, global_area))
    areas += [take(node, node_area) for node in sorted(tops)]
    return areas


def preserved_of(rng, ranges):
    """Guests' memory, in stretches that begin at the bottom of a node: no area is there."""
    if rng.random() < 0.1:
        return {"trouble": "/proc/kcore: Operation not permitted"}
    stretches = []
    for start, end, _ in ranges:
        at = start + GIB
        for _ in range(rng.randint(0, 6)):
            size = rng.choice([4096, 2 * MIB, 64 * MIB, GIB])
            if start < 4 * GIB or at + size > start + (end - start) // 2:
                break
            stretches.append((at, at + size, None))
            at += size + rng.choice([4096, 2 * MIB, GIB])
    return {"ranges": text(stretches), "source": "proc/kcore"}


def handover_of(rng, release, ranges):
    if release.startswith("6.18"):
        root, finalized = "kho-v1", rng.choice(["yes", "no"])
    else:
        root, finalized = "kho-v4", "not wanted"
    producers = [{"name": "memblock", "read": True, "fdt": True, "bytes": 312,
                  "compatible": [["/", "memblock-v1"]]},
                 {"name": "LUO", "read": True, "fdt": True, "bytes": 841,
                  "compatible": [["/", "luo-v5"], ["/luo-session", "luo-session-v5"]]}]
    out = {"state": "read", "source": "sys/kernel/debug/kho/out/fdt", "root": ["/", root],
           "producers": producers[:rng.randint(0, 2)]}
    if not out["producers"]:
        del out["producers"]
    return {"out": out, "finalized": finalized, "hops": rng.choice([0, 0, 0, 1, 4]),
            "preserved": preserved_of(rng, ranges)}


def machine(rng, number, args):
    nodes = args.nodes or rng.choice([1, 1, 2, 2, 2, 4, 4, 8])
    ram = args.ram << 30 if args.ram else rng.choice([16, 32, 64, 64, 128, 256, 512, 1024, 2048,
                                                      4096]) * GIB
    node_bytes = max(ram // nodes, 8 * GIB)
    low, ranges = memory_of(rng, nodes, node_bytes)
    factor = args.factor or rng.choice([0.4, 0.8, 0.95, 1.0, 1.05, 1.2, 1.5, 2.0, 2.0, 3.0])
    cpus = nodes * rng.choice([4, 16, 32, 64])
    release = rng.choice(["6.18.15", "7.1.13", "7.2.13", "7.2.13", "7.3.4"])
    per_node = cpus // nodes
    one = {
        "kho_machine": 1, "host": f"host-{number:06}", "release": release, "arch": "x86_64",
        "cmdline": f"root=/dev/sda{rng.randint(1, 9)} ro kho=on quiet",
        "cpus": text([(n * per_node, (n + 1) * per_node, n) for n in range(nodes)]),
        "cpu_flags": ["pdpe1gb"] if rng.random() < 0.5 else ["la57", "pdpe1gb"],
    }
    if args.gaps and rng.random() < args.gaps:
        finding, message = rng.choice(GAPS)
        one["gaps"] = [{"id": finding, "message": message}]
    else:
        one["scratch"] = {"areas": text(areas_of(rng, low, ranges, node_bytes, factor)),
                          "source": SCRATCH}
    one["memory"] = {"known": True, "ranges": text(ranges), "source": MEMORY,
                     "node_source": SRAT if nodes > 1 else NODE,
                     "firmware_ranges": rng.randint(6, 24)}
    one["handover"] = handover_of(rng, release, ranges)
    return one


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--nodes", type=int, help="of every machine")
    parser.add_argument("--ram", type=int, help="GiB of every machine")
    parser.add_argument("--factor", type=float, help="a node's area, by the size of its map")
    parser.add_argument("--gaps", type=float, default=0.02, help="part of machines with a gap")
    parser.add_argument("--broken", type=float, default=0, help="part of lines that are none")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    for number in range(args.count):
        if args.broken and rng.random() < args.broken:
            print(rng.choice(BROKEN))
        else:
            print(json.dumps(machine(rng, number, args), separators=(",", ":")))


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        sys.stderr.close()
