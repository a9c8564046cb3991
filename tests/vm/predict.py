# SPDX-License-Identifier: GPL-2.0-only
"""What kexec says of a recorded machine: the same report as on the machine, made on this one."""
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path


class PredictError(Exception):
    pass


def report(kexec, machine, image, initrd, append, vmcoreinfo):
    """The report's object. @machine: a machine-N.tar.gz; @vmcoreinfo: a text, where needed."""
    with tempfile.TemporaryDirectory(prefix="kho-vm-") as folder:
        tree = Path(folder) / "machine"
        tree.mkdir()
        with tarfile.open(machine) as archive:
            archive.extractall(tree, filter="data")
        initrd_file = Path(folder) / "initrd"
        initrd_file.write_bytes(initrd)
        command = [kexec, "--kho-report=json", f"--kho-machine={tree}", f"--kho-image={image}",
                   f"--kho-initrd={initrd_file}", f"--kho-append={append}"]
        if vmcoreinfo:
            given = Path(folder) / "vmcoreinfo"
            given.write_text(vmcoreinfo)
            command.append(f"--kho-vmcoreinfo={given}")
        return parsed(command)


def knows_struct_page(kexec, image):
    """Does the image itself tell all that the estimate needs?"""
    with tempfile.TemporaryDirectory(prefix="kho-vm-") as folder:
        done = parsed([kexec, "--kho-report=json", f"--kho-machine={folder}",
                       f"--kho-image={image}"])
    return done["successor"]["section_map_bytes"] is not None


def parsed(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)
    except ValueError as error:
        raise PredictError(f"kexec --kho-report: status {done.returncode}, no JSON on stdout; "
                           f"{done.stderr.strip()}") from error
