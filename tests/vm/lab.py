# SPDX-License-Identifier: GPL-2.0-only
"""Everything that the cases share: folders, and the programs of the guests."""
import os
import subprocess
import threading
from pathlib import Path

import guest
import known
import patch
import predict
import results

HERE = Path(__file__).resolve().parent


class Lab:
    def __init__(self, build, recorded, linked=False):
        self.cache = Path(os.environ.get("KHO_CACHE") or os.path.join(
            os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "kexec-kho"))
        self.kernels = Path(os.environ.get("KHO_VM_KERNELS") or self.cache / "vm" / "kernels")
        self.distro = Path(os.environ.get("KHO_VM_DISTRO") or self.cache / "vm" / "distro")
        self.build = Path(build).resolve()
        self.results = Path(os.environ.get("KHO_VM_RESULTS") or self.build / "tests/vm"
                            / ("results-linked" if linked else "results"))
        self.known = known.read(HERE / "known-differences")
        self.recorded = recorded
        self.linked = linked
        self.kexec = self.build / "kexec" / ("kexec-kho" if linked else "kexec")
        self.kits = {}
        self.patching = threading.Lock()

    def prepare(self, todo):
        """What the cases need, before the threads start. What is missing skips a case later."""
        for arch in {case.arch for case in todo}:
            try:
                self.kits[arch] = self._kit(arch)
            except guest.Missing as error:
                self.kits[arch] = error

    def _kit(self, arch):
        ours = None if self.recorded else self.kexec
        if arch == "x86_64":
            guest.need_program("qemu-system-x86_64")
            stock = self.kexec if self.linked else "/sbin/kexec"
            return guest.Kit(arch, "/", "/bin/busybox", stock, ours, self._luo("cc", "luo"))
        if self.linked:
            raise guest.Missing("kexec-kho is built for this machine only")
        guest.need_program("qemu-system-aarch64")
        self._make_arm64("root")
        if ours:
            folder = self.build / "tests/vm/arm64"
            self._make_arm64("build", folder)
            ours = folder / "kexec/kexec"
        root = self.cache / "vm" / "arm64-root"
        luo = self._luo("aarch64-linux-gnu-gcc", "luo-arm64")
        return guest.Kit(arch, root, root / "bin/busybox", root / "sbin/kexec", ours, luo)

    def _luo(self, compiler, name):
        guest.need_program(compiler)
        made = self.build / "tests/vm" / name
        made.parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run([compiler, "-static", "-O1", "-Wall", "-Werror", "-o", made,
                               HERE / "luo.c"], capture_output=True, text=True, check=False)
        if done.returncode:
            raise guest.Missing("no static luo: " + (done.stderr.splitlines() or ["cc failed"])[-1])
        return made

    @staticmethod
    def _make_arm64(*words):
        done = subprocess.run([HERE / "make-arm64", *words], stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise guest.Missing((done.stderr.strip().splitlines() or ["make-arm64 failed"])[-1])

    def kit(self, case):
        kit = self.kits[case.arch]
        if isinstance(kit, guest.Missing):
            raise kit
        return kit

    def kernels_of(self, case):
        """The images of the whole chain, the first kernel's first."""
        folders = (self.kernels, self.distro)
        found = [guest.kernel_image(folders, case.arch, version)
                 for version in (case.first, *case.successors)]
        if case.patch:
            with self.patching:
                for stage in (0, -1) if case.patch_first else (-1,):
                    found[stage] = patch.kernel_with(found[stage], case.patch,
                                                     self.build / "tests/vm/patched")
        return found

    def run(self, case):
        """The result of @case. With a recorded machine, the report is made now."""
        kernels = self.kernels_of(case)
        result = results.run(case, kernels, self.kit(case), self.results / case.name)
        if self.recorded:
            for number, handover in enumerate(result["handovers"]):
                if handover["outcome"] != "error":
                    handover["report"] = self.predicted(case, number)
        return result

    def predicted(self, case, number, snapshot=None):
        """The report on the recorded machine, or on its snapshot, as seen from this one."""
        images = self.kernels_of(case)[1:]
        initrd = guest.initrd(case, self.kit(case), images, number + 1)
        tree = self.results / case.name / f"machine-{number}.tar.gz"
        return predict.report(self.kexec, snapshot or tree,
                              images[number], initrd, guest.successor_command_line(case))
