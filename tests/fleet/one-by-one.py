#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The slow way: each machine of a fleet in a run of its own, its JSON report against the
record that --kho-fleet made of it, and the counts of all of them."""
import argparse
import collections
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

ADVICE = ("setting", "percent", "low_bytes", "global_bytes", "node_bytes", "total_bytes", "nokaslr")


# doc/kexec-kho.8: what areas of another size can settle.
ABOUT_AREAS = ("memory-map-short", "early-memory-short", "load-no-hole", "preserved-unknown", "preserved-room-thin",
               "margin-thin", "margin-short", "memory-map-off-node", "swiotlb-short", "crashkernel-short",
               "hugepages-short", "log-buf-short", "preserved-lost")
# The search of a report goes further: for less where nothing is short, and for the bare minimum.
OF_ONE_REPORT = ("scratch-surplus", "advice-cut-short")


def run(args, number, text):
    """(record as it should be, without its advice), (the whole advice, does it lack something?)."""
    with tempfile.NamedTemporaryFile("w", dir=args.scratch) as file:
        file.write(text.rstrip("\n"))
        file.flush()
        given = ["--kho-initrd=none"]
        given += [] if args.append is None else [f"--kho-append={args.append}"]
        done = subprocess.run([args.kexec, "--kho-report=json", f"--kho-image={args.image}",
                               f"--kho-machine={file.name}", *given],
                              capture_output=True, text=True, check=False)
        if done.returncode == 1:
            said = done.stderr.strip().removeprefix(f"kexec: {file.name}: ")
            return {"schema": 1, "line": number, "host": None, "verdict": None, "error": said}, (None, False)
    report = json.loads(done.stdout)
    model = report["model"]
    up = model is not None and model["outcome"] == "up"
    # A request that was met in part, or a map off its node, is a warning and gets advice too.
    lacks = any(f["severity"] != "note" and f["id"] in ABOUT_AREAS for f in report["findings"])
    return {"schema": 1, "line": number, "host": json.loads(text).get("host"), "verdict": report["verdict"],
            "findings": [{key: f[key] for key in ("id", "severity", "accepted")}
                         for f in report["findings"] if f["id"] not in OF_ONE_REPORT], "ignored": [],
            "outcome": model and model["outcome"],
            "headroom_bytes": model["headroom_bytes"] if up else None}, (model and model["advice"],
                                                                         lacks)


def differences(record, wanted, advice):
    record = dict(record)
    given = record.pop("advice", None)
    advice, lacks = advice
    if record != wanted:
        yield f"record {record}, one by one {wanted}"
    short = wanted["verdict"] is not None and wanted["outcome"] is not None and lacks
    should = {key: advice[key] for key in ADVICE} if short and advice else None
    if given != should:
        yield f"line {wanted['line']}: advice {given}, one by one {should}"


def summary(records):
    """As the closing summary counts them."""
    count = collections.Counter(r["verdict"] or "errors" for r in records)
    least = min((r for r in records if r.get("headroom_bytes") is not None),
                key=lambda r: (r["headroom_bytes"], r["line"]), default=None)
    return {"ok": count["ok"], "warn": count["warn"], "fail": count["fail"],
            "unknown": count["unknown"], "errors": count["errors"],
            "least": least and (least["headroom_bytes"] >> 10, least["host"], least["line"])}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kexec")
    parser.add_argument("image")
    parser.add_argument("fleet", type=argparse.FileType())
    parser.add_argument("records", type=argparse.FileType())
    parser.add_argument("--append", help="the successor's command line")
    parser.add_argument("--every", type=int, default=1, help="only each so many-th line")
    args = parser.parse_args()
    args.scratch = tempfile.mkdtemp()
    lines = [(n, text) for n, text in enumerate(args.fleet, 1) if text.strip()]
    records = [json.loads(text) for text in args.records]
    if [r["line"] for r in records] != [n for n, _ in lines]:
        sys.exit("one-by-one: the records are not of these lines, or not in their order")
    chosen = range(0, len(lines), args.every)
    bad = 0
    slow = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda i: run(args, *lines[i]), chosen)
        for i, (wanted, advice) in zip(chosen, results):
            slow.append(wanted)
            for text in differences(records[i], wanted, advice):
                bad += 1
                print(text)
    os.rmdir(args.scratch)
    quick = [records[i] for i in chosen]
    if summary(quick) != summary(slow):
        bad += 1
        print(f"summary {summary(quick)}, one by one {summary(slow)}")
    print(f"{len(slow)} of {len(records)} machines, {bad} differences: {summary(slow)}")
    sys.exit(bad != 0)


if __name__ == "__main__":
    main()
