# SPDX-License-Identifier: GPL-2.0-only
"""A case: one handover, or a chain of them, as a short text file."""
import re
from dataclasses import dataclass, field

OUTCOMES = ("up", "lost", "died", "hang", "load-failed")

UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


class CaseError(Exception):
    pass


def parse_bytes(text):
    match = re.fullmatch(r"(\d+)([KMG]?)", text)
    if not match:
        raise CaseError(f"'{text}' is not a size such as 512M")
    return int(match[1]) * UNITS[match[2]]


def estimate(text):
    if text not in ("fits", "lacks"):
        raise CaseError(f"'{text}' is neither fits nor lacks")
    return text


def yes_no(text):
    if text not in ("yes", "no"):
        raise CaseError(f"'{text}' is neither yes nor no")
    return text == "yes"


def outcomes(text):
    """One outcome, or several with '|' where chance (KASLR) decides."""
    names = tuple(text.split("|"))
    for name in names:
        if name not in OUTCOMES:
            raise CaseError(f"'{name}' is not one of {', '.join(OUTCOMES)}")
    return names


def state(text):
    if text not in ("yes", "no", "first"):
        raise CaseError(f"'{text}' is none of yes, no and first")
    return text


def firmware(text):
    if text not in ("bios", "uefi"):
        raise CaseError(f"'{text}' is neither bios nor uefi")
    return text


def findings(text):
    """Names of findings; "none" for no finding at all."""
    return () if text == "none" else tuple(sorted(text.split()))


@dataclass
class Case:
    name: str
    text: str
    first: str = ""                 # kernel version, as far as given: 7.2
    successors: list = field(default_factory=list)   # in order; more than one is a chain
    arch: str = "x86_64"
    nodes: list = field(default_factory=list)        # bytes of each node
    cpus: int = 1
    possible_cpus: int = 0          # those that may be plugged in among them; 0: none
    cpu_options: str = ""           # of QEMU's -cpu max: lpa2=off
    nvdimms: int = 0                # so many more nodes, each of one NVDIMM and no RAM
    maxmem_bytes: int = 0           # RAM, NVDIMMs and the window for what is plugged in later
    firmware: str = "bios"
    scratch: str = ""               # kho_scratch=; empty: the kernel's own default
    first_append: str = ""          # more for the first kernel's command line
    append: str = ""                # more for the successor's command line
    initrd_bytes: int = 0           # the successor's initrd is padded to this
    flags: str = "-s"               # of the loader
    finalize: bool = True           # 6.18: finalize the handover before the load
    kho: bool = True                # the first kernel is given kho=on
    luo: bool = False               # live update on, and a file kept in a session
    patch: tuple = ()               # a text in the last successor, and what it becomes
    patch_first: bool = False       # the first kernel is patched too
    state: str = "no"               # a reserve_mem region for both kernels, or the first only
    findings: tuple = None          # of the first report, above a note; None: not looked at
    hook: bool = False              # also try --kho-strict, --kho-check and the rest
    expect: tuple = ()              # what the real boot does
    estimate: str = ""              # fits, lacks: the estimate alone, worked out by hand

    def told_lost(self, state):
        """What was to be found again is not there, though the handover itself may be."""
        return (self.state != "no" and state["revived"] != ["kho_state"]
                or self.luo and state["file"] != "same")

    @property
    def distribution(self):
        """Is a kernel among them that is configured as a distribution does it? See guest.py."""
        return any("-" in version for version in (self.first, *self.successors))

    @property
    def traced(self):
        """The addresses of early allocations are the same at every boot."""
        words = self.append.split()
        return "nokaslr" in words and "memblock=debug" in words


KEYS = {
    "first": ("first", str),
    "successor": ("successors", str.split),
    "arch": ("arch", str),
    "nodes": ("nodes", lambda text: [parse_bytes(word) for word in text.split()]),
    "cpus": ("cpus", int),
    "possible cpus": ("possible_cpus", int),
    "cpu options": ("cpu_options", str),
    "nvdimms": ("nvdimms", int),
    "maxmem": ("maxmem_bytes", parse_bytes),
    "firmware": ("firmware", firmware),
    "scratch": ("scratch", str),
    "first append": ("first_append", str),
    "append": ("append", str),
    "initrd": ("initrd_bytes", parse_bytes),
    "flags": ("flags", str),
    "finalize": ("finalize", yes_no),
    "kho": ("kho", yes_no),
    "luo": ("luo", yes_no),
    "patch": ("patch", lambda text: tuple(text.split())),
    "patch first": ("patch_first", yes_no),
    "state": ("state", state),
    "findings": ("findings", findings),
    "hook": ("hook", yes_no),
    "expect": ("expect", outcomes),
    "estimate": ("estimate", estimate),
}
NEEDED = ("first", "successor", "nodes")


def parse(name, text):
    case = Case(name=name, text=text)
    seen = set()
    for number, line in enumerate(text.splitlines(), 1):
        line = line.split("#", 1)[0].strip()
        if not line:
            continue
        key, equals, value = line.partition("=")
        key, value = key.strip(), value.strip()
        if not equals or key not in KEYS or key in seen:
            raise CaseError(f"{name}:{number}: '{line}' is not a known key = value, given once")
        seen.add(key)
        attribute, convert = KEYS[key]
        try:
            setattr(case, attribute, convert(value))
        except (CaseError, ValueError) as error:
            raise CaseError(f"{name}:{number}: {key}: {error}") from error
    for key in NEEDED:
        if key not in seen:
            raise CaseError(f"{name}: no '{key} ='")
    return case


def read_folder(folder):
    """Every *.case below @folder, in order of name."""
    return [parse(path.stem, path.read_text()) for path in sorted(folder.glob("*.case"))]


def read_matrix(path):
    """Many cases in few lines, each "LABEL | FIRST | SUCCESSOR | NODES | MORE | SCRATCH...":
    one case for every SCRATCH, named LABEL-1, LABEL-2 and so on; no SCRATCH is the kernel's default.
    MORE: "; key = value" pairs.
    """
    found = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        line = line.split("#", 1)[0].strip()
        if not line:
            continue
        columns = [column.strip() for column in line.split("|")]
        if len(columns) != 6:
            raise CaseError(f"{path.name}:{number}: {len(columns)} columns, not 6")
        label, first, successor, nodes, more, scratches = columns
        for index, scratch in enumerate(scratches.split() or [""], 1):
            text = "\n".join([f"first = {first}", f"successor = {successor}",
                              f"nodes = {nodes}", f"scratch = {scratch}",
                              *(pair.strip() for pair in more.split(";"))])
            found.append(parse(f"{label}-{index}", text))
    return found


def read_all(folder, matrix=None):
    """Every case of tests/vm, and those of @matrix."""
    found = read_folder(folder / "cases")
    for path in (folder / "pairs", folder / "distro", matrix):
        if path:
            found += read_matrix(path)
    return found
