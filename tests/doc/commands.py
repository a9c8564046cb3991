#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""commands.py FOLDER FILE...: the commands of documents, each as FOLDER/N.sh.

In Markdown a command is a line of a ```-block that begins with "$ " or "# ", with the lines that a
backslash or a "&&" continues; in the manual what stands behind .Dl.  FOLDER/N.said holds the lines that the
document shows below it ("…" stands for any number of them; what stands below a command of root is of the
author's machine), FOLDER/N.where its file.
"""
import re
import sys
from pathlib import Path


def blocks(text):
    for found in re.finditer(r"^```\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield found.group(1).splitlines()


def of_markdown(text):
    for lines in blocks(text):
        if not any(re.match(r"[$#] ", line) for line in lines):
            continue
        command, said, live = None, [], False
        for line in lines:
            if command and re.search(r"(\\|&&)$", command):
                command += "\n" + line
            elif re.match(r"[$#] ", line):
                if command:
                    yield command, said
                command, said, live = line[2:], [], line.startswith("#")
            elif not live:
                said.append(line)
        if command:
            yield command, said


def of_manual(text):
    unquoted = text.replace(r"\(dq", '"').replace(r"\-", "-").replace(r"\e", "\\")
    for line in unquoted.splitlines():
        found = re.match(r"\.Dl [$#] (.*)", line)
        if found:
            yield found.group(1), []


def main():
    folder, *files = sys.argv[1:]
    number = 0
    for file in files:
        text = Path(file).read_text(encoding="utf-8")
        for command, said in (of_markdown if file.endswith(".md") else of_manual)(text):
            number += 1
            base = Path(folder) / str(number)
            base.with_suffix(".sh").write_text(command + "\n", encoding="utf-8")
            base.with_suffix(".said").write_text("".join(f"{line}\n" for line in said), encoding="utf-8")
            base.with_suffix(".where").write_text(Path(file).name + "\n", encoding="utf-8")
    print(number)


if __name__ == "__main__":
    main()
