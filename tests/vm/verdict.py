# SPDX-License-Identifier: GPL-2.0-only
"""What was said beside what happened: the prediction table."""
from collections import Counter
from dataclasses import dataclass

SAID = ("ok", "warn", "fail", "unknown")
HAPPENED = ("up", "lost", "died", "hang", "load-failed")

RIGHT, WRONG, OPEN = "right", "wrong", "open"

# Every cell: how it is judged, and why. --kho-strict lets "ok" and "warn" through and refuses "fail"
# and "unknown": what it lets through must come up with its state, what it refuses must not.
CELLS = {
    ("ok", "up"): (RIGHT, "let through, and everything is there"),
    ("ok", "lost"): (WRONG, "let through, and what was handed over is gone"),
    ("ok", "died"): (WRONG, "let through, and the machine with all of its guests is gone"),
    ("ok", "hang"): (WRONG, "as a death, and nobody is warned"),
    ("ok", "load-failed"): (WRONG, "the kernel refuses a load that was said to be fine"),
    ("warn", "up"): (RIGHT, "let through; whether what was missing was reported is shortfall.py's matter"),
    ("warn", "lost"): (WRONG, "a warning is let through as an ok is"),
    ("warn", "died"): (WRONG, "a warning is let through as an ok is"),
    ("warn", "hang"): (WRONG, "a warning is let through as an ok is"),
    ("warn", "load-failed"): (WRONG, "a warning says that it loads; a loader may fall back to "
                                     "kexec_load, without a handover"),
    ("fail", "up"): (WRONG, "a fleet stops for nothing"),
    ("fail", "lost"): (RIGHT, "the state would have been lost; which of them and why is check-vm's "
                              "matter"),
    ("fail", "died"): (RIGHT, "refused, and it would have died"),
    ("fail", "hang"): (RIGHT, "refused, and it would have hung"),
    ("fail", "load-failed"): (RIGHT, "refused, as the kernel does"),
    ("unknown", "up"): (OPEN, "refused for want of knowledge: not wrong, but of no use"),
    ("unknown", "lost"): (OPEN, "refused, and rightly; the reason was not known"),
    ("unknown", "died"): (OPEN, "refused, and rightly; the reason was not known"),
    ("unknown", "hang"): (OPEN, "refused, and rightly; the reason was not known"),
    ("unknown", "load-failed"): (OPEN, "refused, as the kernel does; the reason was not known"),
}


def judged(said, happened):
    return CELLS[said, happened][0]


@dataclass
class Row:
    """One handover."""
    name: str
    said: str           # our verdict; "" when there is no report
    estimate: str       # ok, fail, unknown: the in-kernel proposal's estimate alone
    happened: str

    def wrong(self, said):
        return bool(said) and judged(said, self.happened) == WRONG


def estimate_of(report):
    """The estimate alone, from the same report."""
    nodes = (report.get("sparsemem") or {}).get("nodes")
    if not nodes or any(node["fits"] is None for node in nodes):
        return "unknown"
    return "ok" if all(node["fits"] for node in nodes) else "fail"


def row(name, report, happened):
    if not report:
        return Row(name, "", "", happened)
    return Row(name, report["verdict"], estimate_of(report), happened)


def matrix(rows, said):
    """Lines of a Markdown table: what was said, against what happened."""
    count = Counter((said(row), row.happened) for row in rows)
    lines = ["| said | " + " | ".join(HAPPENED) + " |", "| --- |" + " ---: |" * len(HAPPENED)]
    for word in SAID:
        cells = []
        for outcome in HAPPENED:
            number = count[word, outcome]
            wrong = number and judged(word, outcome) == WRONG
            cells.append(f"**{number}**" if wrong else str(number or "·"))
        lines.append(f"| {word} | " + " | ".join(cells) + " |")
    return lines
