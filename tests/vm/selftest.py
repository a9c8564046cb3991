# SPDX-License-Identifier: GPL-2.0-only
"""The driver's own rules, on consoles and logs written by hand. TAP on stdout."""
import base64
import gzip
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
import case as cases
import guest
import known
import memtrace
import patch
import qemu
import shortfall
import verdict
import worth

count, failures = 0, 0


def check(what, got, expected):
    global count, failures
    count += 1
    good = got == expected
    failures += not good
    print(f"{'ok' if good else 'not ok'} {count} - {what}")
    if not good:
        print(f"# got {got!r}\n# expected {expected!r}")


HERE = "@kho here release=7.2.1 handover=no areas=yes\n"
LOADED = HERE + "@kho load status=0 loaded=1\n@kho jump\n"
THERE = "@kho here release=7.2.1 handover={} areas=no\n@kho done\n"
PANIC = "[    0.1] Kernel panic - not syncing: no memory\n---[ end Kernel panic\n"


def outcomes(text, ended="end"):
    return [handover["outcome"] for handover in qemu.handovers(text, ended)]


def check_outcomes():
    check("came up with the handover", outcomes(LOADED + THERE.format("yes")), ["up"])
    check("came up without", outcomes(LOADED + THERE.format("no")), ["lost"])
    check("the message is on the console only",
          outcomes(LOADED + "[    0.0] KHO: found kexec handover data.\n" + THERE.format("no")),
          ["up"])
    check("a panic after the jump", outcomes(LOADED + PANIC), ["died"])
    check("a panic of the emulator's making is no outcome",
          outcomes(LOADED + PANIC.replace("no memory", "IO-APIC + timer doesn't work!  Boot with")),
          ["error"])
    check("and so is code that another CPU patches",
          outcomes(LOADED + "[    2.9] Oops: int3: 0000 [#1] SMP NOPTI\n" + PANIC), ["error"])
    check("a reset without a word", outcomes(LOADED + "Booting\n"), ["died"])
    check("a successor that turned itself off unseen", outcomes(LOADED + "reboot: Power down\n"),
          ["error"])
    check("silence after the jump", outcomes(LOADED + "Booting\n", "silence"), ["hang"])
    first = "[    0.0] Linux version 7.2.1\n[    0.1] SLUB: HWalign=64\n" + LOADED
    second = first + "[    0.0] Linux version 7.2.1\n"
    check("silence of a kernel that has its page allocator is booted again",
          qemu.stalled(second + "[    0.1] SLUB: HWalign=64\n", "silence"), True)
    check("but not before it has", qemu.stalled(second, "silence"), False)
    check("nor where it spoke to the end", qemu.stalled(first, "end"), False)
    check("a load that failed", outcomes(HERE + "@kho load status=255 loaded=0\n@kho done\n"),
          ["load-failed"])
    check("loaded, but never jumped", outcomes(HERE + "@kho load status=0 loaded=1\n"), ["error"])
    check("the jump came back", outcomes(LOADED + "@kho done jump-failed\n"), ["error"])
    check("the time limit is no outcome", outcomes(LOADED + "Booting\n", "limit"), ["error"])
    check("nothing at all was seen", outcomes("qemu: no such machine\n"), [])
    check("the first kernel died before the load", outcomes(HERE + PANIC), ["error"])
    check("a chain whose second handover dies",
          outcomes(LOADED + LOADED.replace("=no", "=yes", 1) + PANIC), ["up", "died"])
    check("a chain that loses the state on the way",
          outcomes(LOADED + LOADED + THERE.format("yes")), ["lost", "up"])
    check("a quoted line is not the guest's own",
          outcomes(LOADED + "echo @kho here release=1 handover=yes\n", "silence"), ["hang"])
    check("last words", qemu.handovers(LOADED + "[    0.1] Oops: Oops: 0000\n" * 2 + PANIC,
                                       "end")[0]["words"],
          ["Oops: Oops: 0000", "Kernel panic - not syncing: no memory"])


GIVEN = LOADED.replace("@kho load", "@kho kept file=yes\n@kho given blob=abc\n@kho load")


def state(there):
    return qemu.handovers(GIVEN + there, "end")[0]["state"]


