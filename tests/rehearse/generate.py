# SPDX-License-Identifier: GPL-2.0-only
"""Random machines and loads, most of them near the edge between up and dead."""
import random

from case import Case, changed, page_bytes, text_of

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
SECTION, SECTION_64K = 128 * MIB, 512 * MIB
STRUCT_PAGE = 64
LOW_LIMIT = 3 * GIB
# Kernels that initialise every struct page before they come up: what is larger takes long.
ALL_PAGES_LIMIT = 48 * GIB
# A pageblock, where a distribution keeps it small (PAGE_BLOCK_MAX_ORDER).
AREA_ALIGN = {4 * KIB: 2 * MIB, 16 * KIB: 32 * MIB, 64 * KIB: 64 * MIB}

# (weight, words): what may stand on a command line, from the model's table of parameters.
WORDS = (
    (30, ""), (3, "crashkernel=64M"), (2, "crashkernel=96M,high"), (2, "crashkernel=1G-:80M"),
    (2, "hugepagesz=1G hugepages=1"), (2, "hugepagesz=1G hugepages=2"), (3, "numa=off"),
    (2, "numa=fake=2"), (2, "numa=fake=4"), (3, "log_buf_len=4M"), (2, "log_buf_len=16M"),
    (2, "swiotlb=8192"), (1, "swiotlb=noforce"), (2, "nr_cpus=2"), (2, "possible_cpus=4"),
    (2, "cma=16M"), (1, "nogbpages"), (1, "no5lvl"), (1, "iommu=soft"), (1, "thash_entries=1048576"),
    (1, "dhash_entries=4194304"), (1, "transparent_hugepage=never"), (1, "page_owner=on"),
    (1, "init_on_alloc=1"), (1, "mitigations=off"), (1, "quiet"), (1, "percpu_alloc=page"),
    (1, "movable_node"), (1, "kernelcore=50%"), (1, "efi=off"), (1, "audit=0"), (1, "nosmp"),
)


# What every command line has; the rehearsal needs its room (kexec/rehearse/guest-cmdline.h).
USUAL = "root=UUID=0a1b2c3d-0000-4000-8000-123456789abc ro console=ttyS0"


def pick(r, weighted):
    return r.choices([value for _, value in weighted], [weight for weight, _ in weighted])[0]


