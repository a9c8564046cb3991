# SPDX-License-Identifier: GPL-2.0-only
"""Runs one case under QEMU and says, from what the console shows, how it went."""
import base64
import gzip
import json
import os
import re
import select
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import guest

# A kernel that still works burns CPU and says nothing only for a short while. CPU time, not
# wall time: it does not run out on a busy machine. A guest that halts burns none.
SILENT_CPU_SECONDS = 40
SILENT_WALL_SECONDS = 240
CASE_WALL_SECONDS = 1200
# A distribution's kernel is ten times as large, and does more before it says the next word.
DISTRIBUTION_PATIENCE = 4
CONSOLE_LIMIT_BYTES = 64 << 20

KERNEL_STARTS = "Linux version "
# kmem_cache_init(), right after memblock_free_all(): nothing comes from the areas alone any more.
PAGE_ALLOCATOR_UP = "SLUB: HWalign="
FOUND = "KHO: found kexec handover data"
REVIVED = re.compile(r"Revived memory reservation '(\w+)' from KHO")
POWERED_OFF = "reboot: Power down"
# Panics of TCG's making, which have nothing to do with memory: on a busy machine the guest misses its
# timer, and one of several CPUs runs into code that another is about to patch.
EMULATOR_FAULTS = ("IO-APIC + timer doesn't work", "Oops: int3: 0000")
PANIC = re.compile(r"Kernel panic - not syncing: .*")
LAST_WORDS = re.compile(
    r"memory map backing failed.*|Unable to handle kernel .*|BUG: .*|Oops: .*"
    r"|(?:\S+: )*Failed to allocate .*|cannot allocate .*|handover FDT .* incompatible .*")
PRINTK_TIME = re.compile(r"^\[ *\d+\.\d+\] ")


def spoilt(console):
    return any(fault in console for fault in EMULATOR_FAULTS)


def stalled(console, ended):
    """Silence of a kernel that has its page allocator: no want of scratch, so boot it again.

    On a busy machine TCG starves one CPU while the others wait for it. Where the silence is the
    kernel's own it comes back each time, and counts.
    """
    return ended == "silence" and PAGE_ALLOCATOR_UP in console.rpartition(KERNEL_STARTS)[2]


NVDIMM_BYTES = 128 << 20
# Where Debian's packages (ovmf, qemu-efi-aarch64) have it; both take it as -bios.
UEFI = {"x86_64": "/usr/share/ovmf/OVMF.fd", "arm64": "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd"}


def memory_words(case):
    """-m, and what else than RAM the nodes have."""
    total = sum(case.nodes)
    window = max(case.maxmem_bytes, total + case.nvdimms * NVDIMM_BYTES)
    more = f",slots={case.nvdimms or 4},maxmem={window >> 20}M" if window > total else ""
    words = ["-m", f"{total >> 20}M{more}"]
    for number in range(case.nvdimms):
        node = len(case.nodes) + number
        words += ["-numa", f"node,nodeid={node}",
                  "-object", f"memory-backend-ram,size={NVDIMM_BYTES},id=n{node},reserve=off",
                  "-device", f"nvdimm,memdev=n{node},id=d{node},node={node}"]
    return words


def firmware_words(case):
    if case.firmware == "bios":
        return []
    if not Path(UEFI[case.arch]).exists():
        raise guest.Missing(f"no {UEFI[case.arch]}: run scripts/setup vm")
    return ["-bios", UEFI[case.arch]]


def patience(case):
    """How much longer than a small kernel on one CPU this guest may be silent."""
    return case.cpus * (DISTRIBUTION_PATIENCE if case.distribution else 1)


def command(case, kernel, initrd):
    nvdimm = ",nvdimm=on" if case.nvdimms else ""
    possible = case.possible_cpus or case.cpus
    words = {
        "x86_64": ["qemu-system-x86_64", "-M", f"pc{nvdimm}", "-vga", "none", "-cpu", "max"],
        "arm64": ["qemu-system-aarch64", "-M", f"virt,gic-version=3{nvdimm}", "-cpu",
                  "max,pauth-impdef=on"],
    }[case.arch]
    words[-1] += f",{case.cpu_options}" if case.cpu_options else ""
    words += ["-accel", "tcg", "-nodefaults", "-no-reboot", "-display", "none",
                "-serial", "stdio", "-monitor", "none", "-nic", "none",
                *memory_words(case), *firmware_words(case),
                "-smp", f"{case.cpus},maxcpus={possible}", "-kernel", str(kernel), "-initrd", str(initrd),
                "-append", guest.first_command_line(case)]
    for node, size in enumerate(case.nodes):
        cpus = [cpu for cpu in range(possible) if cpu % len(case.nodes) == node]
        if size:
            words += ["-object", f"memory-backend-ram,size={size},id=m{node},reserve=off"]
        words += ["-numa", ",".join([f"node,nodeid={node}" + (f",memdev=m{node}" if size else "")]
                                    + [f"cpus={cpu}" for cpu in cpus])]
    return words


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


running = set()


def end_all():
    """For a driver that is told to end: no guest outlives it."""
    for console in list(running):
        console.close()


