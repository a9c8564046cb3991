# SPDX-License-Identifier: GPL-2.0-only
"""The early allocations of a successor, out of its memblock=debug log, in a small form.

One line each, in the order of the log; numbers are hex, node and count decimal:

    alloc   FUNCTION BYTES ALIGN NODE FROM MAX ADDRESS COUNT STEP
    reserve FUNCTION START BYTES
    free    FUNCTION START BYTES

FUNCTION is what the log names: the caller of memblock. ADDRESS is "-" when nothing was found.
COUNT equal requests in a row, each STEP bytes below the one before, are one line. A node of -1
is any. A MAX of 0 or 1 is memblock's own limit (MEMBLOCK_ALLOC_ACCESSIBLE and
MEMBLOCK_ALLOC_NOLEAKTRACE of include/linux/memblock.h). Some allocations log no request
(NODE_DATA): FUNCTION, ALIGN, FROM and MAX are then "?"; for a gigantic page, FROM and MAX.
"""
import re
from dataclasses import dataclass, replace

HEX = r"(0x[0-9a-f]+)"
REQUEST = re.compile(rf"memblock_\w*alloc\w*: (\d+) bytes align={HEX} (?:nid=(-?\d+) )?"
                     rf"from={HEX} max_addr={HEX} (\w[\w.]*)\+")
RANGE = re.compile(rf"(?:__)?memblock_(reserve|phys_free): \[{HEX}-{HEX}\](?: nid=(-?\d+))?.* "
                   r"(\w[\w.]*)\+0x")
# Linux 7.3; aligned to its size, from anywhere.
GIGANTIC = re.compile(r"memblock_alloc_hugetlb: (\d+) bytes, nid=(-?\d+), exact_nid=\d (\w[\w.]*)\+")
ALLOCATORS = ("memblock_alloc_range_nid", "memblock_alloc_hugetlb")
MESSAGES_DROPPED = re.compile(r"^\*\* \d+ printk messages dropped \*\*")


@dataclass
class Alloc:
    function: str
    size: int
    align: str
    node: int
    low: str
    high: str
    address: int = None
    count: int = 1
    step: int = 0

    def __str__(self):
        address = "-" if self.address is None else f"{self.address:#x}"
        return (f"alloc {self.function} {self.size:#x} {self.align} {self.node} {self.low} "
                f"{self.high} {address} {self.count} {self.step:#x}")

    def follows(self, other):
        """The line that holds @other and this one, or None."""
        same = replace(other, address=None, count=1, step=0) == replace(self, address=None)
        if not same or (self.address is None) != (other.address is None):
            return None
        if self.address is None:
            return replace(other, count=other.count + 1)
        step = other.address - other.step * (other.count - 1) - self.address
        if step <= 0 or (other.count > 1 and step != other.step):
            return None
        return replace(other, count=other.count + 1, step=step)


def request(line):
    if match := REQUEST.search(line):
        size, align, node, low, high, function = match.groups()
        return Alloc(function, int(size), f"{int(align, 16):#x}", int(node or -1),
                     f"{int(low, 16):#x}", f"{int(high, 16):#x}")
    if match := GIGANTIC.search(line):
        size, node, function = match.groups()
        return Alloc(function, int(size), f"{int(size):#x}", int(node), "?", "?")
    return None


def events(lines):
    """Allocations, and other reservations as text, in order."""
    asked = None
    for line in lines:
        if wanted := request(line):
            if asked:
                yield asked
            asked = wanted
            continue
        match = RANGE.search(line)
        if not match:
            continue
        verb, start, last, node, function = match.groups()
        start, size = int(start, 16), int(last, 16) - int(start, 16) + 1
        if verb == "reserve" and function in ALLOCATORS:
            if asked and asked.size == size:
                yield replace(asked, address=start)
            else:
                if asked:
                    yield asked
                yield Alloc("?", size, "?", int(node or -1), "?", "?", start)
        else:
            if asked:
                yield asked
            yield f"{verb.removeprefix('phys_')} {function} {start:#x} {size:#x}"
        asked = None
    if asked:
        yield asked


def compact(lines):
    result = []
    for event in events(lines):
        joined = None
        if isinstance(event, Alloc) and result and isinstance(result[-1], Alloc):
            joined = event.follows(result[-1])
        if joined:
            result[-1] = joined
        else:
            result.append(event)
    return result