def check_state():
    here = "@kho here release=7.2.1 handover=yes areas=no blob={} file={}\n@kho done\n"
    line = "[    0.2] Revived memory reservation 'kho_state' from KHO\n"
    found = state(line + here.format("abc", "same"))
    check("what was handed over is there again", found,
          {"given": "abc", "found": "abc", "kept": "yes", "file": "same",
           "revived": ["kho_state"]})
    both = cases.parse("a", "first = 7.2\nsuccessor = 7.2\nnodes = 1G\nstate = yes\nluo = yes\n")
    check("then nothing is lost", both.told_lost(found), False)
    check("the region is not there", both.told_lost(state(here.format("none", "same"))), True)
    check("the file has another content",
          both.told_lost(state(line + here.format("abc", "other"))), True)
    neither = cases.parse("a", "first = 7.2\nsuccessor = 7.2\nnodes = 1G\n")
    check("nothing was to be found", neither.told_lost(state(here.format("none", "none"))), False)
    check("nobody was there to say", state("Booting\n")["found"], None)


def check_data():
    block = base64.b64encode(gzip.compress(b'{"verdict": "ok"}')).decode()
    text = (HERE + "@kho report status=0 loaded=0\n@kho data report.out\n" + block[:20] + "\n"
            + block[20:] + "\n@kho end report.out\n@kho load status=0 loaded=1\n@kho jump\n")
    record = qemu.handovers(text.replace("\n", "\r\n"), "silence")[0]
    check("a report", record["report"], {"verdict": "ok"})
    check("its status", record["tries"]["report"], {"status": "0", "loaded": "0"})
    cut = text.replace("@kho end report.out\n", "")
    check("a report that was cut off is none", qemu.handovers(cut, "silence")[0]["report"], None)


ASK = "memblock_alloc_try_nid_raw: 2097152 bytes align=0x200000 nid={} from=0x0000000001000000 " \
      "max_addr=0x0000000000000001 memmap_alloc+0x21/0x30"
GET = "__memblock_reserve: [0x{:016x}-0x{:016x}] nid=0 flags=20 memblock_alloc_range_nid+0xcc/0x190"


def get(start, size):
    return GET.format(start, start + size - 1)


def trace(*lines):
    return [str(line) for line in memtrace.compact(lines)]


def check_trace():
    two = 2 << 20
    check("equal requests in a row are one line",
          trace(ASK.format(0), get(0x800000, two), ASK.format(0), get(0x600000, two),
                ASK.format(0), get(0x400000, two)),
          ["alloc memmap_alloc 0x200000 0x200000 0 0x1000000 0x1 0x800000 3 0x200000"])
    check("a gap begins another line",
          trace(ASK.format(0), get(0xc00000, two), ASK.format(0), get(0xa00000, two),
                ASK.format(0), get(0x200000, two)),
          ["alloc memmap_alloc 0x200000 0x200000 0 0x1000000 0x1 0xc00000 2 0x200000",
           "alloc memmap_alloc 0x200000 0x200000 0 0x1000000 0x1 0x200000 1 0x0"])
    check("requests that were not met", trace(ASK.format(1), ASK.format(1)),
          ["alloc memmap_alloc 0x200000 0x200000 1 0x1000000 0x1 - 2 0x0"])
    check("what nobody asked for in the log",
          trace(ASK.format(1), get(0x8000, 0x4000)),
          ["alloc memmap_alloc 0x200000 0x200000 1 0x1000000 0x1 - 1 0x0",
           "alloc ? 0x4000 ? 0 ? ? 0x8000 1 0x0"])
    check("a gigantic page of Linux 7.3",
          trace("memblock_alloc_hugetlb: 1073741824 bytes, nid=1, exact_nid=0 alloc_bootmem_huge_page+0x18/0x290",
                "__memblock_reserve: [0x00000001c0000000-0x00000001ffffffff] nid=1 flags=a0 "
                "memblock_alloc_hugetlb+0xe9/0x110"),
          ["alloc alloc_bootmem_huge_page 0x40000000 0x40000000 1 ? ? 0x1c0000000 1 0x0"])
    check("reservations and what is given back",
          trace("memblock_reserve: [0x0000000000001000-0x0000000000001fff] setup_arch+0x1/0x2",
                "[    0.000000] memblock_phys_free: [0x0000000000001000-0x00000000000017ff] "
                "memblock_free+0x1/0x2"),
          ["reserve setup_arch 0x1000 0x1000", "free memblock_free 0x1000 0x800"])
    lines = [ASK.format(0), get(0x800000, two), ASK.format(1), get(0x600000, two),
             ASK.format(1), get(0x400000, two)]
    check("what the memory map took, by node",
          memtrace.memory_map_bytes(memtrace.compact(lines)), {0: two, 1: 2 * two})
    check("what is preserved, as the successor finds it",
          memtrace.preserved_bytes(memtrace.compact(
              ["__memblock_reserve: [0x0000000000200000-0x00000000003fffff] nid=-1 flags=0 "
               "kho_preserved_memory_reserve+0x83/0xb0",
               "__memblock_reserve: [0x0000000000401000-0x0000000000401fff] nid=-1 flags=0 "
               "kho_preserved_memory_reserve+0x83/0xb0",
               "__memblock_reserve: [0x0000000000001000-0x0000000000001fff] nid=-1 flags=0 "
               "setup_arch+0x1/0x2"])), 0x201000)
    inlined = [line.replace("memmap_alloc+", "vmemmap_populate_hugepages+") for line in lines]
    check("where memmap_alloc() was inlined",
          memtrace.memory_map_bytes(memtrace.compact(inlined)), {0: two, 1: 2 * two})
    usage = "memblock_alloc_try_nid: 2816 bytes align=0x40 nid=0 from=0x0 max_addr=0x0 sparse_init_nid+0x1/0x2"
    check("usage maps are not the map",
          memtrace.memory_map_bytes(memtrace.compact([usage, get(0x7000, 2816)])), {})
    check("the map in pages of 64 KiB", memtrace.memory_map_bytes(
        [memtrace.Alloc("memmap_alloc", 1 << 16, "0x10000", 1, "0x0", "0x1", 0, 65)]), {1: 65 << 16})
    check_map_place(lines)
    whole = "memblock_alloc_exact_nid_raw: 50331648 bytes align=0x200000 nid=0 from=0x1000000 " \
            "max_addr=0x1 memmap_alloc+0x1a/0x30"
    check("a run that was asked for in one piece counts once",
          memtrace.memory_map_bytes(memtrace.compact([whole, *lines]))[0], 48 << 20)


