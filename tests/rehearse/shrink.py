# SPDX-License-Identifier: GPL-2.0-only
"""From a case in which model and rehearsal disagree to a small one in which they still do."""
from case import changed, try_case

TRIES = 60


def words_less(case):
    words = case.append.split()
    for i in range(len(words)):
        yield changed(case, append=" ".join(words[:i] + words[i + 1:]))


def simpler(case):
    """Smaller cases, the boldest first."""
    yield from words_less(case)
    if case.preserved != "none":
        yield changed(case, preserved="none", map="none")
    if case.cpus != "0-1@0":
        yield changed(case, cpus="0-1@0")
    if case.flags != "la57,pdpe1gb":
        yield changed(case, flags="la57,pdpe1gb")
    if case.firmware_ranges != 8:
        yield changed(case, firmware_ranges=8)
    nodes = sorted({n for _, _, n in case.ram})
    if len(nodes) > 1:
        yield changed(case, ram=tuple((s, e, 0) for s, e, _ in case.ram))
    for i, span in enumerate(case.ram):
        if len(case.ram) > 2 and not any(span[0] < a[1] and a[0] < span[1] for a in case.areas):
            yield changed(case, ram=case.ram[:i] + case.ram[i + 1:])
    for i in range(len(case.areas)):
        if len(case.areas) > 1:
            yield changed(case, areas=case.areas[:i] + case.areas[i + 1:])
    if case.initrd:
        yield changed(case, initrd=0)


def shrink(bench, result):
    """The last result that still has its outcome wrong."""
    tries = TRIES
    found = True
    while found and tries:
        found = False
        for case in simpler(result.case):
            tries -= 1
            if not tries:
                break
            try:
                smaller = try_case(bench, case)
            except RuntimeError:
                continue
            if smaller.outcome_differs and smaller.model == result.model:
                result, found = smaller, True
                break
    return result
