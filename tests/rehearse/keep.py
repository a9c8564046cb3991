# SPDX-License-Identifier: GPL-2.0-only
"""Rehearsals that are kept: a changed model is compared with them without a guest.

A file each, named after the case and the image: the case's number and line, and what the
rehearsal saw.  They hold for as long as the guest is made in the same way; after a change of
kexec/rehearse/ the folder is to be emptied.

A rehearsal runs where the model places what is loaded.  Where the model now places it elsewhere
(KASLR: at another worst place), the kept one does not hold, and is made again.
"""
import bisect
import gzip
import hashlib
import json
import os
from pathlib import Path

from case import Case

MAP = ("memory_map", "map_tables")
LOADED = ("kernel", "initrd", "boot_params", "scratch_list")
MIB = 1 << 20
COUNTS = ("map_seen", "map_model", "map_equal", "others_seen", "others_equal")


def placement(model):
    return sorted([a["user"], a["start"]] for a in model["allocations"] if a["user"] in LOADED)


def pieces(allocations, pmd):
    """[(start, bytes)] of the memory map, ascending: what touches, cut where a PMD ends."""
    stretches = []
    for a in sorted((a for a in allocations if a["user"] in MAP), key=lambda a: a["start"]):
        start, end = a["start"], a["start"] + a["bytes"]
        if stretches and start <= stretches[-1][1]:
            stretches[-1][1] = max(end, stretches[-1][1])
        else:
            stretches.append([start, end])
    result = []
    for start, end in stretches:
        edges = [start, *range((start // pmd + 1) * pmd, end, pmd), end]
        result += [(a, b - a) for a, b in zip(edges, edges[1:])]
    return result


def was_freed(a, later):
    """Given back, where a later one lies on it (kexec/rehearse/compare.c, was_freed())."""
    end = a["start"] + a["bytes"]
    return any(b["start"] < end and a["start"] < b["start"] + b["bytes"] for b in later)


def follows_entry_areas(a):
    """With KASLR their tables are more in the model than in the guest, which has nokaslr."""
    return a["user"] == "swiotlb" or (a["function"] or "").startswith("kfence_")


def one_by_one(allocations):
    for a in allocations:
        each = a["bytes"] // a["pieces"]
        for i in range(a["pieces"]):
            yield dict(a, start=a["start"] + i * each, bytes=each)


def model_has(model, seen):
    """A piece of this user that begins there; what the log calls small may be any."""
    for a in model:
        each = a["bytes"] // a["pieces"]
        if ((a["user"] == seen["user"] or seen["user"] == "small") and each and
                0 <= seen["start"] - a["start"] < a["bytes"] and
                (seen["start"] - a["start"]) % each == 0):
            return True
    return False


def nearest(starts, seen):
    return min(starts, key=lambda start: abs(start - seen["start"]), default=None)


def compared(case, model, rehearsal):
    """What the tool counts (kexec/rehearse/compare.c), from the two lists."""
    seen, predicted = rehearsal["allocations"], model["allocations"]
    pmd = case.page_bytes // 8 * case.page_bytes
    own, theirs = pieces(seen, pmd), pieces(predicted, pmd)
    wanted = set(theirs)
    equal, differences = 0, []
    for i, piece in enumerate(own):
        if piece in wanted:
            equal += 1
        elif equal == i:
            k = bisect.bisect_left(theirs, (piece[0], 0))
            differences.append({"user": "memory_map", "function": None, "start": piece[0],
                                "bytes": piece[1],
                                "model_start": theirs[k][0] if k < len(theirs) else None})
    stay = [a for i, a in enumerate(seen)
            if a["user"] not in MAP and not was_freed(a, seen[i + 1:])]
    others = [a for a in one_by_one(stay) if a["bytes"] > case.page_bytes and a["start"] >= MIB and
              not (case.at_random and follows_entry_areas(a))]
    missed = [a for a in others if not model_has(predicted, a)]
    for a in missed[:16]:
        starts = [p["start"] for p in predicted if p["user"] == a["user"]]
        differences.append(dict(a, model_start=nearest(starts, a)))
    return {"map_seen": len(own), "map_model": len(theirs), "map_equal": equal,
            "others_seen": len(others), "others_equal": len(others) - len(missed),
            "differences": differences}


class Kept:
    def __init__(self, folder, bench):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.bench = bench
        self.images = {}

    def image(self, name):
        if name not in self.images:
            data = Path(self.bench.kernel(name)).read_bytes()
            self.images[name] = hashlib.sha256(data).hexdigest()
        return self.images[name]

    def path(self, case):
        text = f"{case}\n{self.image(case.kernel)}\n"
        return self.folder / (hashlib.sha256(text.encode()).hexdigest()[:24] + ".json.gz")

    def cases(self):
        """(number, case) of all that are kept, in the order in which they were made."""
        for path in sorted(self.folder.glob("*.json.gz"), key=lambda p: p.stat().st_mtime_ns):
            with gzip.open(path, "rt") as f:
                kept = json.load(f)
            yield kept["number"], Case.parse(kept["case"])

    def report(self, case):
        """The report of a rehearsal that is kept, with the model of now; None: there is none."""
        path = self.path(case)
        if not path.exists():
            return None
        with gzip.open(path, "rt") as f:
            kept = json.load(f)
        report = self.bench.run(case, False)
        model = report["model"]
        if not model or placement(model) != kept["placement"]:
            return None
        report["rehearsal"] = dict(kept["rehearsal"], **compared(case, model, kept["rehearsal"]))
        return report

    def put(self, number, case, report):
        model, rehearsal = report["model"], report["rehearsal"]
        if not model or rehearsal["outcome"] == "unknown":
            return
        counts = compared(case, model, rehearsal)
        for key in COUNTS:
            if counts[key] != rehearsal[key]:
                raise RuntimeError(f"{key}: the tool says {rehearsal[key]}, from its lists "
                                   f"{counts[key]} follows\n  {case}")
        kept = {"number": number, "case": str(case), "placement": placement(model),
                "rehearsal": rehearsal}
        path = self.path(case)
        new = path.with_suffix(f".{os.getpid()}")
        with gzip.open(new, "wt") as f:
            json.dump(kept, f)
        new.rename(path)
