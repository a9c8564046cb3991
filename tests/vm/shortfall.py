# SPDX-License-Identifier: GPL-2.0-only
"""What a successor that came up had to do without: what the report said, and what its own log says.

Both sides are {thing: bytes or pages}. Seen: only what the log tells. Told: only what the report tells.
A thing that the log tells and the report does not is a difference too.

    swiotlb wanted, swiotlb         the bounce buffer; 0: wanted, and none there
    crashkernel wanted, crashkernel the crash kernel's memory, without its low part
    crashkernel low                 and its low part
    crashkernel cma lost            what crashkernel=SIZE,cma did not get
    gigantic wanted, gigantic       pages
    log buffer                      the one that took the first one's place; 0: wanted, and not there
    map off node                    the part of the memory map on another node than what it describes

The messages are those of kernel/dma/swiotlb.c, kernel/crash_reserve.c, mm/hugetlb.c and
kernel/printk/printk.c, the same from 6.18 to 7.3.
"""
import re

import memtrace

SWIOTLB_TRIED = re.compile(r"software IO TLB: \w+: Failed to allocate (\d+) bytes tlb structure")
SWIOTLB = re.compile(r"software IO TLB: mapped \[mem (0x[0-9a-f]+)-(0x[0-9a-f]+)\]")
SWIOTLB_NONE = re.compile(r"software IO TLB: No low mem")
CRASH = re.compile(r"crashkernel reserved: (0x[0-9a-f]+) - (0x[0-9a-f]+) ")
CRASH_LOW = re.compile(r"crashkernel low memory reserved: (0x[0-9a-f]+) - (0x[0-9a-f]+) ")
CRASH_FAILED = re.compile(r"cannot allocate crashkernel \(size:(0x[0-9a-f]+)\)")
CRASH_LOW_FAILED = re.compile(r"cannot allocate crashkernel low memory")
CRASH_CMA = re.compile(r"crashkernel CMA reservation failed: (\d+) MB requested, (\d+) MB reserved")
GIGANTIC = re.compile(r"HugeTLB: registered (?:1\.00|16\.0) GiB page size, pre-allocated (\d+) pages")
GIGANTIC_SHORT = re.compile(r"HugeTLB: allocating (\d+) of page size (?:1\.00|16\.0) GiB failed")
LOG_BUFFER = re.compile(r"log buffer data \+ meta data: (\d+) \+")
LOG_BUFFER_MOVED = re.compile(r"early log buf free: ")
LOG_BUFFER_FAILED = re.compile(r"log_buf_len: \d+ (?:text|desc|info) bytes not available")
# What is less than the best shows as a smaller number, but for these.
LOST = ("map off node", "crashkernel cma lost")


class Log:
    def __init__(self, lines):
        self.text = "\n".join(lines)

    def number(self, pattern):
        """The first match's number, or the length of its range; None."""
        match = pattern.search(self.text)
        if not match:
            return None
        numbers = [int(number, 0) for number in match.groups()]
        return numbers[1] - numbers[0] if len(numbers) > 1 else numbers[0]

    def has(self, pattern):
        return bool(pattern.search(self.text))


def swiotlb_seen(log):
    tried = log.number(SWIOTLB_TRIED)
    got = 0 if log.has(SWIOTLB_NONE) else log.number(SWIOTLB)
    # arm64 gives up without a word when the smallest one cannot be had either.
    if got is None and tried is None:
        return {}
    return {"swiotlb wanted": tried or got, "swiotlb": got or 0}


def crashkernel_seen(log):
    seen = {}
    if (got := log.number(CRASH)) is not None:
        seen |= {"crashkernel wanted": got, "crashkernel": got,
                 "crashkernel low": log.number(CRASH_LOW) or 0}
    elif (wanted := log.number(CRASH_FAILED)) is not None:
        seen |= {"crashkernel wanted": wanted, "crashkernel": 0}
    elif log.has(CRASH_LOW_FAILED):
        seen["crashkernel"] = 0
    if match := CRASH_CMA.search(log.text):
        seen["crashkernel cma lost"] = (int(match[1]) - int(match[2])) << 20
    return seen