class Console:
    """The guest's serial line: its text, and why it ended."""

    def __init__(self, words):
        self.text = b""
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        start_new_session=True)
        running.add(self)

    def close(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process.stdout.close()
        running.discard(self)

    def _read(self):
        """True when there was something, False when nothing came, None at the end."""
        pipe = self.process.stdout.fileno()
        if not select.select([pipe], [], [], 1)[0]:
            return False
        data = os.read(pipe, 1 << 16)
        self.text += data
        return bool(data) or None

    def follow(self, patience):
        """Until QEMU ends (-no-reboot), the guest says it is done, dies or falls silent."""
        start = spoke = time.monotonic()
        spoke_cpu, looked = 0.0, 0
        while True:
            got = self._read()
            now = time.monotonic()
            if got is None:
                return "end"
            if now - start > CASE_WALL_SECONDS * patience or len(self.text) > CONSOLE_LIMIT_BYTES:
                return "limit"
            cpu = cpu_seconds(self.process.pid)
            if not got:
                if (cpu - spoke_cpu > SILENT_CPU_SECONDS * patience
                        or now - spoke > SILENT_WALL_SECONDS * patience):
                    return "silence"
                continue
            spoke, spoke_cpu = now, cpu
            tail = self.text[max(0, looked - 80):]
            looked = len(self.text)
            if b"end Kernel panic" in tail or re.search(rb"@kho done[^\n]*\n", tail):
                return "end"


def told(lines):
    """The guest's @kho lines, stage by stage: {"here": {...}, "load": {...}, "data": {...}}."""
    stages, block, name = [], None, None
    for line in lines:
        line = PRINTK_TIME.sub("", line)
        if not line.startswith("@kho "):
            if block is not None:
                block.append(line.strip())
            continue
        verb, _, rest = line[5:].strip().partition(" ")
        if verb == "here":
            stages.append({"data": {}})
        if not stages:
            continue
        if verb == "data":
            block, name = [], rest
        elif verb == "end" and name == rest:
            stages[-1]["data"][name] = "".join(block)
            block = name = None
        else:
            stages[-1][verb] = dict(word.split("=", 1) for word in rest.split() if "=" in word)
    return stages


def data_of(stage, name):
    return base64.b64decode(stage["data"].get(name, ""))


def unpacked(stage, name):
    data = data_of(stage, name)
    return gzip.decompress(data) if data else b""


def last_words(lines):
    """A few lines on the way, and the panic."""
    def found(pattern):
        return list(dict.fromkeys(match[0] for line in lines if (match := pattern.search(line))))

    return found(LAST_WORDS)[:3] + found(PANIC)[:1]


def outcome_of(stages, number, after, ended):
    """What became of the handover that stage @number started. @after: the console since."""
    stage = stages[number]
    if stage.get("load", {}).get("loaded") != "1":
        return "load-failed" if "load" in stage else "error"
    if "jump" not in stage or "done" in stage:
        return "error"
    if len(stages) > number + 1:
        # memblock=debug may have pushed the message out of the log that /init looks into.
        found = stages[number + 1]["here"]["handover"] == "yes" or any(FOUND in line
                                                                       for line in after)
        return "up" if found else "lost"
    if spoilt("\n".join(after)):
        return "error"
    if any(PANIC.search(line) for line in after):
        return "died"
    if any(POWERED_OFF in line for line in after):
        return "error"
    return {"silence": "hang", "end": "died"}.get(ended, "error")


def state_of(stages, number, after):
    """The blob that was given along, the one that was found, the regions had back; the file."""
    there = stages[number + 1]["here"] if len(stages) > number + 1 else {}
    return {"given": stages[number].get("given", {}).get("blob"), "found": there.get("blob"),
            "kept": stages[number].get("kept", {}).get("file"), "file": there.get("file"),
            "revived": sorted({match[1] for line in after if (match := REVIVED.search(line))})}


def handovers(text, ended):
    """One record a handover, from the console's whole text."""
    lines = text.replace("\r", "").split("\n")
    starts = [number for number, line in enumerate(lines) if line.startswith("@kho here ")]
    stages = told(lines)
    records = []
    for number, stage in enumerate(stages):
        if "load" not in stage and "data" in stage and number and number == len(stages) - 1:
            break   # the last kernel: it has nothing to load
        end = starts[number + 1] if number + 1 < len(starts) else len(lines)
        after = lines[starts[number]:end]
        jump = next((i for i, line in enumerate(after) if line.startswith("@kho jump")), None)
        after = after[jump + 1:] if jump is not None else []
        outcome = outcome_of(stages, number, after, ended)
        records.append({
            "release": stage["here"].get("release"),
            "outcome": outcome,
            "words": last_words(after) if outcome != "up" else [],
            "state": state_of(stages, number, after),
            "report": report_of(stage, "report"),
            "alone": report_of(stage, "alone"),
            "tries": {name: stage[name] for name in
                      ("report", "report-f", "strict", "check", "bare", "load")
                      if name in stage},
            "messages": {name: unpacked(stage, name).decode(errors="replace")
                         for name in stage["data"] if name.endswith(".err")},
            "machine": data_of(stage, "machine"),
            "snapshot": unpacked(stage, "snapshot").decode(errors="replace"),
            "after": after,
        })
    return records


def vmcoreinfo_of(text):
    """The VMCOREINFO text of the last kernel that told it, as its /proc/kcore has it."""
    for stage in reversed(told(text.replace("\r", "").split("\n"))):
        found = re.search(rb"OSRELEASE=[^\0]*", unpacked(stage, "kcore"))
        if found:
            return found[0].decode(errors="replace")
    return None


def report_of(stage, name):
    text = unpacked(stage, f"{name}.out")
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None


def run(case, kernel, first_initrd):
    """Boot @case. Returns (console text, why it ended, seconds)."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kho-vm-") as folder:
        initrd = Path(folder) / "initrd"
        initrd.write_bytes(first_initrd)
        first = Path(folder) / "kernel"
        data = kernel.read_bytes()
        # QEMU takes an arm64 Image as it is only unpacked.
        first.write_bytes(gzip.decompress(data) if kernel.name.startswith("Image.gz") else data)
        console = Console(command(case, first, initrd))
        try:
            ended = console.follow(patience(case))
        finally:
            console.close()
    return console.text.decode(errors="replace"), ended, time.monotonic() - start