NODES = ["  node   0: [mem 0x0000000000000000-0x00000000005fffff]",
         "  node   1: [mem 0x0000000000600000-0x0000000000ffffff]"]
PAGE = ASK.replace("2097152 bytes align=0x200000", "4096 bytes align=0x1000")


def check_map_place(lines):
    two = 2 << 20
    # Node 0's piece lies at 8M, node 1's at 6M and 4M.
    check("what of the map is off its node", memtrace.map_off_node_bytes(NODES + lines), 2 * two)
    check("no node is told", memtrace.map_off_node_bytes(lines), None)
    check("no allocation is told", memtrace.map_off_node_bytes(NODES), None)
    pages = [ASK.format(1)]     # not had: a page table, then 512 pages
    for page in range(513):
        pages += [PAGE.format(1), get(0x5ff000 + page * 4096, 4096)]
    check("page by page, without the page table",
          memtrace.map_off_node_bytes(NODES + pages + [PAGE.format(1), get(0, 4096)]), 0)
    moved = [line.replace("nid=1", "nid=0") for line in pages]
    check("all of them off their node", memtrace.map_off_node_bytes(NODES + moved), two)


def parse_error(text):
    try:
        cases.parse("a", text)
    except cases.CaseError as error:
        return str(error)
    return None


def check_cases():
    good = cases.parse("a", "first = 7.2\nsuccessor = 7.3 7.2\nnodes = 512M 4G\nexpect = up|died\n")
    check("a chain", good.successors, ["7.3", "7.2"])
    check("sizes", good.nodes, [512 << 20, 4 << 30])
    check("two outcomes", good.expect, ("up", "died"))
    check("an unknown key", parse_error("frist = 7.2\n"),
          "a:1: 'frist = 7.2' is not a known key = value, given once")
    check("a size of nothing", parse_error("nodes = lots\n"),
          "a:1: nodes: 'lots' is not a size such as 512M")
    check("findings", cases.parse("a", "first = 7.2\nsuccessor = 7.2\nnodes = 1G\n"
                                  "findings = b-c a\n").findings, ("a", "b-c"))
    check("a state that is none", parse_error("state = maybe\n"),
          "a:1: state: 'maybe' is none of yes, no and first")
    check("an outcome that is none", parse_error("expect = fine\n"),
          "a:1: expect: 'fine' is not one of up, lost, died, hang, load-failed")
    check("half a case", parse_error("first = 7.2\n"), "a: no 'successor ='")


