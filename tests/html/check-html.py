#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Look at HTML reports in a headless Chromium.

check-html.py CHROMIUM AXE|- FOLDER    FOLDER holds NAME.json and NAME.html of each report
"""
import glob
import json
import os
import re
import shutil
import subprocess
import sys

import chromium

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
import figures  # noqa: E402 pylint: disable=wrong-import-position

WIDTHS = (320, 360, 1600)
count = failed = 0


def ok(good, name, *details):
    """One line of TAP, with what was wrong below it."""
    global count, failed
    count += 1
    failed += not good
    print(f"{'' if good else 'not '}ok {count} - {name}", flush=True)
    if not good:
        for detail in details:
            print(f"# {json.dumps(detail)[:400]}")


def equal(got, wanted, name):
    ok(got == wanted, name, got, wanted)


def skip(name, why):
    global count
    count += 1
    print(f"ok {count} - {name} # SKIP {why}", flush=True)


# Whatever sticks out of the page; what scrolls in a box of its own may.
STICKS_OUT = """[...document.querySelectorAll('body *')].filter(e => {
    if (e.closest('pre')) return false;
    const box = e.getBoundingClientRect();
    return box.width && (box.right > innerWidth + 0.5 || box.left < -0.5);
}).map(e => e.outerHTML.slice(0, 100))"""

# Text in a bar that its bar cuts off.
CUT_OFF = """[...document.querySelectorAll('.bar text')].filter(t => {
    const box = t.getBoundingClientRect(), bar = t.closest('svg').getBoundingClientRect();
    return box.width && (box.right > bar.right + 1 || box.left < bar.left - 1 ||
                         box.bottom > bar.bottom + 1 || box.top < bar.top - 1);
}).map(t => t.outerHTML)"""

# Text in a bar that lies on other text.
COVERED = """[...document.querySelectorAll('.bar')].flatMap(bar => {
    const texts = [...bar.querySelectorAll('text')].map(t => [t, t.getBoundingClientRect()])
        .filter(([t, box]) => box.width);
    return texts.filter(([a, p], i) => texts.some(([b, q], k) => k < i && p.left < q.right &&
        q.left < p.right && p.top < q.bottom && q.top < p.bottom)).map(([t]) => t.outerHTML);
})"""

# An address in two lines.
BROKEN = """[...document.querySelectorAll('.where span')]
    .filter(s => s.getClientRects().length > 1).map(s => s.outerHTML)"""

# Of each kind of text in a bar, which axe does not look at: [text, its colour, that below it].
BAR_COLOURS = """[...document.querySelectorAll('.bar text')].map(t => [t.textContent,
    getComputedStyle(t).fill, t.closest('.axis, .label, .tip') ?
        getComputedStyle(t.closest('.card')).backgroundColor :
        getComputedStyle(t.parentNode.querySelector('rect')).fill])"""

TABLES = """Object.fromEntries([...document.querySelectorAll('table[id]')].map(t => [t.id,
    [...t.rows].map(r => [...r.cells].map(c => {
        const copy = c.cloneNode(true);
        copy.querySelectorAll('.key').forEach(k => k.remove());
        copy.querySelectorAll('.where').forEach(w => w.prepend(' '));
        return copy.textContent;
    }))]))"""

# Of each area's bar: [title, left, width] of its pieces, in pixels from the bar's own left.
PIECES = """[...document.querySelectorAll('section[aria-labelledby^=a] .bar')].map(bar => {
    const left = bar.getBoundingClientRect().left;
    return [bar.getBoundingClientRect().width, [...bar.querySelectorAll('.part > rect')].map(r =>
        [r.textContent, r.getBBox().x, r.getBBox().width])];
})"""

HEADINGS = "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])"
COLOURS = "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"


def check_messages(page, name):
    """Nothing on the console, nothing blocked, nothing asked for but the file itself."""
    told = [e for e in page.events if e["method"] in
            ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded",
             "Network.loadingFailed", "Page.javascriptDialogOpening")]
    asked = [e["params"]["request"]["url"] for e in page.events
             if e["method"] == "Network.requestWillBeSent"]
    ok(not told, f"{name}: nothing on the console", *told)
    ok(len(asked) == 1, f"{name}: nothing is asked for but the page", *asked)


def check_figures(page, name, report):
    """The tables as they stand in the page."""
    figures.failures.clear()
    tables = page.evaluate(TABLES)
    everything = {}
    for nr, start, end in figures.areas(report):
        pieces = figures.paint(report["model"], start, end)
        figures.check_table(f"area {nr}", tables[f"area-{nr}"], pieces, figures.sums(pieces))
        for user, size in figures.sums(pieces).items():
            everything[user] = everything.get(user, 0) + size
    figures.check_table("budget", tables["budget-table"], [], everything)
    ok(not figures.failures, f"{name}: the figures are those of the JSON", *figures.failures)
    shown = json.loads(page.evaluate("document.getElementById('report-json').textContent"))
    # Made by another run, in another form.
    for made in (shown, report):
        made["about"] = {key: made["about"][key] for key in made["about"]
                         if key not in ("time", "options")}
    equal(shown, report, f"{name}: and so is the JSON in the page")


def check_scale(page, name, report):
    """Each piece stands where its addresses say, to the pixel; the smallest are to be seen."""
    wrong = []
    bars = page.evaluate(PIECES)
    for (width, drawn), (_, start, end) in zip(bars, figures.areas(report)):
        pieces = {f"0x{lo:010x}\u20130x{hi:010x}": (lo, hi)
                  for lo, hi, _ in figures.paint(report["model"], start, end)}
        if len(drawn) != len(pieces):
            wrong.append([len(drawn), len(pieces)])
        for title, x, wide in drawn:
            lo, hi = pieces[title.split(": ")[1].split(",")[0]]
            at, size = (lo - start) * width / (end - start), (hi - lo) * width / (end - start)
            if size >= 10 and (abs(x - at) > 0.5 or abs(wide - size) > 0.5) or \
                    abs(x - at) > 4.5 or not size - 0.5 <= wide <= max(size, 4) + 0.5 or wide < 1:
                wrong.append([title, x, wide, at, size])
    ok(not wrong and len(bars) == len(list(figures.areas(report))),
       f"{name}: the bars are to scale", *wrong)


def check_keyboard(page, name):
    """Tab goes through links, parts and the rest in order; a part with focus tells its address."""
    parts = page.evaluate("""(() => { document.activeElement.blur(); window.scrollTo(0, 0);
        return [...document.querySelectorAll('.part')].map(p => p.getAttribute('aria-label'));
    })()""")
    seen, silent = [], []
    for _ in range(len(parts) + 12):
        page.press("Tab")
        focus = page.evaluate("""(() => { const e = document.activeElement;
            if (!e.classList.contains('part')) return null;
            const tip = e.querySelector('.tip'), rect = e.querySelector('rect');
            return [e.getAttribute('aria-label'), getComputedStyle(tip).display != 'none',
                    tip.textContent, getComputedStyle(rect).strokeWidth];
        })()""")
        if len(seen) == len(parts):
            break   # from here it goes round
        if focus:
            seen.append(focus[0])
            if not focus[1] or focus[3] != "3px" or "0x" not in focus[2] or \
                    page.evaluate(CUT_OFF):
                silent.append(focus)
    equal(seen, parts, f"{name}: the keyboard reaches each part, in order")
    ok(not silent, f"{name}: the one with focus is to be seen, with its address", *silent)


def check_hover(page, name):
    """The mouse on the largest part of the first area."""
    page.evaluate("document.activeElement.blur()")
    where = page.evaluate("""(() => {
        const bar = document.querySelector('section[aria-labelledby^=a] .bar');
        if (!bar) return null;
        bar.scrollIntoView({ block: 'center' });
        const box = bar.querySelectorAll('.part > rect')[0].getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2];
    })()""")
    if not where:
        return
    page.call("Input.dispatchMouseEvent", type="mouseMoved", x=where[0], y=where[1])
    told = page.evaluate("""[...document.querySelectorAll('.tip')]
        .filter(t => getComputedStyle(t).display != 'none').map(t => t.textContent)""")
    ok(len(told) == 1 and "0x" in told[0], f"{name}: the mouse on a part tells its address", told)
    page.call("Input.dispatchMouseEvent", type="mouseMoved", x=0, y=0)


def check_bar_colours(page, name):
    """Text in a bar against what it stands on."""
    def hexadecimal(colour):
        return "#" + "".join(f"{int(c):02x}" for c in re.findall(r"\d+", colour)[:3])
    pale = [text for text in page.evaluate(BAR_COLOURS)
            if figures.contrast(hexadecimal(text[1]), hexadecimal(text[2])) < 4.5]
    ok(not pale, f"{name}: text in bars can be read", *pale)


def check_axe(page, name, script):
    """Deque's rules: WCAG 2.2 A and AA, and best practices."""
    page.evaluate(script + "; 1")
    violations = page.evaluate("""axe.run(document, { resultTypes: ['violations'] })
        .then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 120))]))""")
    ok(not violations, f"{name}: axe finds nothing", *violations)