MEMORY_IS_FREED = re.compile(r"\bMemory: \d+K/\d+K available")
# SMP_CACHE_BYTES, in which memblock aligns; what lies below is no scratch.
CACHE_LINE = 64
LOW_MIB = 1 << 20


def lines_of_cache(size):
    return -(-size // CACHE_LINE) * CACHE_LINE


def taken_bytes(lines):
    """What early boot took above the first MiB and did not give back, in whole cache lines, until
    memblock ends (mem_init_print_info()); None where the log does not say it, or not all of it: more
    than its ring holds before there is a console.
    """
    if any(MESSAGES_DROPPED.search(line) for line in lines):
        return None
    taken, ended = None, next((n for n, line in enumerate(lines) if MEMORY_IS_FREED.search(line)), 0)
    for event in events(lines[:ended]):
        if isinstance(event, Alloc):
            if (event.address or 0) >= LOW_MIB:
                taken = (taken or 0) + lines_of_cache(event.size)
        elif taken and event.startswith("free "):
            start, size = (int(word, 16) for word in event.split()[-2:])
            taken -= lines_of_cache(size) if start >= LOW_MIB else 0
    return taken


# memmap_alloc(), or whatever it was inlined into; sparse_init_nid() asks for usage maps too.
MAP = re.compile(r"memmap_alloc|vmemmap_\w+|sparse_buffer_init|sparse_init_nid")
PMD = 2 << 20
PAGE = 4096
# arm64's other granules: the map is taken page by page, and a page table looks like one of its pages.
LARGE_PAGES = (16384, 65536)


def of_map(event):
    """Is this of the memory map or its page tables?"""
    return (isinstance(event, Alloc) and bool(MAP.match(event.function))
            and int(event.align, 16) in (PMD, PAGE, *LARGE_PAGES))


def memory_map_bytes(trace):
    """What each node's memory map takes, as the successor itself asked for it: {node: bytes}.

    Up to 7.1 sparse_init_nid() asks for a run of sections at once (mm/sparse.c); later, and where
    that failed, for one section at a time. An x86-64 or arm64 (4K pages) section's map is 2 MiB. With
    larger pages the tables that the map needs are in the sum.
    """
    at_once, single = {}, {}
    for event in trace:
        if not of_map(event):
            continue
        if event.size > PMD:
            at_once[event.node] = max(at_once.get(event.node, 0), event.size)
        elif event.size == PMD or event.size in LARGE_PAGES:
            single[event.node] = single.get(event.node, 0) + event.size * event.count
    return single | at_once


def map_pieces(lines):
    """The allocated pieces of the memory map, one Alloc each, without page tables.

    vmemmap_populate_hugepages() asks for a PMD's worth; where there is none,
    vmemmap_populate_basepages() takes a page table, then the pages.
    """
    tables, pages = 0, 0
    for event in events(lines):
        if not of_map(event):
            continue
        if event.size == PMD and event.address is None:
            tables, pages = 1, PMD // PAGE
        elif event.size == PAGE and tables:
            tables -= 1
        elif event.address is not None and (event.size >= PMD or pages):
            pages -= event.size == PAGE
            yield event


NODE = re.compile(rf"^(?:\[ *[\d.]+\] )? +node +(\d+): \[mem {HEX}-{HEX}\]", re.MULTILINE)


def map_off_node_bytes(lines):
    """What of the map lies on another node than the one that it was wanted on; None: not told."""
    nodes = [(int(match[1]), int(match[2], 16), int(match[3], 16))
             for line in lines if (match := NODE.match(line))]
    pieces = list(map_pieces(lines))
    if not nodes or not pieces:
        return None
    # One buffer for a whole run is wanted on exactly its node: it lies there.
    return sum(piece.size for piece in pieces if piece.size <= PMD
               and not any(node == piece.node and start <= piece.address <= last
                           for node, start, last in nodes))


# Where a build did not inline it; 6.18 walks a list in kho_mem_deserialize().
PRESERVES = ("kho_preserved_memory_reserve", "deserialize_bitmap", "kho_mem_deserialize",
             "kho_memory_init")


def preserved_bytes(trace):
    """Preserved memory, as the successor found it in the map that it was handed; 0: none."""
    total = 0
    for event in trace:
        words = str(event).split()
        if words[0] == "reserve" and words[1] in PRESERVES:
            total += int(words[3], 16)
    return total