def patch_error(old, new):
    try:
        patch.replaced(b"\0luo-v5\0 xluo-v6\0", old, new)
    except patch.PatchError as error:
        return str(error)
    return None


def check_patch():
    check("a whole text is replaced, and nothing else",
          patch.replaced(b"\0luo-v5\0 xluo-v5\0", "luo-v5", "luo-v9"), b"\0luo-v9\0 xluo-v5\0")
    check("a text of another length", patch_error("luo-v5", "luo-v10") is None, False)
    check("a text that is not there", patch_error("luo-v6", "luo-v9") is None, False)


# By hand, from what an operator does with a verdict.
WRONG = {("ok", "lost"), ("ok", "died"), ("ok", "hang"), ("ok", "load-failed"),
         ("warn", "lost"), ("warn", "died"), ("warn", "hang"), ("warn", "load-failed"),
         ("fail", "up")}


def check_verdicts():
    cells = [(said, happened) for said in verdict.SAID for happened in verdict.HAPPENED]
    check("every cell is judged, once", sorted(verdict.CELLS), sorted(cells))
    check("what is wrong", {cell for cell in cells if verdict.judged(*cell) == verdict.WRONG}, WRONG)
    check("every cell says why", [cell for cell in cells if not verdict.CELLS[cell][1]], [])
    check("the outcomes are those of a case", verdict.HAPPENED, cases.OUTCOMES)
    report = {"verdict": "warn", "sparsemem": {"nodes": [{"fits": True}, {"fits": False}]}}
    check("the estimate alone", verdict.estimate_of(report), "fail")
    check("an estimate that could not be made",
          verdict.estimate_of({"verdict": "unknown", "sparsemem": {"nodes": None}}), "unknown")
    rows = [verdict.row("a", report, "up"), verdict.row("b", report, "died")]
    check("a fail that came up is wrong", rows[0].wrong(rows[0].estimate), True)
    check("a warn that came up is right", rows[0].wrong(rows[0].said), False)
    check("a warn that died is wrong", rows[1].wrong(rows[1].said), True)
    check("nothing said is no verdict", verdict.row("d", None, "died").wrong(""), False)
    check("a warn that loses the state is wrong",
          verdict.row("c", report, "lost").wrong("warn"), True)
    check("a matrix", verdict.matrix(rows, lambda row: row.estimate)[4],
          "| fail | **1** | · | 1 | · | · |")


def model(kaslr=False, **told):
    plain = {"outcome": "up", "kaslr": kaslr, "swiotlb_wanted_bytes": 0, "swiotlb_bytes": 0,
             "crashkernel_wanted_bytes": 0, "crashkernel_bytes": 0,
             "crashkernel_cma_wanted_bytes": 0, "crashkernel_cma_bytes": 0,
             "hugepages_wanted": 0, "hugepages": 0, "map_off_node_bytes": 0, "allocations": []}
    return {"verdict": "warn", "model": plain | told, "findings": []}


def handover(report, *lines, outcome="up"):
    return {"outcome": outcome, "report": report, "shortfalls": shortfall.seen(lines)}


def differences(report, *lines, **more):
    return list(shortfall.differences(handover(report, *lines, **more)).values())


# Lines of real boots.
MAPPED = "software IO TLB: mapped [mem 0x00000000b2200000-0x00000000b2a00000] (8MB)"
TRIED = "software IO TLB: swiotlb_memblock_alloc: Failed to allocate 67108864 bytes tlb structure"
NO_LOW = "software IO TLB: No low mem"
CRASH = "crashkernel reserved: 0x0000000130000000 - 0x0000000138000000 (128 MB)"
CRASH_LOW = "crashkernel low memory reserved: 0xa0000000 - 0xb0000000 (256 MB)"
CRASH_NOT = "cannot allocate crashkernel (size:0x8000000)"
CRASH_LOW_NOT = "cannot allocate crashkernel low memory (size:0x10000000)."
CRASH_CMA = "crashkernel CMA reservation failed: 1024 MB requested, 300 MB reserved in 4 ranges"
GIGANTIC = "HugeTLB: registered 1.00 GiB page size, pre-allocated 1 pages"
GIGANTIC_NOT = "HugeTLB: allocating 2 of page size 1.00 GiB failed.  Only allocated 1 hugepages."
LOG = ["printk: log buffer data + meta data: 16777216 + 58720256 = 75497472 bytes",
       "printk: early log buf free: 122880(93%)"]
