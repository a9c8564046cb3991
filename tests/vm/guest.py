# SPDX-License-Identifier: GPL-2.0-only
"""What a guest is made of: kernels, an initramfs, the programs and libraries in it."""
import functools
import gzip
import hashlib
import re
import shlex
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
CONSOLE = {"x86_64": "ttyS0", "arm64": "ttyAMA0"}
# Without it a death before the console driver is silent.
EARLY = {"x86_64": "earlyprintk=ttyS0", "arm64": "earlycon"}
# On a busy host the emulated timer misses the ten ticks that check_timer() (arch/x86/kernel/apic/io_apic.c)
# waits for, whatever the kernel; then it panics.
TIMER = {"x86_64": "no_timer_check", "arm64": ""}
LIBRARY_FOLDERS = {
    "x86_64": ("lib64", "lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu"),
    "arm64": ("lib", "lib/aarch64-linux-gnu", "usr/lib/aarch64-linux-gnu"),
}


class Missing(Exception):
    """Something that a guest needs is not on this machine."""


def need_program(name):
    if not shutil.which(name):
        raise Missing(f"no {name}: run scripts/setup vm")


class Archive:
    """A cpio archive (newc), as the kernel unpacks it: no root and no device needed."""

    def __init__(self):
        self.parts = []
        self.folders = set()
        self.inode = 0

    def _entry(self, name, mode, data):
        self.inode += 1
        name = name.encode() + b"\0"
        fields = (self.inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0)
        head = b"070701" + b"".join(b"%08x" % value for value in fields) + name
        self.parts.append(head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4))

    def _parents(self, name):
        for parent in reversed(Path(name).parents):
            if str(parent) != "." and parent not in self.folders:
                self.folders.add(parent)
                self._entry(str(parent), 0o040755, b"")

    def add(self, name, data, mode=0o755):
        self._parents(name)
        self._entry(name, 0o100000 | mode, data)

    def link(self, name, target):
        self._parents(name)
        self._entry(name, 0o120777, target.encode())

    def data(self):
        self._entry("TRAILER!!!", 0, b"")
        return b"".join(self.parts)


def debian_image(release):
    """A kernel of Debian's, as tests/kernels/fetch leaves it: "7.3.4+deb13-cloud-amd64"."""
    fetch = HERE.parent / "kernels" / "fetch"
    folder = subprocess.run([fetch, "dir"], capture_output=True, text=True, check=True).stdout
    path = Path(folder.strip()) / release / "vmlinuz"
    if not path.exists():
        raise Missing(f"no {path}: run tests/kernels/fetch image {release}")
    return path


def kernel_image(folders, arch, version):
    """The newest image of @version in @folders: "7.2" is 7.2.13, but not 7.20, "7.2-fedora" one that
    is configured as Fedora's; or a kernel of Debian's own, by its whole name.
    """
    if re.search(r"\+deb\d", version):
        return debian_image(version)
    wanted, _, flavour = version.partition("-")
    pattern = {"x86_64": "bzImage-*-", "arm64": "Image.gz-*-arm64-"}[arch] + (flavour or "kho")
    found = []
    for path in (path for folder in folders for path in folder.glob(pattern)):
        number = path.name.split("-")[1]
        if number == wanted or number.startswith(wanted + "."):
            found.append(([int(part) for part in re.findall(r"\d+", number)], path))
    if not found:
        where = " or ".join(str(folder) for folder in folders)
        raise Missing(f"no {arch} kernel {version} in {where}: see tests/vm/build-kernels")
    return max(found)[1]


def image_name(path):
    """Of Debian's kernels all are called vmlinuz."""
    return f"debian-{path.parent.name}" if path.name == "vmlinuz" else path.name


