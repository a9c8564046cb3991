# SPDX-License-Identifier: GPL-2.0-only
"""The package alone, in a root of each Debian: a chroot is enough, nothing is booted."""
import re
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
# The name of a case, and the suite with the kexec-tools that are named in its checks.
SUITES = {"package-sid": "sid", "package-trixie": "trixie", "package-bookworm": "bookworm"}
KEXEC_TOOLS = {"sid": "2.0.32", "trixie": "2.0.29", "bookworm": "2.0.25"}
STATUS = re.compile(r"^@(\S+) (\d+)$", re.M)


def check(tap, the_root, suite):
    deb, tar = the_root.package(suite), the_root.system(suite)
    with tempfile.TemporaryDirectory(prefix="kho-system-") as folder:
        done = subprocess.run(["unshare", "--mount", "--pid", "--fork", "--mount-proc", "sh",
                               HERE / "try-package", folder, tar, deb,
                               HERE.parents[1] / "data/machines"],
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = dict(STATUS.findall(done.stdout))
    expected = {"install": "0", "plain": "0", "refused": "4", "report": "3", "divert": "0",
                "diverted-plain": "0", "diverted-refused": "4", "undivert": "0", "again": "0",
                "remove": "0"}
    for step, status in expected.items():
        tap.check(f"{step}: status {status}", said.get(step) == status, done.stdout)
    tap.check(f"kexec is that of kexec-tools {KEXEC_TOOLS[suite]}, in the end too",
              done.stdout.count(f"kexec-tools {KEXEC_TOOLS[suite]}") == 3, done.stdout)