LOG_NOT = ["printk: log_buf_len: 16777216 text bytes not available",
           "printk: log buffer data + meta data: 131072 + 557056 = 688128 bytes"]


def check_seen():
    mib = 1 << 20
    check("a bounce buffer", shortfall.seen([TRIED, MAPPED]),
          {"swiotlb wanted": 64 * mib, "swiotlb": 8 * mib})
    check("none", shortfall.seen([TRIED, NO_LOW]), {"swiotlb wanted": 64 * mib, "swiotlb": 0})
    check("a crash kernel", shortfall.seen([CRASH_LOW, CRASH]),
          {"crashkernel wanted": 128 * mib, "crashkernel": 128 * mib, "crashkernel low": 256 * mib})
    check("none of either", shortfall.seen([CRASH_NOT]),
          {"crashkernel wanted": 128 * mib, "crashkernel": 0})
    check("none, for want of its low part", shortfall.seen([CRASH_LOW_NOT]), {"crashkernel": 0})
    check("a part of its CMA", shortfall.seen([CRASH_CMA]), {"crashkernel cma lost": 724 * mib})
    check("gigantic pages", shortfall.seen([GIGANTIC_NOT, GIGANTIC]),
          {"gigantic wanted": 2, "gigantic": 1})
    check("none wanted", shortfall.seen([GIGANTIC.replace("1 pages", "0 pages")]), {})
    check("a log buffer", shortfall.seen(LOG), {"log buffer": 16 * mib})
    check("none", shortfall.seen(LOG_NOT), {"log buffer": 0})
    check("the one of the image", shortfall.seen(LOG_NOT[1:]), {})


def check_margin():
    def alloc(size, start):
        return [f"memblock_alloc_try_nid: {size} bytes align=0x40 nid=-1 from=0x0 max_addr=0x0 "
                "x+0x1/0x2", f"memblock_reserve: [{start:#018x}-{start + size - 1:#018x}] "
                "memblock_alloc_range_nid+0x1/0x2"]

    ended = "Memory: 100K/200K available (1K kernel code)"
    log = [*alloc(100, 1 << 30), *alloc(4096, 0x98000), *alloc(8192, 1 << 31),
           f"memblock_phys_free: [{1 << 31:#018x}-{(1 << 31) + 4095:#018x}] y+0x1/0x2", ended,
           *alloc(64, 1 << 30)]
    check("what early boot took", memtrace.taken_bytes(log), 128 + 4096)
    check("without memblock=debug", memtrace.taken_bytes([ended]), None)
    check("to an unknown end", memtrace.taken_bytes(log[:-3]), None)

    def of(took, verdict_is="ok", kaslr=False, **piece):
        pieces = [{"user": "kernel", "bytes": 1 << 24, "pieces": 1, "start": 1 << 31},
                  {"user": "small", "bytes": 4096, "pieces": 1, "start": 0x98000},
                  {"user": "small", "bytes": 200, "pieces": 2, "start": 1 << 30} | piece]
        return {"outcome": "up", "taken": took, "report": {
            "verdict": verdict_is, "findings": [], "model": {
                "outcome": "up", "kaslr": kaslr, "allocations": pieces, "margin_bytes": 4096}}}

    check("how far the model is off",
          [worth.off_by(handover) for handover in
           (of(256), of(4352), of(None), of(4352, "unknown"), of(256, kaslr=True))],
          [0, 4096, None, None, None])
    check("more than the margin", [worth.difference(handover) for handover in (of(4352), of(4353))],
          [{}, {"early memory": "early memory: 4097 bytes off what the log says, more than the margin"}])
    check("all of them", list(worth.margin_lines([of(256), of(4352), of(None)])),
          ["early memory as in the log: 1 of 2 to the byte, none more than 4096 bytes off"])


