#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Makes tests/data/after/NAME of a recorded handover: console, truth and record, small.

Usage: make-fixture.py KEXEC IMAGES... -- RECORDED/NAME...

What the guest sent of its machine is left out of the console: it is no kernel's log. Without the
image (it was patched) there is no record.
"""
import gzip
import json
import sys
import tempfile
from pathlib import Path

import recorded

DATA = Path(__file__).resolve().parent.parent / "data" / "after"
KEPT = ("outcome", "panic", "successor_image", "successor_cmdline", "initrd_bytes")


def without_blocks(text):
    lines, block = [], False
    for line in text.split("\n"):
        block |= line.startswith("@kho data")
        if not block:
            lines.append(line)
        block &= not line.startswith("@kho end")
    return "\n".join(lines)


def main():
    kexec, *rest = sys.argv[1:]
    split = rest.index("--")
    for source in map(Path, rest[split + 1:]):
        truth = json.loads((source / "truth.json").read_text())
        text = gzip.decompress((source / "console.log.gz").read_bytes()).decode(errors="replace")
        to = DATA / source.name
        to.mkdir(parents=True, exist_ok=True)
        (to / "console.log.gz").write_bytes(
            gzip.compress(without_blocks(text).encode(), 9, mtime=0))
        (to / "truth.json").write_text(
            json.dumps({key: truth[key] for key in KEPT}, indent=1) + "\n")
        image = recorded.image_of(rest[:split], truth["successor_image"])
        if not image:
            continue
        with tempfile.TemporaryDirectory() as work:
            record, said = recorded.make_record(kexec, source, truth, image, Path(work))
            if not record:
                sys.exit(f"{source}: {said}")
            (to / "record.json.gz").write_bytes(gzip.compress(record.read_bytes(), 9, mtime=0))


if __name__ == "__main__":
    main()
