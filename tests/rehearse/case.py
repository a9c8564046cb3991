# SPDX-License-Identifier: GPL-2.0-only
"""A case of the rehearsal: a made-up machine and what is loaded on it, as one line of text.

    kernel=bzImage-7.2.13-kho cpus=0-2@0 flags=la57,pdpe1gb firmware_ranges=8 initrd=1048576
    preserved=4000000-4001000 map=4001000-4011000 ram=0-9fc00@0,100000-80000000@0
    areas=7000000-8000000 append=nokaslr

(in one line).  Ranges are hexadecimal and half-open, behind "@" stands the node; so are the CPUs.
preserved= is none, unknown, or ranges; map= the pages that tell of it, none or a range.  append= is
the last, and goes to the end of the line.
"""
import json
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from without_kvm import WITHOUT_KVM

KEYS = ("kernel", "cpus", "flags", "firmware_ranges", "initrd", "preserved", "map", "ram",
        "areas", "append")
# Which format a kernel reads and writes (KHO_FDT_COMPATIBLE of its release).
FORMATS = (("6.16", "kho-v1"), ("6.17", "kho-v1"), ("6.18", "kho-v1"), ("7.1", "kho-v3"),
           ("7.2", "kho-v4"), ("7.3", "kho-v4"))


def ranges(text):
    """[(start, end, node)]; the node is None where none is given."""
    result = []
    for part in text.split(",") if text else []:
        span, _, node = part.partition("@")
        start, end = (int(n, 16) for n in span.split("-"))
        result.append((start, end, int(node) if node else None))
    return result


def text_of(spans):
    return ",".join(f"{s:x}-{e:x}" + ("" if n is None else f"@{n}") for s, e, n in spans)


def page_bytes(kernel):
    """By its name, which ends in 16k or 64k."""
    size = re.search(r"(16|64)k$", kernel)
    return int(size[1]) << 10 if size else 4096


@dataclass(frozen=True)
class Case:
    kernel: str
    ram: tuple
    areas: tuple
    append: str = "nokaslr"
    cpus: str = "0-1@0"
    flags: str = "la57,pdpe1gb"
    firmware_ranges: int = 8
    initrd: int = 0
    preserved: str = "none"
    map: str = "none"

    def __str__(self):
        values = {key: getattr(self, key) for key in KEYS}
        values["ram"], values["areas"] = text_of(self.ram), text_of(self.areas)
        return " ".join(f"{key}={values[key]}" for key in KEYS)

    @staticmethod
    def parse(line):
        values, rest = {}, line.strip()
        for key in KEYS[:-1]:
            match = re.match(rf"{key}=(\S*) +", rest)
            if not match:
                raise ValueError(f"no {key}= where it should stand: {rest[:60]}")
            values[key], rest = match[1], rest[match.end():]
        if not rest.startswith("append="):
            raise ValueError(f"no append= at the end: {rest[:60]}")
        return Case(append=rest.removeprefix("append="), kernel=values["kernel"],
                    ram=tuple(ranges(values["ram"])), areas=tuple(ranges(values["areas"])),
                    cpus=values["cpus"], flags=values["flags"],
                    firmware_ranges=int(values["firmware_ranges"]),
                    initrd=int(values["initrd"]), preserved=values["preserved"],
                    map=values["map"])

    @property
    def arm64(self):
        return "arm64" in self.kernel

    @property
    def page_bytes(self):
        """Of both kernels: a CPU has not always other sizes."""
        return page_bytes(self.kernel)

    @property
    def at_random(self):
        """The kernel and the CPUs' entry areas: each kernel of the bench has KASLR; arm64 stays."""
        return not self.arm64 and "nokaslr" not in self.append.split()

    def kho_format(self):
        release = re.search(r"-(\d+\.\d+)", self.kernel)[1]
        return dict(FORMATS)[release]

    def snapshot(self):
        """The machine as --kho-machine takes it (doc/machine-schema.md)."""
        if self.preserved == "unknown":
            preserved = {"trouble": "made up"}
        else:
            preserved = {"ranges": "" if self.preserved == "none" else self.preserved,
                         "map": "" if self.map == "none" else self.map,
                         "source": "made up"}
        nodes = {n for _, _, n in self.ram} | {n for _, _, n in ranges(self.cpus)}
        machine = {
            "kho_machine": 1, "possible_nodes": len(nodes), "release": self.kernel.split("-")[1],
            "arch": "aarch64" if self.arm64 else "x86_64", "page_bytes": self.page_bytes,
            "cmdline": "kho=on", "cpus": self.cpus,
            "scratch": {"areas": text_of(self.areas), "source": "made up"},
            "memory": {"known": True, "ranges": text_of(self.ram), "source": "made up",
                       "node_source": "made up", "firmware_ranges": self.firmware_ranges},
            "handover": {"out": {"state": "read", "source": "made up",
                                 "root": ["/", self.kho_format()], "producers": []},
                         "finalized": "not wanted", "preserved": preserved},
        }
        # Of a line for both: what x86-64 has by LA57, arm64 has by LPA2.
        machine["cpu_flags"] = ([flag for flag in self.flags.split(",") if flag] if not self.arm64
                                else ["lpa2"] if "la57" in self.flags else [])
        return machine