def check_worth():
    def of(outcome, said, finding, *log):
        return {"outcome": outcome, "shortfalls": shortfall.seen(log),
                "report": {"verdict": said, "findings": [{"id": finding}]}}

    check("what a log says was lost",
          [worth.losses(shortfall.seen(log)) for log in
           ([], [MAPPED], [TRIED, MAPPED], [TRIED, NO_LOW], [CRASH_LOW, CRASH], [CRASH_NOT], [CRASH_LOW_NOT],
            [CRASH_CMA], [GIGANTIC_NOT, GIGANTIC], [GIGANTIC], LOG, LOG_NOT)],
          [set(), set(), {"swiotlb"}, {"swiotlb"}, set(), {"crashkernel"}, {"crashkernel"},
           {"crashkernel cma lost"}, {"gigantic"}, set(), set(), {"log buffer"}])
    check("what warnings are worth",
          list(worth.lines([of("up", "warn", "x", TRIED, MAPPED), of("up", "ok", "x", TRIED, NO_LOW),
                            of("up", "warn", "x", TRIED, MAPPED, CRASH_NOT), of("up", "ok", "x", MAPPED),
                            of("died", "warn", "margin-thin"), of("up", "unknown", "margin-short"),
                            {"outcome": "up", "report": None, "shortfalls": {}}])),
          ["came up, no loss in its log: 2, 0 of them with a warning",
           "came up, a bounce buffer of 8 MiB or more in its log: 1, 1 of them with a warning",
           "came up, a bounce buffer of less in its log: 1, 0 of them with a warning",
           "came up, more in its log: 1, 1 of them with a warning",
           "too close to tell (margin-): 2 of 6"])


def check_shortfalls():
    mib = 1 << 20
    eight = model(swiotlb_wanted_bytes=64 * mib, swiotlb_bytes=8 * mib)
    four = model(swiotlb_wanted_bytes=64 * mib, swiotlb_bytes=4 * mib)
    check("as told", differences(eight, TRIED, MAPPED), [])
    check("more than told", differences(four, TRIED, MAPPED),
          ["swiotlb: 4194304 told, 8388608 seen"])
    worst = model(kaslr=True, swiotlb_wanted_bytes=64 * mib, swiotlb_bytes=4 * mib)
    check("in the worst place less", differences(worst, TRIED, MAPPED), [])
    check("in the worst place none", differences(worst, TRIED, NO_LOW),
          ["swiotlb: 4194304 told, 0 seen"])
    extends = model(swiotlb_wanted_bytes=64 * mib, swiotlb_bytes=4 * mib,
                    basis=[{"what": "scratch is extended over free blocks", "how": "yes: so"}])
    check("worse than it was, as what is preserved is not known",
          differences(extends, TRIED, MAPPED), [])
    check("but it is known", differences(extends | {"readiness": {"preserved": {"bytes": 1}}},
                                         TRIED, MAPPED), ["swiotlb: 4194304 told, 8388608 seen"])
    check("nothing told", differences(model(), TRIED, MAPPED),
          ["swiotlb: nothing told, 8388608 seen", "swiotlb wanted: nothing told, 67108864 seen"])
    check("nothing seen", differences(model(hugepages_wanted=2, hugepages=2)),
          ["gigantic: 2 told, nothing seen", "gigantic wanted: 2 told, nothing seen"])
    check("a loss that is not told", differences(model(), CRASH_CMA),
          ["crashkernel cma lost: nothing told, 759169024 seen"])
    check("a loss that is told otherwise",
          differences(model(crashkernel_cma_wanted_bytes=1024 * mib,
                            crashkernel_cma_bytes=301 * mib), CRASH_CMA),
          ["crashkernel cma lost: 758120448 told, 759169024 seen"])
    crash = model(crashkernel_wanted_bytes=128 * mib, crashkernel_bytes=0)
    check("the log does not say what was wanted", differences(crash, CRASH_LOW_NOT), [])
    check("it is there all the same", differences(crash, CRASH_LOW, CRASH)[0],
          "crashkernel: 0 told, 134217728 seen")
    check("the log buffer", differences(model(allocations=[{"user": "log_buf", "bytes": 16 * mib}]),
                                        *LOG_NOT), ["log buffer: 16777216 told, 0 seen"])
    check("a death is the verdict's matter", differences(four, MAPPED, outcome="died"), [])
    check("and so is a death that was told", differences(model(outcome="dies"), MAPPED), [])


def known_error(text):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "known"
        path.write_text(text)
        try:
            return known.read(path)
        except known.KnownError as error:
            return str(error)


