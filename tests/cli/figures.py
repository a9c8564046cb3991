#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Hold the drawn reports against the JSON one, whose list of allocations is painted anew.

figures.py map JSON MAP COLUMNS    every number, every cell of every area
figures.py html JSON HTML          every number of the tables, and that the page needs nothing else
figures.py shortage JSON TEXT START BYTES MAP    what finds no room in the one area, of a memory map of
                                   MAP bytes: all of it worked out of the list of allocations
figures.py contrast CSS            the style's colours, against WCAG 2 AA
"""
import html.parser
import json
import math
import re
import sys

# What the reports for people call a user of the JSON's, and its letter; in the order in
# which early boot asks.
USERS = [
    ("kernel", "kernel", "K"), ("initrd", "initrd", "I"), ("boot_params", "boot parameters", "B"),
    ("scratch_list", "scratch list", "L"), ("purgatory", "purgatory", "Y"),
    ("page_tables", "page tables of the direct map", "D"), ("log_buf", "kernel log", "G"),
    ("node_data", "node data", "N"), ("cma", "CMA area", "C"), ("crashkernel", "crash kernel", "X"),
    ("hugepages", "gigantic pages", "Z"), ("section_table", "section table", "R"),
    ("usage_map", "usage map", "U"), ("memory_map", "memory map", "M"),
    ("map_tables", "page tables of the memory map", "T"), ("percpu", "percpu memory", "P"),
    ("hashes", "hash tables", "H"), ("swiotlb", "bounce buffer", "S"),
    ("small", "small pieces", "o"), ("free", "free", "."), ("unknown", "not known", "?"),
]
KEY = {text: key for key, text, _ in USERS}
LETTER = {key: letter for key, _, letter in USERS}
RANK = {key: i for i, (key, _, _) in enumerate(USERS)}

failures = []


def check(what, got, wanted):
    if got != wanted:
        failures.append(f"{what}: {got!r} is not {wanted!r}")


def paint(model, start, end):
    """[(start, end, user)] of an area: later allocations lie on earlier ones."""
    if not model:
        return [(start, end, "unknown")]
    taken = [(max(a["start"], start), min(a["start"] + a["bytes"], end), a["user"])
             for a in model["allocations"]]
    taken = [t for t in taken if t[0] < t[1]]
    edges = sorted({start, end, *(t[0] for t in taken), *(t[1] for t in taken)})
    pieces = []
    for lo, hi in zip(edges, edges[1:]):
        owners = [user for a, b, user in taken if a <= lo and hi <= b]
        lasting = [user for user in owners if user != "purgatory"]
        user = (lasting or owners or ["free"])[-1]
        if pieces and pieces[-1][2] == user:
            pieces[-1] = (pieces[-1][0], hi, user)
        else:
            pieces.append((lo, hi, user))
    return pieces


def sums(pieces):
    total = {}
    for lo, hi, user in pieces:
        total[user] = total.get(user, 0) + hi - lo
    return total


def by_size(total):
    return sorted(total, key=lambda user: (user == "free", -total[user], RANK[user]))


def bar(pieces, cells):
    """The letters of a bar, and the users that have none."""
    start, size = pieces[0][0], pieces[-1][1] - pieces[0][0]
    share = []
    for i in range(cells):
        lo, hi = start + size * i // cells, start + size * (i + 1) // cells
        share.append({})
        for a, b, user in pieces:
            if max(a, lo) < min(b, hi):
                share[i][user] = share[i].get(user, 0) + min(b, hi) - max(a, lo)
    cell = [max(s, key=lambda user: (s[user], -RANK[user])) for s in share]
    for user in by_size(sums(pieces)):
        if user in cell:
            continue
        seats = [i for i in range(cells) if user in share[i] and cell.count(cell[i]) > 1]
        if seats:
            cell[max(seats, key=lambda i: (share[i][user], -i))] = user
    return "".join(LETTER[user] for user in cell), set(sums(pieces)) - set(cell)


def areas(report):
    """(number, start, end) of each area."""
    for nr, area in enumerate(report["machine"]["scratch"] or []):
        yield nr + 1, area["start"], area["start"] + area["bytes"]


AREA = re.compile(r"area (\d+) \((?:lowmem, |global, )?node( \d+)+\): .*, "
                  r"0x([0-9a-f]+)-0x([0-9a-f]+); cell: .*")
SHARE = re.compile(r"([ (])(.)[ )] (.{29}) +(\d+) +(<0\.1|\d+\.\d)%  (.*)")


def check_share(line, pieces, total, undrawn):
    match = SHARE.fullmatch(line)
    if not match:
        failures.append(f"no line of a legend: {line!r}")
        return None
    user = KEY[match[3].rstrip()]
    mine = [p for p in pieces if p[2] == user]
    where = f"0x{mine[0][0]:010x}-0x{mine[0][1]:010x}" if len(mine) == 1 else \
        f"{len(mine)} stretches"
    check(f"letter of {user}", match[2], LETTER[user])
    check(f"bytes of {user}", int(match[4]), total[user])
    check(f"is {user} told to be too small", match[1] == "(", user in undrawn)
    check(f"place of {user}", match[6], where)
    tenths = total[user] * 1000 // sum(total.values())
    check(f"percent of {user}", match[5], f"{tenths // 10}.{tenths % 10}" if tenths else "<0.1")
    return user


def check_map(report, text, columns):
    blocks = {}
    for block in text.split("\n\n"):
        match = AREA.match(block)
        if match:
            blocks[int(match[1])] = (match, block.splitlines())
    check("areas drawn", sorted(blocks), [nr for nr, *_ in areas(report)])
    for nr, start, end in areas(report):
        match, lines = blocks[nr]
        pieces = paint(report["model"], start, end)
        total = sums(pieces)
        letters, undrawn = bar(pieces, columns - 2)
        check(f"place of area {nr}", (int(match[3], 16), int(match[4], 16)), (start, end))
        check(f"bar of area {nr}", lines[1], f"|{letters}|")
        check(f"legend of area {nr}", [check_share(line, pieces, total, undrawn)
                                       for line in lines[2:]], by_size(total))
        check(f"sum of area {nr}", sum(total.values()), end - start)
        if report["model"]:
            check(f"what is left of area {nr}", total.get("free", 0) + total.get("purgatory", 0),
                  report["model"]["areas_left_bytes"][nr - 1])


def check_short_bar(report, text, columns):
    """What finds no room: the cells that are missing, rounded up, and the bytes."""
    short = (report["model"] or {}).get("shortage")
    block = [b.splitlines() for b in text.split("\n\n") if b.startswith("no room: ")]
    check("what finds no room is drawn", len(block), 1 if short else 0)
    if not short or not block:
        return
    _, drawn, told_bytes = block[0]
    missing = int(told_bytes.split()[2])
    check("bytes that are missing", missing, short["missing_bytes"])
    had = sum(a["bytes"] for a in report["model"]["allocations"]
              if a["user"] == short["user"] == "memory_map" and a["wanted_node"] == short["node"])
    if short["user"] != "memory_map":
        had = short["piece_bytes"] * short["pieces"] - missing
    cells = columns - 2
    check("cells that are missing", drawn.count("!"),
          max(1, cells - int(had * cells / (had + missing))))


def size(number, way=math.floor):
    """Three digits and a unit, rounded down, or with math.ceil up."""
    unit = 0
    while number >= 1000 and unit < 4:
        number, unit = number / 1024, unit + 1
    digits = 0 if not unit or number >= 100 else 1 if number >= 10 else 2
    text = f"{way(number * 10 ** digits) / 10 ** digits:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text} {['bytes', 'KiB', 'MiB', 'GiB', 'TiB'][unit]}"


def check_text_shortage(report, text, start, area_bytes, map_bytes):
    """Of what the report says of the request only the list of allocations is believed."""
    holes = [hi - lo for lo, hi, user in paint(report["model"], start, start + area_bytes)
             if user == "free"]
    got = [a for a in report["model"]["allocations"] if a["user"] == "memory_map"]
    missing = map_bytes - sum(a["bytes"] for a in got)
    # A PMD of 2 MiB was begun page by page: the rest of it is what is asked for.
    pages = sum(a["pieces"] for a in got if a["bytes"] == a["pieces"] * 4096)
    lines = text.splitlines()
    for line in (f"  wanted        {512 - pages % 512} pieces of 4 KiB",
                 f"  missing       {size(missing, math.ceil)}",
                 f"  largest left  {size(max(holes))}, of {size(sum(holes))} that are left"):
        check(f"a line \"{line}\"", line in lines, True)


def check_shortage(report, page):
    """The same on the page: in the card of its finding, in bytes."""
    short = (report["model"] or {}).get("shortage")
    rows = dict(page.tables.get("shortage", [("", "")])[1:])
    finding = any(f["id"] in ("memory-map-short", "early-memory-short", "load-no-hole")
                  for f in report["findings"])
    check("is what finds no room shown", bool(rows), bool(short and finding))
    if rows:
        check("what is missing", rows["missing"],
              f"{size(short['missing_bytes'], math.ceil)} ({short['missing_bytes']:,} bytes)")
        check("the largest piece left", rows["largest piece left"],
              f"{size(short['largest_bytes'])} ({short['largest_bytes']:,} bytes)")
        check("who asks", rows["asked for by"], f"{short['function']}(), {short['file']}")


class Page(html.parser.HTMLParser):
    """Tables by id, texts by element, and all that a page could load."""

    VOID = {"meta", "br", "wbr", "rect", "path", "link", "img", "input"}

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.tags, self.loads = [], [], [], []
        self.tables, self.rows, self.style, self.json = {}, None, "", ""
        self.texts = {"title": [], "strong": [], "code": [], "h3": [], "p": []}

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append((tag, attrs))
        if "id" in attrs:
            self.ids.append(attrs["id"])
        for name, value in attrs.items():
            if name in ("src", "srcset", "data", "xlink:href", "action") or name.startswith("on") \
                    or (name == "href" and not value.startswith("#")):
                self.loads.append(f"{name}={value}")
        if tag == "table":
            self.rows = self.tables.setdefault(attrs.get("id"), [])
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td"):
            self.rows[-1].append("")
        elif attrs.get("class") == "where":
            self.rows[-1][-1] += " "
        if tag in self.texts:
            self.texts[tag].append("")
        if tag not in self.VOID:
            self.open.append((tag, attrs))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1][0] == tag:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in self.VOID:
            return
        while self.open and self.open.pop()[0] != tag:
            failures.append(f"</{tag}> closes another element")

    def handle_data(self, data):
        names = [tag for tag, _ in self.open]
        if "style" in names:
            self.style += data
        if any(attrs.get("id") == "report-json" for _, attrs in self.open):
            self.json += data
        if "key" in [attrs.get("class", "").split(" ")[0] for _, attrs in self.open]:
            return
        for tag in self.texts:
            if tag in names and self.texts[tag]:
                self.texts[tag][-1] += data
        if self.rows and self.rows[-1] and ("th" in names or "td" in names):
            self.rows[-1][-1] += data


def number(text):
    return int(text.replace(",", ""))


def check_table(what, rows, pieces, total):
    """Head, one row a user, foot: names with their places, bytes, shares."""
    check(f"{what}: users", [KEY[row[0].split(" 0x")[0].split(" and ")[0]] for row in rows[1:-1]],
          by_size(total))
    for row in rows[1:-1]:
        user = KEY[row[0].split(" 0x")[0].split(" and ")[0]]
        check(f"{what}: bytes of {user}", number(row[1]), total[user])
        told = re.findall(r"0x([0-9a-f]{10,})\u20130x([0-9a-f]{10,})", row[0])
        mine = [p for p in pieces if p[2] == user]
        check(f"{what}: places of {user}", [(int(a, 16), int(b, 16)) for a, b in told],
              [p[:2] for p in mine[:4]])
        check(f"{what}: further places of {user}", f"and {len(mine) - 4} more" in row[0],
              len(mine) > 4)
    check(f"{what}: sum", number(rows[-1][1]), sum(total.values()))


def check_titles(page, pieces):
    """Each piece can be hovered: its user, its exact place, its bytes."""
    for lo, hi, user in pieces:
        name = next(text for key, text, _ in USERS if key == user)
        wanted = f"{name}: 0x{lo:010x}\u20130x{hi:010x}, {hi - lo:,} bytes"
        check(f"a title \"{wanted}\"", wanted in page.texts["title"], True)


def check_self_contained(page):
    check("what is loaded or run", page.loads, [])
    check("elements that load or run", [tag for tag, _ in page.tags if tag in
                                        ("script", "link", "img", "iframe", "object", "embed",
                                         "audio", "video", "base", "form", "image", "use")], [])
    check("the style loads nothing", re.findall(r"url\(|@import|@font-face", page.style), [])
    policy = [a["content"] for tag, a in page.tags if tag == "meta" and
              a.get("http-equiv") == "Content-Security-Policy"]
    check("the policy", policy, ["default-src 'none'; style-src 'unsafe-inline'"])
    check("ids that stand twice", [i for i in set(page.ids) if page.ids.count(i) > 1], [])
    check("elements left open", page.open, [])


def told(fate, model):
    """What is said of a handover, or of one producer's, that the readiness has this for."""
    doubt = model and (model["outcome"] != "up" or model["too_close"])
    return "would arrive, if the successor came up" if fate == "arrives" and doubt else fate