def ragged(r, value, least):
    """Near @value, not on a boundary that everything has."""
    unit = r.choice((SECTION, SECTION, 32 * MIB, 2 * MIB, MIB, 64 * KIB, 4 * KIB))
    return max(least, value // unit * unit + r.choice((0, 0, unit)))


def total_ram(r, kernel):
    most = ALL_PAGES_LIMIT if any(v in kernel for v in ("-6.", "-7.1.")) else 512 * GIB
    if r.random() < 0.9:
        most = min(most, 32 * GIB)
    low, high = GIB.bit_length() - 1, most.bit_length() - 1
    return int(2 ** r.uniform(low, high))


def with_holes(r, at, left):
    """@left bytes of RAM from @at on."""
    spans = []
    while left > 64 * MIB:
        size = left if r.random() < 0.7 else ragged(r, int(left * r.uniform(0.2, 0.8)), 64 * MIB)
        end = ragged(r, at + size, at + 64 * MIB)
        spans.append((at, end))
        left -= end - at
        at = end + r.choice((0, 64 * KIB, MIB, 2 * MIB, 100 * MIB, SECTION, GIB, 3 * GIB))
    return spans


def stretches(r, ram, arm64):
    """RAM without nodes.  arm64: from 1 GiB on; x86-64: the first 640 KiB, below 3 GiB, from 4 GiB
    on; with holes."""
    if arm64:
        return with_holes(r, GIB, ram)
    low_end = ragged(r, min(LOW_LIMIT, r.choice((ram, ram, ram // 2, 2 * GIB))), 512 * MIB)
    low_end = min(low_end, LOW_LIMIT)
    spans = [(0, r.choice((0x9fc00, 0x9f000, 0xa0000, 0x90000))), (MIB, low_end)]
    spans += with_holes(r, 4 * GIB, ram - low_end)
    return [s for s in spans if s[0] < s[1]]


def merged(spans):
    result = []
    for start, end, node in sorted(spans, key=lambda span: span[:2]):
        if result and result[-1][1] == start and result[-1][2] == node:
            result[-1] = (result[-1][0], end, node)
        else:
            result.append((start, end, node))
    return result


def split_nodes(r, spans, nodes):
    """The stretches cut at random places, the pieces dealt out to the nodes in turn."""
    total = sum(e - s for s, e in spans)
    pieces = nodes if r.random() < 0.75 else nodes * 2
    unit = r.choice((GIB, SECTION, SECTION, 2 * MIB, MIB))
    ends = sorted(r.uniform(0.02, 0.98) * total for _ in range(pieces - 1)) if nodes > 1 else []
    result, done = [], 0
    for start, end in spans:
        # Where a piece ends in this stretch, on a multiple of the unit.
        cuts = [int(start + at - done) // unit * unit for at in ends
                if done <= at < done + end - start]
        piece = sum(at < done for at in ends)
        done += end - start
        for cut in cuts + [end]:
            if cut > start:
                result.append((start, cut, piece % nodes))
                start = cut
            piece += 1
    return renumber(merged(result))


def renumber(spans):
    """Without gaps, in the order of addresses: as firmware mostly has them."""
    numbers = {}
    for _, _, node in spans:
        numbers.setdefault(node, len(numbers))
    return [(s, e, numbers[n]) for s, e, n in spans]


def place_area(r, size, spans, taken, align):
    """A free aligned place of @size in one of @spans; None: there is none to be found."""
    for _ in range(40):
        start, end = r.choice(spans)[:2]
        first = (max(start, 16 * MIB) + align - 1) // align
        last = (end - size) // align
        if first > last:
            continue
        # As the kernel takes them, from the top, or anywhere.
        at = r.choice((last, last - r.randint(0, min(8, last - first)), r.randint(first, last)))
        at *= align
        if all(at + size <= s or e <= at for s, e, _ in taken):
            return (at, at + size, None)
    return None


def make_areas(r, ram, image_bytes, page):
    """Low memory, the global one, one a node; about as large as what is needed."""
    nodes = sorted({n for _, _, n in ram})
    align = AREA_ALIGN[page]
    section = SECTION_64K if page == 64 * KIB else SECTION
    need = {}
    for node in nodes:
        sections = {s for a, b, n in ram if n == node for s in range(a // section,
                                                                       (b - 1) // section + 1)}
        need[node] = len(sections) * (section // page * STRUCT_PAGE)
    total = sum(need.values())
    low = [(s, min(e, 4 * GIB), n) for s, e, n in ram if s < 4 * GIB]
    areas = []

    def add(size, spans):
        # As the kernel rounds them, where a pageblock is about as large as the image.
        size = int(size) + (align - 1 if page > 4 * KIB else 0)
        area = place_area(r, max(align, size // align * align), spans, areas, align)
        if area:
            areas.append(area)

    add(r.choice((4, 16, 16, 32, 64, 96)) * MIB, low)
    add(image_bytes * r.uniform(1, 1.5) + total * r.choice((0, 0, r.uniform(0, 0.6))) +
        r.randint(2, 24) * MIB, ram)
    for node in nodes:
        add(need[node] * r.choice((r.uniform(0.2, 1), r.uniform(0.9, 1.3), 1)) +
            r.choice((0, 2, 4, 8)) * MIB, [s for s in ram if s[2] == node])
    if r.random() < 0.1:
        r.shuffle(areas)
    return areas


def make_cpus(r, ram):
    """As a snapshot has them: hexadecimal, half-open."""
    nodes = len({n for _, _, n in ram}) + (r.random() < 0.1)
    count = r.choice((1, 1, 2, 4, 8, 8, 16, 32, 64, 128))
    if count == 1:
        return "0-1@0"
    if r.random() < 0.5 or count < nodes:
        return f"0-{count:x}@0"
    each = count // nodes
    return ",".join(f"{n * each:x}-{(n + 1) * each:x}@{n}" for n in range(nodes))


# Room for the tables of 61 ranges in three orders: what finds none goes to the lowest free memory, and a
# kernel that extends its scratch counts that block of 1 GiB as in use.
MAP_BYTES = {4 * KIB: 512 * KIB, 16 * KIB: 2 * MIB, 64 * KIB: 8 * MIB}


def make_preserved(r, ram, areas, page):
    """(preserved, the pages that tell of it).  There is always something: a root tree, a map."""
    ram = [s for s in ram if s[0] >= MIB]
    align = AREA_ALIGN[page]
    first = place_area(r, align, ram, areas, align)
    if not first or r.random() < 0.3:
        return "unknown", "none"
    start = first[0]
    spans = [(start, start + page, None), (start + page, start + page + MAP_BYTES[page], "map")]
    for _ in range(r.choice((0, 0, 1, 2, 4, 16, 60))):
        size = r.choice((page, page, 64 * KIB, 2 * MIB, 8 * MIB))
        place = place_area(r, size, ram, areas + spans, align)
        if place:
            spans.append(place)
    kept = merged(s for s in spans if s[2] is None)
    return text_of(kept), text_of((s, e, None) for s, e, kind in spans if kind)


def make_append(r):
    words = [USUAL] if r.random() < 0.25 else [USUAL, "nokaslr"]
    words += [pick(r, WORDS) for _ in range(r.choice((0, 1, 1, 2)))]
    return " ".join(word for word in words if word)


def random_case(seed, kernels, image_bytes):
    """The case of this number.  @image_bytes: what a kernel's load takes, by its name."""
    r = random.Random(seed)
    kernel = r.choice(kernels)
    ram = split_nodes(r, stretches(r, total_ram(r, kernel), "arm64" in kernel), r.choice((1, 1, 1, 2, 2, 3, 4, 8)))
    page = page_bytes(kernel)
    areas = make_areas(r, ram, image_bytes[kernel], page)
    preserved, pages = make_preserved(r, ram, areas, page)
    return r, Case(
        kernel=kernel, ram=tuple(ram), areas=tuple(areas), append=make_append(r),
        cpus=make_cpus(r, ram), flags=r.choice(("la57,pdpe1gb", "la57,pdpe1gb", "pdpe1gb", "")),
        firmware_ranges=r.choice((len(ram) + 2, 8, 12, 20, 60)),
        initrd=r.choice((0, r.randint(1, 4 * MIB), r.randint(4 * MIB, 40 * MIB))),
        preserved=preserved, map=pages)



# How far from the edge, in pages: free memory that nobody can use is in between.
AWAY = (-64, -16, -8, -4, -2, -1, 0, 1, 2, 4, 8, 16, 64, 256)


def near_edge(bench, r, case):
    """The same with an initrd by which it just fits, or just does not: by the model.

    An initrd takes whole pages of the areas, so it moves the edge by single pages.  A look at the
    model costs a tenth of a rehearsal and more, so it is not searched for.
    """
    outcome, room = bench.model(case)
    if outcome != "up" and case.initrd:
        case = changed(case, initrd=0)
        outcome, room = bench.model(case)
    if outcome != "up":
        return case
    page = case.page_bytes
    near = changed(case, initrd=max(0, case.initrd + room // page * page - r.choice(AWAY) * page))
    # What 7.3 adds to the areas is no room for an initrd.
    return case if bench.model(near)[0] == "load_fails" else near