@dataclass
class Bench:
    """Where the tool and the kernels are."""
    tool: str
    folders: list
    seconds: int = 120
    calls: int = field(default=0)

    def kernel(self, name):
        for folder in self.folders:
            path = Path(folder) / name
            if path.exists():
                return str(path)
        raise FileNotFoundError(f"{name} is in none of {', '.join(map(str, self.folders))}")

    def has(self, name):
        return any((Path(folder) / name).exists() for folder in self.folders)

    def run(self, case, rehearse, log=None):
        """The tool's report, as from JSON."""
        self.calls += 1
        with tempfile.TemporaryDirectory(prefix="rehearse-") as folder:
            machine = Path(folder) / "machine"
            machine.write_text(json.dumps(case.snapshot()) + "\n")
            words = [*WITHOUT_KVM, self.tool, "--kho-report=json", f"--kho-machine={machine}",
                     f"--kho-image={self.kernel(case.kernel)}", f"--kho-append={case.append}"]
            if case.initrd:
                initrd = Path(folder) / "initrd"
                initrd.touch()
                os.truncate(initrd, case.initrd)
                words.append(f"--kho-initrd={initrd}")
            else:
                words.append("--kho-initrd=none")
            if rehearse:
                words.append(f"--kho-rehearse={self.seconds}")
                if log:
                    words.append(f"--kho-rehearse-log={log}")
            done = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode not in (0, 2, 3, 4):
            raise RuntimeError(f"exit status {done.returncode}: {done.stderr.strip()}\n  {case}")
        return json.loads(done.stdout)

    def model(self, case):
        """(outcome, headroom in bytes) of the model."""
        model = self.run(case, False)["model"]
        if not model:
            return "none", 0
        return model["outcome"], model["headroom_bytes"]


@dataclass
class Result:
    """What the model and the rehearsal say of one case."""
    case: Case
    model: str
    rehearsal: str
    report: dict

    @property
    def counts(self):
        return self.report["rehearsal"]

    @property
    def lacks_kaslr_tables(self):
        """The model dies of no more than the page tables that KASLR alone makes necessary.

        Each CPU's entry area then lies anywhere in 512 GiB (init_cea_offsets(), late_pages() of
        kexec/arch/x86_64/early-boot.c); the guest has nokaslr, and all of them lie side by side.
        """
        model, cpus = self.report["model"], sum(e - s for s, e, _ in ranges(self.case.cpus))
        if not model or not self.case.at_random or self.rehearsal != "up":
            return False
        # They are single pages, and nothing that kills is asked for after them.
        return (self.model in ("dies", "depends_on_preserved") and model["failed"] == "small" and
                model["shortage"]["piece_bytes"] == 4096 and
                model["shortage"]["missing_bytes"] <= (2 + 2 * cpus + cpus // 8) * 4096)

    @property
    def leaves_it_open(self):
        """The report itself says that a parameter takes memory that is not followed: numa=fake=
        without a table of distances, movable_node.  That is unknown, whatever the model adds up.
        """
        return any(f["id"] == "cmdline-not-followed" for f in self.report["findings"])

    @property
    def outcome_differs(self):
        if self.rehearsal in ("unknown", "load_fails") or self.lacks_kaslr_tables or \
                self.leaves_it_open:
            return False
        return self.model != self.rehearsal

    @property
    def addresses_differ(self):
        """Of a boot that came up: a death ends both lists at some other piece."""
        c = self.counts
        return self.rehearsal == "up" and not c["silent"] and (c["map_equal"] != c["map_seen"] or
                                           c["map_seen"] != c["map_model"] or
                                           c["others_equal"] != c["others_seen"])

    def __str__(self):
        c = self.counts
        kind = "OUTCOME" if self.outcome_differs else "address" if self.addresses_differ else \
            "unknown" if self.rehearsal == "unknown" else \
            "kaslr" if self.lacks_kaslr_tables else \
            "open" if self.model != self.rehearsal else "same"
        return (f"{kind} model={self.model} rehearsal={self.rehearsal} "
                f"verdict={self.report['verdict']} map={c['map_equal']}/{c['map_seen']}/"
                f"{c['map_model']} others={c['others_equal']}/{c['others_seen']} "
                f"ms={c['took_milliseconds']}")

    def reasons(self):
        """Lines that say why: the kernel's last words, the first differences."""
        c = self.counts
        model = self.report["model"] or {}
        if c["trouble"]:
            yield f"trouble: {c['trouble']}"
        if self.model == "dies":
            yield f"model: fails at {model['failed']}, node {model['failed_node']}"
        elif self.model == "up":
            yield f"model: {model['headroom_bytes'] >> 10} KiB to spare"
        for words in c["words"][-2:] if self.rehearsal != "up" else []:
            yield f"rehearsal: {words}"
        for d in c["differences"][:4]:
            where = "nowhere" if d["model_start"] is None else f"{d['model_start']:#x}"
            yield (f"differs: {d['user']} ({d['function']}) {d['bytes']} bytes at "
                   f"{d['start']:#x}, in the model {where}")


def try_case(bench, case, log=None, kept=None, number=None):
    """Rehearse it, unless that is in @kept."""
    report = kept and kept.report(case)
    if not report:
        report = bench.run(case, True, log)
        if kept:
            kept.put(number, case, report)
    model = report["model"]
    outcome = "none"
    if model:
        outcome = "depends_on_preserved" if model["depends_on_preserved"] else model["outcome"]
    rehearsal = report["rehearsal"]["outcome"]
    if outcome == "load_fails" and rehearsal == "unknown":
        rehearsal = "load_fails"
    return Result(case, outcome, rehearsal, report)


def changed(case, **values):
    return replace(case, **values)
