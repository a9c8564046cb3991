# SPDX-License-Identifier: GPL-2.0-only
"""The tables of doc/accuracy.md."""
import shortfall
import verdict

MARKER = "<!-- Below this line: made by tests/vm/check-vm --table. -->\n"
HEAD = ("case", "kernels", "nodes", "`kho_scratch=`", "more", "said", "estimate", "what happened",
        "shortfalls")


def size(count):
    return f"{count >> 20}M" if count % (1 << 30) else f"{count >> 30}G"


def more_of(case):
    words = [f"`{case.append}`" if case.append else "",
             f"initrd {size(case.initrd_bytes)}" if case.initrd_bytes else "",
             f"{case.cpus} CPUs" if case.cpus > 1 else "",
             f"first `{case.first_append}`" if case.first_append else "",
             f"{case.nvdimms} NVDIMM nodes" if case.nvdimms else "",
             f"maxmem {size(case.maxmem_bytes)}" if case.maxmem_bytes else "",
             "UEFI" if case.firmware == "uefi" else "",
             "" if case.finalize else "not finalized",
             f"`kexec {case.flags}`" if case.flags != "-s" else ""]
    return ", ".join(word for word in words if word)


def bold(text, wrong):
    return f"**{text}**" if wrong else text


def kernel(name):
    """bzImage-7.2.13-kho, bzImage-7.2.13-debian, Image.gz-7.2.13-arm64-kho: without what all have."""
    return name.partition("-")[2].removesuffix("-kho").removesuffix("-arm64")


def shortfalls(handover):
    found = shortfall.differences(handover)
    told = "as told" if shortfall.compared(handover) else ""
    return bold("; ".join(found.values()), True) if found else told


def line(row, case, handover):
    return (row.name, f"{case.arch} {handover['release']} → {kernel(handover['successor'])}",
            " ".join(size(node) for node in case.nodes), case.scratch or "default", more_of(case),
            bold(row.said, row.wrong(row.said)), bold(row.estimate, row.wrong(row.estimate)),
            row.happened, shortfalls(handover))


def text(done):
    """@done: (row, case, handover) of every handover."""
    rows = [row for row, _, _ in done]
    lines = [f"## {len(rows)} handovers", "", "### The verdict, and what happened", "",
             *verdict.matrix(rows, lambda row: row.said), "",
             "### The estimate alone, and what happened", "",
             *verdict.matrix(rows, lambda row: row.estimate), "",
             "### Every handover", "",
             "| " + " | ".join(HEAD) + " |", "| --- " * len(HEAD) + "|"]
    lines += ["| " + " | ".join(line(*entry)) + " |" for entry in done]
    return "\n".join(lines) + "\n"


def write(path, done):
    """Behind the marker in @path; what stands before it is kept."""
    head = path.read_text().split(MARKER)[0]
    path.write_text(head + MARKER + "\n" + text(done))
