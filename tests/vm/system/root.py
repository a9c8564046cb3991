# SPDX-License-Identifier: GPL-2.0-only
"""What a system test needs before it boots: a kernel, our package, an image with both in it."""
import gzip
import hashlib
import os
import shutil
import subprocess
import time
from pathlib import Path

import guest
import machine

HERE = Path(__file__).resolve().parent
# Built in, for there is no module in the image: the two serial lines, what systemd asks for, and what
# is tested.
NEEDED = """
    SERIAL_8250_CONSOLE BLK_DEV_INITRD RD_GZIP RD_ZSTD
    CGROUPS INOTIFY_USER SIGNALFD TIMERFD EPOLL UNIX FHANDLE TMPFS_XATTR SECCOMP_FILTER
    KEXEC KEXEC_FILE CRASH_DUMP DEBUG_FS KEXEC_HANDOVER KEXEC_HANDOVER_DEBUGFS LIVEUPDATE
    """.split()
# Without it the root is an initrd.
DISK = ("VIRTIO_PCI", "VIRTIO_BLK", "EXT4_FS", "DEVTMPFS_MOUNT")


def configuration(image):
    """The lines of the configuration that build-kernels keeps beside @image; none if there is none."""
    path = image.with_name(image.name.replace("bzImage", "config", 1) + ".gz")
    return gzip.decompress(path.read_bytes()).decode().splitlines() if path.exists() else []


def closest(folders, names):
    """The image whose configuration has most of @names, the last one by name, and what it lacks."""
    best, least = None, list(names)
    for image in sorted(image for folder in folders for image in folder.glob("bzImage-*")):
        lines = set(configuration(image))
        missing = [name for name in names if f"CONFIG_{name}=y" not in lines]
        if lines and (not best or len(missing) <= len(least)):
            best, least = image, missing
    return best, least


def find_kernel(folders, wanted=(), disk=False):
    """A kernel that has all of NEEDED and of @wanted, and whether it reads a disk: one that does is
    preferred, or with @disk the only one that will do.
    """
    image, missing = closest(folders, (*NEEDED, *DISK, *wanted))
    if image and not missing:
        return image, True
    if not disk:
        image, missing = closest(folders, (*NEEDED, *wanted))
        if image and not missing:
            return image, False
    where = " or ".join(str(folder) for folder in folders)
    why = f"{image.name} lacks CONFIG_{' CONFIG_'.join(missing)}" if image else "there is none"
    raise guest.Missing(f"no kernel for a real system in {where}: {why}; "
                        "tests/vm/build-kernels x86_64-7.2-system makes one")


def release_of(image):
    """The release that the kernel will call itself, from the header of a bzImage."""
    data = image.read_bytes()
    at = int.from_bytes(data[0x20e:0x210], "little") + 0x200
    return data[at:at + 256].split(b" ")[0].decode()


def digest(*folders):
    """Of all files in them, by name and content."""
    total = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                total.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


class Root:
    def __init__(self, build):
        cache = os.environ.get("KHO_CACHE") or os.path.join(
            os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "kexec-kho")
        self.build = build
        self.cache = Path(os.environ.get("KHO_SYSTEM_CACHE") or Path(cache) / "system")
        self.kernels = [Path(os.environ.get(name) or Path(cache) / "vm" / folder) for name, folder
                        in (("KHO_VM_DISTRO", "distro"), ("KHO_VM_KERNELS", "kernels"))]
        self.work = build / "tests/vm/system"
        self.source = None
        self.deadline = None            # of all that is made, on the monotonic clock

    def _make(self, *words):
        """make-root; the name that it prints."""
        left = int(max(1, self.deadline - time.monotonic())) if self.deadline is not None else 0
        done = subprocess.run(["timeout", "--kill-after=10", str(left), HERE / "make-root", *words],
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env={**os.environ, "KHO_SYSTEM_CACHE": str(self.cache)})
        if done.returncode in (124, 137):
            raise guest.Missing(f"make-root {words[0]} {words[1]} takes longer than it may: "
                                "run make check-system once")
        if done.returncode:
            raise guest.Missing(done.stderr.strip().splitlines()[-1])
        return Path(done.stdout.strip().splitlines()[-1])

    def _remembered(self, name, key, make):
        """What @make made last time, if it was of the same @key."""
        stamp = self.cache / f"{name}.stamp"
        if stamp.exists():
            old, _, path = stamp.read_text().partition(" ")
            if old == key and Path(path).exists():
                return Path(path)
        path = make()
        stamp.write_text(f"{key} {path}")
        return path

    def _distribute(self):
        if not self.source:
            folder = self.work / "source"
            shutil.rmtree(folder, ignore_errors=True)
            folder.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["make", "-s", "-C", self.build, "distdir", f"distdir={folder}"],
                           check=True, stdout=subprocess.DEVNULL)
            self.source = folder
        return self.source

    def package(self, suite):
        """Our package for @suite, built in a root of its own."""
        source = self._distribute()
        self.cache.mkdir(parents=True, exist_ok=True)
        key = digest(source / "kexec", source / "debian", source / "doc", source / "contrib")
        return self._remembered(f"package-{suite}", key,
                                lambda: self._make("package", suite, source))

    def system(self, suite):
        """A tar of a root for @suite, without our package."""
        return self._make("system", suite, self.package(suite))

    def controller(self, suite):
        """A tar of a root with Ansible, without our package."""
        return self._make("controller", suite, self.package(suite))

    def files(self, kernel):
        """The tree that lies over the Debian root: the services of the tests, and @kernel."""
        files = self.work / "files"
        shutil.rmtree(files, ignore_errors=True)
        shutil.copytree(HERE / "root", files)
        tools = files / "usr/local/lib/kho-system"
        release = release_of(kernel)
        for name in ("keeper", "collector"):
            machine.compile_static(HERE / f"{name}.c", tools / name)
        (tools / "release").write_text(release + "\n")
        shutil.copyfile(kernel, files / f"boot/vmlinuz-{release}")
        (files / f"boot/config-{release}").write_text("\n".join(configuration(kernel)) + "\n")
        return files

    def image(self, suite, kernel, disk):
        """What boots a Debian @suite with our package in it: an ext4 image with @kernel in its /boot,
        or where the kernel reads no @disk, an initrd.
        """
        guest.need_program("qemu-system-x86_64")
        guest.need_program("mke2fs" if disk else "cpio")
        kind = "image" if disk else "initrd"
        deb, files = self.package(suite), self.files(kernel)
        key = digest(files, deb.parent) + kernel.name + str(self._make("system", suite, deb))
        return self._remembered(f"{kind}-{suite}", key,
                                lambda: self._make(kind, suite, deb, files))