class Kit:
    """The programs that go into every guest of one architecture."""

    def __init__(self, arch, root, busybox, stock_kexec, our_kexec, luo=None):
        self.arch, self.root = arch, Path(root)
        self.files = {}
        self.links = {}
        self._program("bin/busybox", busybox)
        if luo:
            self._program("bin/luo", luo)
        self.small = dict(self.files)
        self._program("sbin/kexec", stock_kexec)
        if our_kexec:
            self._program("ours/kexec", our_kexec)
        capture = HERE.parent.parent / "scripts" / "capture-machine"
        self.files["bin/capture-machine"] = capture
        for path in (capture, HERE / "guest-init"):
            if not path.exists():
                raise Missing(f"{path} is not there")

    def _program(self, name, path):
        path = Path(path)
        if not path.is_file():
            raise Missing(f"{path} is not there")
        self.files[name] = path
        self._libraries(path)

    def _library(self, name):
        for folder in LIBRARY_FOLDERS[self.arch]:
            path = self.root / folder / name
            if path.exists():
                return path
        raise Missing(f"no library {name} for {self.arch} below {self.root}")

    def _libraries(self, path):
        """What the dynamic loader would look for, asked of readelf: works for any machine."""
        text = subprocess.run(["readelf", "-dl", path], capture_output=True, text=True,
                              check=True).stdout
        loader = re.search(r"program interpreter: (\S+)\]", text)
        names = re.findall(r"\(NEEDED\).*\[(.+)\]", text)
        if loader:
            names.append(Path(loader[1]).name)
            self.links.setdefault(loader[1].lstrip("/"), f"/lib/{Path(loader[1]).name}")
        for name in names:
            if f"lib/{name}" not in self.files:
                self.files[f"lib/{name}"] = self._library(name)
                self._libraries(self.files[f"lib/{name}"])

    def digest(self):
        total = hashlib.sha256()
        for name, path in sorted(self.files.items()):
            total.update(name.encode() + hashlib.sha256(path.read_bytes()).digest())
        total.update((HERE / "guest-init").read_bytes())
        return total.hexdigest()

    def archive(self, small):
        archive = Archive()
        for name, path in (self.small if small else self.files).items():
            archive.add(name, path.read_bytes())
        for name, target in ({} if small else self.links).items():
            if name not in self.files:
                archive.link(name, target)
        archive.add("init", (HERE / "guest-init").read_bytes())
        return archive


def command_line(*words):
    return " ".join(word for word in words if word)


def preserving(case, first):
    """What the kernels of a handover are told, for there to be something to hand over."""
    region = case.state == "yes" or first and case.state == "first"
    return command_line("reserve_mem=4M:4K:kho_state" if region else "",
                        "liveupdate=on" if case.luo else "")


def successor_command_line(case):
    # As an operator would: a kernel that is to hand over again needs kho=on.
    return command_line(f"console={CONSOLE[case.arch]}", EARLY[case.arch], TIMER[case.arch], "panic=1", "kho=on",
                        preserving(case, first=False), case.append)


def area_parameter(release):
    """What sets the areas' sizes, of that kernel: "7.3", "7.3.4-kho", "7.2-fedora"."""
    major, minor = re.match(r"(\d+)\.(\d+)", release).groups()
    return "kho_bootmem" if (int(major), int(minor)) >= (7, 4) else "kho_scratch"


def first_command_line(case):
    return command_line(f"console={CONSOLE[case.arch]}", TIMER[case.arch], "panic=1",
                        "kho=on" if case.kho else "",
                        f"{area_parameter(case.first)}={case.scratch}" if case.scratch and case.kho else "",
                        preserving(case, first=True), case.first_append)


@functools.cache
def last_initrd(kit):
    return gzip.compress(kit.archive(small=True).data(), 6, mtime=0)


def initrd(case, kit, images, stage):
    """The initrd of kernel @stage of the chain; 0 is the first kernel. @images: successors."""
    if stage == len(images):
        return padded(last_initrd(kit), case)
    orders = {
        "append": successor_command_line(case),
        "flags": case.flags,
        "finalize": "yes" if case.finalize else "no",
        "hook": "yes" if case.hook else "no",
        "luo": "yes" if case.luo else "no",
    }
    lines = [f"{key}={shlex.quote(value)}\n" for key, value in orders.items()]
    archive = kit.archive(small=False)
    archive.add("stage", "".join(lines).encode(), 0o644)
    archive.add("successor", images[stage].read_bytes(), 0o644)
    archive.add("initrd", initrd(case, kit, images, stage + 1), 0o644)
    # The first kernel's is no successor's: spare it the unpacking.
    data = archive.data()
    return padded(gzip.compress(data, 6, mtime=0), case) if stage else data


def padded(initrd, case):
    """The kernel skips zeros behind an archive."""
    return initrd + bytes(max(0, case.initrd_bytes - len(initrd)))