def check_known():
    four = model(swiotlb_wanted_bytes=64 << 20, swiotlb_bytes=4 << 20)
    differs = [handover(four, TRIED, MAPPED)]
    check("a list", known_error("# x\na: swiotlb: why: so\na: gigantic: why\n"),
          {"a": {"swiotlb": "why: so", "gigantic": "why"}})
    check("without a reason", known_error("a: swiotlb:\n"),
          "known:1: 'a: swiotlb:' is not \"CASE: THING: reason\", once")
    check("a difference that is not known", list(known.unexpected(differs, {})),
          ["swiotlb: 4194304 told, 8388608 seen"])
    check("one that is known", list(known.unexpected(differs, {"swiotlb": "x"})), [])
    died = [handover(model(), outcome="died")]
    check("a verdict that is wrong", list(known.unexpected(died, {})),
          ["verdict: said warn, died: a warning is let through as an ok is"])
    check("and known", list(known.unexpected(died, {"verdict": "x"})), [])
    check("a verdict that is right again", list(known.unexpected(differs, {
        "verdict": "x", "swiotlb": "x"})),
          ["verdict: is no difference any more: take it out of tests/vm/known-differences"])
    check("one that is no more", list(known.unexpected([], {"swiotlb": "x"})),
          ["swiotlb: was not compared: take it out of tests/vm/known-differences"])
    chance = [handover(model(kaslr=True), NO_LOW)]
    check("with KASLR it is chance", list(known.unexpected(chance, {"map off node": "x",
                                                                   "swiotlb": "x",
                                                                   "swiotlb wanted": "x"})), [])
    check("one that agrees", list(known.unexpected(differs, {"swiotlb": "x",
                                                                 "swiotlb wanted": "y"})),
          ["swiotlb wanted: is no difference any more: take it out of tests/vm/known-differences"])


def check_names():
    for release, name in (("7.3", "kho_scratch"), ("7.3.4-kho", "kho_scratch"), ("7.4", "kho_bootmem"),
                          ("7.10.1-kho", "kho_bootmem"), ("6.18-debian", "kho_scratch")):
        check(f"the areas' parameter of {release}", guest.area_parameter(release), name)


def check_images():
    with tempfile.TemporaryDirectory() as folder:
        one, other = Path(folder) / "one", Path(folder) / "other"
        for path in (one / "bzImage-7.2.9-kho", one / "bzImage-7.2.13-kho", one / "bzImage-7.20.1-kho",
                     other / "bzImage-7.2.13-fedora", other / "Image.gz-7.2.13-arm64-fedora"):
            path.parent.mkdir(exist_ok=True)
            path.touch()

        def name(arch, version):
            try:
                return guest.kernel_image((one, other), arch, version).name
            except guest.Missing:
                return None

        check("the newest", name("x86_64", "7.2"), "bzImage-7.2.13-kho")
        check("of that number", name("x86_64", "7.2.9"), "bzImage-7.2.9-kho")
        check("a distribution's", name("x86_64", "7.2-fedora"), "bzImage-7.2.13-fedora")
        check("on arm64", name("arm64", "7.2-fedora"), "Image.gz-7.2.13-arm64-fedora")
        check("one that is not there", name("arm64", "7.2"), None)


def check_command():
    case = cases.parse("a", "first = 7.2\nsuccessor = 7.2\nnodes = 2G 0\nnvdimms = 2\n")
    words = " ".join(qemu.command(case, "K", "I"))
    check("RAM, and room for two NVDIMMs", "-m 2048M,slots=2,maxmem=2304M " in words, True)
    check("a node of an NVDIMM alone", "node,nodeid=3 " in words and "memdev=n3,id=d3,node=3" in words,
          True)
    check("a node without memory", words.endswith("-numa node,nodeid=1"), True)
    check("patience", [qemu.patience(cases.parse("a", f"first = {first}\nsuccessor = 7.2\n"
                                                      "nodes = 1G\ncpus = 2\n"))
                       for first in ("7.2", "7.2-debian")], [2, 8])
    check("no such firmware", parse_error("firmware = coreboot\n"),
          "a:1: firmware: 'coreboot' is neither bios nor uefi")


check_outcomes()
check_state()
check_data()
check_trace()
check_cases()
check_patch()
check_verdicts()
check_seen()
check_shortfalls()
check_worth()
check_margin()
check_known()
check_images()
check_names()
check_command()
print(f"1..{count}")
sys.exit(failures != 0)