def check_handover(report, tables):
    readiness, model = report["readiness"], report["model"]
    if not readiness:
        check("a handover is reported", "handover-table" in tables, False)
        return
    rows = dict(tables["handover-table"])
    if readiness["handover"]:
        fate = rows["what happens to it"]
        check("what becomes of the handover", fate.split(":")[0],
              {"unknown": "not known"}.get(readiness["handover"],
                                           told(readiness["handover"], model)))
        check("formats read", rows["formats that the successor reads"],
              ", ".join(readiness["successor_formats"]) or "none")
    check("format written", rows["format that is written"],
          ", ".join(readiness["formats"] or []) or "not known")
    preserved = readiness["preserved"]
    check("preserved memory", rows["preserved memory"], "not known" if not preserved else
          f"{preserved['bytes']:,} bytes in {preserved['ranges']} ranges; "
          f"{preserved['free_gib_blocks']} of {preserved['gib_blocks']} blocks of 1 GiB contain "
          "none of it")
    wanted = [[p["name"],
               (", ".join(texts[0] for texts in p["formats"].values()) or "raw") +
               ("reserve_mem " + ", ".join(p["reserve_mem"]) if p["reserve_mem"] else ""),
               told(p["fate"], model) if readiness["handover"] else "not judged"]
              for p in readiness["producers"]]
    check("producers", tables.get("producers", [None])[1:], wanted)


