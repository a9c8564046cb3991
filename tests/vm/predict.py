# SPDX-License-Identifier: GPL-2.0-only
"""What kexec says of a recorded machine: the same report as on the machine, made on this one."""
import json
import subprocess
import tempfile
from pathlib import Path


class PredictError(Exception):
    pass


def preserved_of(report):
    return (report.get("readiness") or {}).get("preserved")


def wants_kcore(report):
    """Does the verdict depend on memory of the guest, which its captured tree does not hold?"""
    # kexec/machine/remedy.c, REMEDY_KCORE: for this machine, and for another.
    if any(word in (finding["remedy"] or "") for finding in report["findings"]
           for word in ("/proc/kcore", "--kho-save-machine=")):
        return True
    if preserved_of(report):
        return False
    bases = (report["model"] or {}).get("basis", [])
    extends = any(basis["what"].startswith("scratch is extended")
                  and basis["how"].startswith("yes") for basis in bases)
    return extends or any(finding["id"] == "memory-cut" for finding in report["findings"])


def report(kexec, machine, image, initrd, append, arch=None):
    """The report's object. @machine: a machine-N.tar.gz, or a snapshot's text; @initrd: bytes;
    @arch: what proc/sys/kernel/arch of a tree says that was captured without it.
    """
    with tempfile.TemporaryDirectory(prefix="kho-vm-") as folder:
        tree = Path(folder) / "machine"
        if isinstance(machine, str):
            tree.write_text(machine)
        else:
            tree.mkdir()
            subprocess.run(["tar", "-xmzf", machine, "-C", tree], check=True)
            file = tree / "proc/sys/kernel/arch"
            if arch and not file.exists():
                file.write_text(f"{arch}\n")
        initrd_file = Path(folder) / "initrd"
        initrd_file.write_bytes(initrd)
        done = subprocess.run(
            [kexec, "--kho-report=json", f"--kho-machine={tree}", f"--kho-image={image}",
             f"--kho-initrd={initrd_file}", f"--kho-append={append}"],
            capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)
    except ValueError as error:
        raise PredictError(f"kexec --kho-report: status {done.returncode}, no JSON on stdout; "
                           f"{done.stderr.strip()}") from error