def gigantic_seen(log):
    got = log.number(GIGANTIC)
    short = log.number(GIGANTIC_SHORT)
    if not got and short is None:
        return {}
    return {"gigantic wanted": got if short is None else short, "gigantic": got or 0}


def log_buffer_seen(log):
    if log.has(LOG_BUFFER_MOVED):
        return {"log buffer": log.number(LOG_BUFFER)}
    return {"log buffer": 0} if log.has(LOG_BUFFER_FAILED) else {}


def seen(lines):
    """Of the successor's log. The memory map's place only where every allocation is in it."""
    log = Log(lines)
    told = swiotlb_seen(log) | crashkernel_seen(log) | gigantic_seen(log) | log_buffer_seen(log)
    off_node = memtrace.map_off_node_bytes(lines)
    return told if off_node is None else told | {"map off node": off_node}


def crashkernel_told(model):
    wanted, got = model["crashkernel_wanted_bytes"], model["crashkernel_bytes"]
    cma = model["crashkernel_cma_bytes"]
    lost = model["crashkernel_cma_wanted_bytes"] - cma
    taken = sum(piece["bytes"] for piece in model["allocations"] if piece["user"] == "crashkernel")
    return (({"crashkernel wanted": wanted, "crashkernel": got} if wanted else {})
            | ({"crashkernel low": taken - got - cma} if got else {})
            | ({"crashkernel cma lost": lost} if lost else {}))


def log_buffer_told(report):
    pieces = [piece["bytes"] for piece in report["model"]["allocations"]
              if piece["user"] == "log_buf"]
    if pieces:
        return {"log buffer": pieces[0]}
    ids = [finding["id"] for finding in report["findings"]]
    return {"log buffer": 0} if "log-buf-short" in ids else {}


def told(report):
    model = report["model"]
    return (crashkernel_told(model) | log_buffer_told(report)
            | ({"swiotlb wanted": model["swiotlb_wanted_bytes"], "swiotlb": model["swiotlb_bytes"]}
               if model["swiotlb_wanted_bytes"] else {})
            | ({"gigantic wanted": model["hugepages_wanted"], "gigantic": model["hugepages"]}
               if model["hugepages_wanted"] else {})
            | {"map off node": model["map_off_node_bytes"]})


def agrees(thing, said, took, at_worst):
    """@at_worst: the report is of the worst of many places, so it may have been better."""
    if said == took:
        return True
    if not at_worst or None in (said, took) or thing.endswith("wanted"):
        return False
    return took <= said if thing in LOST else took >= said


def of_the_worst(report):
    """Is it of the worst of many boots: the kernel lies anywhere, or scratch is extended by what
    is not preserved, and that is not known?
    """
    model = report["model"]
    known = (report.get("readiness") or {}).get("preserved")
    return model["kaslr"] or not known and any(
        basis["what"].startswith("scratch is extended") and basis["how"].startswith("yes")
        for basis in model.get("basis", []))


def comparable(handover):
    """Both must say that it comes up: else the verdict is wrong, and that is reported as such."""
    model = (handover["report"] or {}).get("model")
    return handover["outcome"] == "up" and bool(model) and model["outcome"] == "up"


def silent(thing, took):
    """Does the log not say this? The map's place: without memblock=debug. What was wanted: of a crash
    kernel for which only the low part was not there, it names that part.
    """
    return thing not in took and (thing == "map off node" or thing == "crashkernel wanted"
                                  and "crashkernel" in took)


def compared(handover):
    """{thing: (told, seen)}, None where one side does not have it."""
    if not comparable(handover):
        return {}
    said, took = told(handover["report"]), handover["shortfalls"]
    return {thing: (said.get(thing), took.get(thing)) for thing in sorted(said.keys() | took.keys())
            if not silent(thing, took)}


def differences(handover):
    """{thing: text} where the report and the log of a successor that came up are not the same."""
    def text(number):
        return "nothing" if number is None else str(number)

    at_worst = comparable(handover) and of_the_worst(handover["report"])
    return {thing: f"{thing}: {text(said)} told, {text(took)} seen"
            for thing, (said, took) in compared(handover).items()
            if not agrees(thing, said, took, at_worst)}
