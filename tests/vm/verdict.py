# SPDX-License-Identifier: GPL-2.0-only
"""What was said beside what happened: the prediction table."""
from collections import Counter
from dataclasses import dataclass

SAID = ("ok", "warn", "fail", "unknown")
HAPPENED = ("up", "lost", "died", "hang", "load-failed")

# What must never be: an ok or a warning that loses the machine or its state, a fail that comes up.
WRONG = {("ok", "lost"), ("ok", "died"), ("ok", "hang"), ("warn", "lost"), ("fail", "up")}


@dataclass
class Row:
    """One handover."""
    name: str
    said: str           # our verdict; "" when there is no report
    estimate: str       # ok, fail, unknown: the in-kernel proposal's estimate alone
    happened: str

    def wrong(self, said):
        return (said, self.happened) in WRONG


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
            wrong = number and (word, outcome) in WRONG
            cells.append(f"**{number}**" if wrong else str(number or "·"))
        lines.append(f"| {word} | " + " | ".join(cells) + " |")
    return lines
