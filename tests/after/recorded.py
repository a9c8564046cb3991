#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""--kho-verify and --kho-postmortem on recorded handovers, beside what Python reads of their logs.

Usage: recorded.py KEXEC IMAGES... -- RECORDED...

IMAGES: folders with the kernels; RECORDED: folders with a console.log.gz, a truth.json and a
snapshot.json (or a sysroot.tgz) in each of their folders. A record is made of the snapshot and
the image (tests/data/after has them made); the successor's part of the console is the log of the kernel that verifies.
tests/vm/shortfall.py reads the same log by rules of its own. One line a handover that differs.
"""
import gzip
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "vm"))

import qemu         # noqa: E402
import shortfall    # noqa: E402

KEYS = {
    "swiotlb wanted": "swiotlb_wanted_bytes", "swiotlb": "swiotlb_bytes",
    "crashkernel wanted": "crashkernel_wanted_bytes", "crashkernel": "crashkernel_bytes",
    "crashkernel low": "crashkernel_low_bytes", "crashkernel cma lost": "crashkernel_cma_lost_bytes",
    "gigantic wanted": "hugepages_wanted", "gigantic": "hugepages", "log buffer": "log_buf_bytes",
    "map off node": "map_off_node_bytes",
}


def parts(folder):
    """(the successor's lines, up to what its /init says; what /init says: {} where it never ran)"""
    text = gzip.decompress((folder / "console.log.gz").read_bytes()).decode(errors="replace")
    lines = text.replace("\r", "").split("\n")
    jumps = [i for i, line in enumerate(lines) if "@kho jump" in line]
    begins = [i for i, line in enumerate(lines) if "Linux version " in line]
    start = jumps[0] if jumps else begins[1] if len(begins) > 1 else None
    if start is None:
        return [], {}
    after = lines[start + 1:]
    end = next((i for i, line in enumerate(after) if line.startswith("@kho here ")), len(after))
    here = dict(word.split("=", 1) for word in after[end].split()[2:]) if end < len(after) else {}
    return after[:end], here


def image_of(images, name):
    return next((path for folder in images if (path := Path(folder) / name).exists()), None)


def machine_of(folder, work):
    if (folder / "snapshot.json").exists():
        return folder / "snapshot.json"
    with tarfile.open(folder / "sysroot.tgz") as tar:
        tar.extractall(work / "machine", filter="data") if sys.version_info >= (3, 12) else \
            tar.extractall(work / "machine")
    return work / "machine"


def make_record(kexec, folder, truth, image, work):
    """The path of a record, or None with what was said."""
    if (folder / "record.json.gz").exists():
        (work / "record.json").write_bytes(gzip.decompress((folder / "record.json.gz").read_bytes()))
        return work / "record.json", ""
    initrd = work / "initrd"
    with initrd.open("wb") as file:
        file.truncate(truth["initrd_bytes"])
    done = subprocess.run(
        [kexec, "--kho-report", f"--kho-image={image}", f"--kho-initrd={initrd}",
         f"--kho-append={truth['successor_cmdline']}", f"--kho-machine={machine_of(folder, work)}",
         f"--kho-record={work / 'records'}"], capture_output=True, text=True)
    found = sorted((work / "records").glob("*.json")) if (work / "records").exists() else []
    return found[0] if found else None, done.stderr


def make_tree(work, lines, here, truth):
    tree = work / "tree"
    for name in ("proc/sys/kernel", "dev", "sys"):
        (tree / name).mkdir(parents=True)
    (tree / "dev/kmsg").write_text("\n".join(lines) + "\n")
    (tree / "proc/cmdline").write_text(truth["successor_cmdline"] + "\n")
    (tree / "proc/sys/kernel/osrelease").write_text(here.get("release", "") + "\n")
    return tree


def verify(kexec, record, tree):
    done = subprocess.run([kexec, "--kho-report=json", f"--kho-verify={record}",
                           f"--kho-machine={tree}"], capture_output=True, text=True)
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise SystemExit(f"{record}: {done.stderr}") from None


def check_verify(kexec, folder, truth, image, lines, here):
    """Lines of what differs."""
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        record, said = make_record(kexec, folder, truth, image, work)
        if not record:
            return [f"no record: {said.strip()}"]
        got = verify(kexec, record, make_tree(work, lines, here, truth))
    wrong = []
    up = any(qemu.FOUND in line for line in lines)
    if (got["became"] == "up") != up or (got["became"] == "lost") == up:
        wrong.append(f"became {got['became']}, the log: {'up' if up else 'lost'}")
    if not up:
        return wrong
    seen = {KEYS[key]: value for key, value in shortfall.seen(lines).items()}
    for key, thing in got["things"].items():
        if key == "memory_bytes":
            if not thing["right"]:
                wrong.append(f"{key}: {thing}")
        elif (thing["seen"] or 0) != seen.get(key, 0):
            wrong.append(f"{key}: {thing['seen']}, Python: {seen.get(key)}")
    # Where the boot was not followed there is nothing to compare.
    for key, value in seen.items() if got["things"] else ():
        if key not in got["things"] and value and key != "map_off_node_bytes":
            wrong.append(f"{key}: not read, Python: {value}")
    wrong += [f"{finding['id']}: {finding['message']}" for finding in got["findings"]
              if finding["id"] not in ("after-as-predicted", "after-left-open", "after-better")]
    return wrong


def dead(truth):
    return truth["outcome"] in ("dead", "died", "hang")


# memblock's callers, and x86's page tables (arch/x86/mm/init_64.c, spp_getpage()).
REQUESTS = (": Failed to allocate 0x", "set_pte_phys: cannot allocate page data")


def check_postmortem(kexec, folder, truth):
    """Lines of what differs from what QEMU's driver saw of the same console."""
    done = subprocess.run([kexec, "--kho-report=json",
                           f"--kho-postmortem={folder / 'console.log.gz'}"],
                          capture_output=True, text=True)
    try:
        got = json.loads(done.stdout)
    except ValueError:
        return [f"post-mortem: {done.stderr}"]
    if not dead(truth):
        return [] if got["cause"] == "none" else [f"post-mortem: {got['cause']}, but it lived"]
    text = gzip.decompress((folder / "console.log.gz").read_bytes()).decode(errors="replace")
    words = " | ".join(qemu.last_words(text.replace("\r", "").split("\n")))
    wrong = []
    if got["cause"] == "none":
        wrong.append("post-mortem: no death")
    if truth.get("panic") and truth["panic"].split("syncing: ")[-1] not in (got["death_line"] or ""):
        wrong.append(f"post-mortem: {got['death_line']}, the driver: {truth['panic']}")
    if ("memory map backing failed" in words or "memmap for section" in words) != \
            (got["cause"] == "memory_map"):
        wrong.append(f"post-mortem: {got['cause']}, the driver: {words}")
    if any(text in words for text in REQUESTS) and got["cause"] != "allocation":
        wrong.append(f"post-mortem: {got['cause']}, the driver: {words}")
    if got["boot"] != got["boots"]:
        wrong.append(f"post-mortem: boot {got['boot']} of {got['boots']}, not the last")
    deaths[got["cause"]] = deaths.get(got["cause"], 0) + 1
    if got["cause"] in ("other", "gone", "destroyed", "silent"):
        print(f"# {folder.name}: {got['cause']}: {got['cause_line']} | {got['function']} | {got['stage']}")
    return wrong


deaths = {}


def main():
    kexec, *rest = sys.argv[1:]
    split = rest.index("--")
    images, tops = rest[:split], rest[split + 1:]
    total = bad = examined = 0
    for folder in sorted(path.parent for top in tops
                         for path in Path(top).glob("*/console.log.gz")):
        truth = json.loads((folder / "truth.json").read_text())
        wrong = check_postmortem(kexec, folder, truth)
        examined += 1
        for line in wrong:
            print(f"{folder.name}: {line}")
        bad += bool(wrong)
        lines, here = parts(folder)
        image = image_of(images, truth["successor_image"])
        recorded = (folder / "record.json.gz").exists()
        if not here or "successor_cmdline" not in truth or not (image or recorded):
            continue
        total += 1
        wrong = check_verify(kexec, folder, truth, image, lines, here)
        bad += bool(wrong)
        for line in wrong:
            print(f"{folder.name}: {line}")
    print(f"{examined} consoles, deaths: {deaths or 'none'}; {total} handovers that were survived "
          f"and verified; {bad} differences")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
