# SPDX-License-Identifier: GPL-2.0-only
"""What a warning is worth: how many machines that came up were warned of, by what their own logs say
that they lost. And what the margin is worth: how many answers were too close to tell, and how far the
bytes that a boot took are from those of the model.
"""
import memtrace
import shortfall

# Each costs what an operator asked for; the bounce buffer only where a device needs it, which no log says.
BOUNCE = "swiotlb"
# What a disk may want of it at a time: 32 requests (ATA_MAX_QUEUE) of 256 KiB (IO_TLB_SEGSIZE slots).
BURST_BYTES = 8 << 20
KINDS = ("no loss", "a bounce buffer of 8 MiB or more", "a bounce buffer of less", "more")


def losses(seen):
    """The things of shortfall.seen() of which less is there than was wanted."""
    short = {thing for thing in (BOUNCE, "crashkernel", "gigantic")
             if thing in seen and seen[thing] < seen.get(f"{thing} wanted", 1)}
    lost = {thing for thing in shortfall.LOST if seen.get(thing)}
    return short | lost | ({"log buffer"} if seen.get("log buffer") == 0 else set())


def is_close(report):
    return any(finding["id"].startswith("margin-") for finding in report["findings"])


def kind(handover):
    seen = handover["shortfalls"]
    lost = losses(seen)
    if not lost:
        return KINDS[0]
    return KINDS[3] if lost != {BOUNCE} else KINDS[1] if seen[BOUNCE] >= BURST_BYTES else KINDS[2]


def lines(handovers):
    """@handovers: each with report, outcome and shortfalls."""
    reported = [handover for handover in handovers if handover["report"]]
    came_up = [handover for handover in reported if handover["outcome"] == "up"]
    for name in KINDS:
        of_kind = [handover for handover in came_up if kind(handover) == name]
        warned = sum(handover["report"]["verdict"] == "warn" for handover in of_kind)
        yield f"came up, {name} in its log: {len(of_kind)}, {warned} of them with a warning"
    close = sum(is_close(handover["report"]) for handover in reported)
    yield f"too close to tell (margin-): {close} of {len(reported)}"


EARLY = "early memory"
LOADED = ("kernel", "initrd", "boot_params", "scratch_list")


def taken_told(report):
    """As memtrace.taken_bytes(): what the model has early boot take, without what was loaded."""
    return sum(memtrace.lines_of_cache(piece["bytes"] // piece["pieces"]) * piece["pieces"]
               for piece in report["model"]["allocations"]
               if piece["user"] not in LOADED and piece["start"] >= memtrace.LOW_MIB)


def off_by(handover):
    """By how many bytes the model is off what the log says; None where that cannot be compared."""
    report, took = handover["report"], handover.get("taken")
    if (took is None or not shortfall.comparable(handover) or shortfall.of_the_worst(report)
            or report["verdict"] == "unknown"):
        return None
    return abs(taken_told(report) - took)


def difference(handover):
    """{thing: text} where more is not followed than the margin covers."""
    off = off_by(handover)
    if off is None or off <= handover["report"]["model"]["margin_bytes"]:
        return {}
    return {EARLY: f"{EARLY}: {off} bytes off what the log says, more than the margin"}


def margin_lines(handovers):
    off = [bytes_off for bytes_off in map(off_by, handovers) if bytes_off is not None]
    yield (f"early memory as in the log: {off.count(0)} of {len(off)} to the byte, "
           f"none more than {max(off, default=0)} bytes off")