def check_html(report, text):
    page = Page()
    page.feed(text)
    page.close()
    check_shortage(report, page)
    check_self_contained(page)
    shown = json.loads(page.json)
    # Made by another run, in another form.
    for made in (shown, report):
        made["about"].pop("time")
        made["about"].pop("options")
    check("the JSON in the page", shown, report)
    accepted = [f["severity"] for f in report["findings"] if f["accepted"]]
    counts = ", ".join(f"{accepted.count(s)} {s}" for s in ("fail", "unknown", "warn", "note")
                       if s in accepted)
    check("the verdict", page.texts["strong"],
          ["Verdict: " + report["verdict"] + (f" ({counts} accepted)" if counts else "")])
    for finding in report["findings"]:
        check(f"{finding['id']} is reported", finding["message"] in page.texts["p"], True)
        check(f"{finding['id']} has its heading", f"{finding['severity']} {finding['id']}" +
              (" (accepted)" if finding["accepted"] else "") in page.texts["h3"], True)
        if finding["remedy"]:
            check(f"{finding['id']}: remedy", "Remedy: " + finding["remedy"] in page.texts["p"],
                  True)
    check_handover(report, page.tables)
    everything = {}
    for nr, start, end in areas(report):
        pieces = paint(report["model"], start, end)
        check_table(f"area {nr}", page.tables[f"area-{nr}"], pieces, sums(pieces))
        check_titles(page, pieces)
        for user, count in sums(pieces).items():
            everything[user] = everything.get(user, 0) + count
    check_table("budget", page.tables["budget-table"], [], everything)


