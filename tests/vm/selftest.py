# SPDX-License-Identifier: GPL-2.0-only
"""The driver's own rules, on consoles and logs written by hand. TAP on stdout."""
import base64
import gzip
import sys

sys.dont_write_bytecode = True
import case as cases
import memtrace
import patch
import qemu
import verdict

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
    check("a reset without a word", outcomes(LOADED + "Booting\n"), ["died"])
    check("a successor that turned itself off unseen", outcomes(LOADED + "reboot: Power down\n"),
          ["error"])
    check("silence after the jump", outcomes(LOADED + "Booting\n", "silence"), ["hang"])
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
    whole = "memblock_alloc_exact_nid_raw: 50331648 bytes align=0x200000 nid=0 from=0x1000000 " \
            "max_addr=0x1 memmap_alloc+0x1a/0x30"
    check("a run that was asked for in one piece counts once",
          memtrace.memory_map_bytes(memtrace.compact([whole, *lines]))[0], 48 << 20)


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


def check_verdicts():
    report = {"verdict": "warn", "sparsemem": {"nodes": [{"fits": True}, {"fits": False}]}}
    check("the estimate alone", verdict.estimate_of(report), "fail")
    check("an estimate that could not be made",
          verdict.estimate_of({"verdict": "unknown", "sparsemem": {"nodes": None}}), "unknown")
    rows = [verdict.row("a", report, "up"), verdict.row("b", report, "died")]
    check("a fail that came up is wrong", rows[0].wrong(rows[0].estimate), True)
    check("a warn may die or come up",
          rows[0].wrong(rows[0].said) or rows[1].wrong(rows[1].said), False)
    check("a warn that loses the state is wrong",
          verdict.row("c", report, "lost").wrong("warn"), True)
    check("a matrix", verdict.matrix(rows, lambda row: row.estimate)[4],
          "| fail | **1** | · | 1 | · | · |")


check_outcomes()
check_state()
check_data()
check_trace()
check_cases()
check_patch()
check_verdicts()
print(f"1..{count}")
sys.exit(failures != 0)