def check_print(page, name, path, report):
    """On paper stands the same verdict, and every area."""
    page.pdf(path)
    if not shutil.which("pdftotext"):
        skip(f"{name}: printed", "wants pdftotext")
        return
    text = subprocess.run(["pdftotext", "-layout", path, "-"], check=True,
                          capture_output=True, text=True).stdout
    missing = [t for t in [f"Verdict: {report['verdict']}"] +
               [f"0x{start:010x}" for _, start, _ in figures.areas(report)] if t not in text]
    ok(not missing, f"{name}: printed", *missing)


def check_report(page, name, base, axe):
    with open(base + ".json", encoding="utf-8") as f:
        report = json.load(f)
    page.show(WIDTHS[0])
    page.open(base + ".html")
    check_figures(page, name, report)
    colours = []
    for dark in (False, True):
        for width in WIDTHS:
            at = f"{name}, {width} px, {'dark' if dark else 'light'}"
            page.show(width, dark=dark)
            equal(page.evaluate("document.documentElement.scrollWidth"), width,
                  f"{at}: no scrolling sideways")
            for what, expression in (("sticks out", STICKS_OUT), ("is cut off", CUT_OFF),
                                     ("lies on other text", COVERED),
                                     ("is broken within an address", BROKEN)):
                wrong = page.evaluate(expression)
                ok(not wrong, f"{at}: nothing {what}", *wrong)
            check_scale(page, at, report)
            check_bar_colours(page, at)
            if axe:
                check_axe(page, at, axe)
        colours.append(page.evaluate(COLOURS))
    ok(colours[0][0] == "rgb(244, 245, 247)" and colours[1][0] == "rgb(16, 20, 24)",
       f"{name}: light and dark", colours)
    page.show(WIDTHS[0])
    headings = page.evaluate(HEADINGS)
    ok(headings[0] == 1 and headings.count(1) == 1 and
       all(b <= a + 1 for a, b in zip(headings, headings[1:])),
       f"{name}: headings without a step left out", headings)
    check_keyboard(page, name)
    page.show(1000)
    check_hover(page, name)
    check_print(page, name, base + ".pdf", report)
    check_messages(page, name)


def main():
    path, axe, folder = sys.argv[1:]
    if axe != "-":
        with open(axe, encoding="utf-8") as f:
            axe = f.read()
    page = chromium.Chromium(path)
    try:
        for file in sorted(glob.glob(os.path.join(folder, "*.html"))):
            name = os.path.basename(file)[:-5]
            check_report(page, name, file[:-5], None if axe == "-" else axe)
            if axe == "-":
                skip(f"{name}: axe finds nothing", "axe-core can't be had")
    finally:
        page.close()
    print(f"1..{count}")
    print(f"# PASS: {count - failed}\n# FAIL: {failed}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
