# SPDX-License-Identifier: GPL-2.0-only
"""What is known to be reported wrong, by case, in a list that can only shrink: known-differences.

A line is "CASE: THING: reason". THING is "verdict", "early memory" (worth.py), or one of
shortfall.py. What is not in the list
fails its case, and so does a line of it that is no difference any more.
"""
import shortfall
import verdict
import worth


class KnownError(Exception):
    pass


def read(path):
    """{case name: {thing: reason}}"""
    known = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        line = line.split("#", 1)[0].strip()
        if not line:
            continue
        name, _, rest = line.partition(":")
        thing, _, reason = rest.partition(":")
        thing, reason = thing.strip(), reason.strip()
        if not reason or thing in known.get(name, {}):
            raise KnownError(f"{path.name}:{number}: '{line}' is not \"CASE: THING: reason\", once")
        known.setdefault(name, {})[thing] = reason
    return known


def differences(handover):
    """{thing: text} of one handover."""
    row = verdict.row("", handover["report"], handover["outcome"])
    wrong = row.wrong(row.said)
    told = {"verdict": f"verdict: said {row.said}, {row.happened}: "
                       f"{verdict.CELLS[row.said, row.happened][1]}"} if wrong else {}
    return told | worth.difference(handover) | shortfall.differences(handover)


def unexpected(handovers, known):
    """Lines: differences that are not @known, and known ones that are none any more."""
    found, looked_at = {}, {"verdict"}
    for handover in handovers:
        found |= differences(handover)
        looked_at |= set(shortfall.compared(handover))
        looked_at |= set() if worth.off_by(handover) is None else {worth.EARLY}
    for thing, line in found.items():
        if thing not in known:
            yield line
    # Where the kernel's place is chance, so is what differs.
    if any(((handover["report"] or {}).get("model") or {}).get("kaslr") for handover in handovers):
        return
    for thing in sorted(known.keys() - found.keys()):
        why = "is no difference any more" if thing in looked_at else "was not compared"
        yield f"{thing}: {why}: take it out of tests/vm/known-differences"
