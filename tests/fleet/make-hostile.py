#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Usage: make-hostile.py pieces | formats

A machine in one line (doc/machine-schema.md) that is small and asks for hours of work.

  pieces   RAM in 4,000 pieces of two nodes in turn, and areas in which KASLR has thousands
           of places: each boot walks through all pieces for each piece of the memory map
  formats  3,800 producers with a format each, none of which any kernel has
"""
import json
import sys


def line(memory, areas, **out):
    return json.dumps({
        "kho_machine": 1, "release": "7.2.13", "arch": "x86_64", "page_bytes": 4096,
        "cmdline": "kho=on", "cpus": "0-8@0", "scratch": {"areas": ",".join(areas), "source": "x"},
        "memory": {"known": True, "ranges": ",".join(memory), "source": "x", "node_source": "x"},
        "handover": {"out": {"state": "read", "source": "x", "root": ["/", "kho-v4"], **out},
                     "finalized": "not wanted"}}, separators=(",", ":"))


def span(start, size, node=""):
    return f"{start:x}-{start + size:x}{node}"


def pieces():
    memory = ["0-a0000@0", "100000-250000000@0"]
    memory += [span(0x250100000 + (i << 27), (1 << 27) - (1 << 20), f"@{i % 2}")
               for i in range(4000)]
    return line(memory, [span(0x10000000 + i * 0x39200000, 0x39000000) for i in range(10)])


def formats():
    producers = [{"name": f"p{i}", "read": True, "compatible": [["/", f"f{i}x-v1"]]}
                 for i in range(3800)]
    return line(["0-40000000@0"], ["10000000-18000000"], producers=producers)


if len(sys.argv) != 2 or sys.argv[1] not in ("pieces", "formats"):
    sys.exit(__doc__.strip())
print({"pieces": pieces, "formats": formats}[sys.argv[1]]())