def luminance(colour):
    """WCAG 2, relative luminance."""
    part = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    part = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in part]
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2]


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


# What is written on what: 4.5; what is seen beside what: 3.
TEXT = [("ink", "page"), ("ink", "card"), ("soft", "page"), ("soft", "card"), ("link", "page"),
        ("ink", "ram"), ("card", "area")] + \
       [(tone, "card") for tone in ("ok", "warn", "unknown", "fail", "note")] + \
       [("on-verdict", tone) for tone in ("ok", "warn", "unknown", "fail")] + \
       [("on-" + f, f) for f in ("loaded", "map", "kernel", "reserved", "preserved", "free")]
SHAPE = [(f, ground) for f in ("loaded", "map", "kernel", "reserved") for ground in
         ("card", "free")] + [("edge", "card"), ("area", "card"), ("area", "ram"),
                              ("preserved", "ram"),
                              ("focus", "card"), ("focus", "page")]


def check_contrast(css):
    roots = [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", body))
             for body in re.findall(r":root \{(.*?)\}", css, re.S)]
    check("light, dark and print", len(roots), 3)
    light, dark, printed = roots
    themes = {"light": light, "dark": {**light, **dark}, "print": {**light, **printed}}
    check("colours of light that dark has not", set(light) - set(dark), set())
    for name, theme in themes.items():
        for pairs, least in ((TEXT, 4.5), (SHAPE, 3)):
            for a, b in pairs:
                ratio = contrast(theme[a], theme[b])
                if ratio < least:
                    failures.append(f"{name}: {a} on {b}: {ratio:.2f}, under {least}")


def main():
    what, *files = sys.argv[1:]
    with open(files[0], encoding="utf-8") as f:
        first = f.read()
    if what == "contrast":
        check_contrast(first)
    else:
        with open(files[1], encoding="utf-8") as f:
            second = f.read()
        if what == "shortage":
            check_text_shortage(json.loads(first), second, *(int(n, 0) for n in files[2:]))
        elif what == "map":
            check_map(json.loads(first), second, int(files[2]))
            check_short_bar(json.loads(first), second, int(files[2]))
        else:
            check_html(json.loads(first), second)
    for failure in failures[:20]:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
