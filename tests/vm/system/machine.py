# SPDX-License-Identifier: GPL-2.0-only
"""A guest with a real system: its console on the first serial line, commands on the second."""
import base64
import re
import select
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import guest
import qemu

# CPU time of QEMU, as in qemu.py: a boot takes one minute of it, a check ten seconds. The other limit
# is for a guest that idles.
BOOT_CPU_SECONDS = 600
COMMAND_CPU_SECONDS = 300
WALL_SECONDS = 3600
# Of both kernels. On a busy machine the emulator's timer is late: the TSC is measured wrong, and units are late.
SYSTEM = ("console=ttyS0 earlyprintk=ttyS0 panic=1 loglevel=5 no_timer_check tsc=unstable "
          "systemd.service_watchdogs=no")

READY = re.compile(rb"@shell (\S+) (\S+)\r?\n")
READY_OR_FAILED = re.compile(READY.pattern + rb"|@status ([1-9]\d*)\r?\n")
STATUS = re.compile(rb"@status (\d+)\r?\n")
# root/usr/local/lib/kho-system/crashed; and what the kernel kills by itself, which dumps no core.
CRASH = re.compile(r"^(?:\[[^]]*\] ?)*(?:kho-system: (?=\S)|(?=usercopy: |kernel BUG at |Oops: |BUG: ))(.*)$",
                   re.MULTILINE)


class Lost(Exception):
    """The guest does not answer any more: it died, or takes too long."""


@dataclass
class Answer:
    status: int
    text: str


def is_disk(image):
    return image.suffix == ".ext4"


def system_command_line(image):
    """Of both kernels, less what they hand over."""
    return guest.command_line("root=/dev/vda rw" if is_disk(image) else "", SYSTEM, "kho=on")


def first_command_line(image, scratch, more=""):
    return guest.command_line(system_command_line(image), "liveupdate=on",
                              f"kho_scratch={scratch}", more)


def image_words(image):
    """The image is not written to."""
    return (["-drive", f"file={image},format=raw,if=virtio,snapshot=on"] if is_disk(image)
            else ["-initrd", str(image)])


def line_words(port):
    """A fast serial line, in there /dev/virtio-ports/ssh, which is @port of this machine: few kernels have
    the driver of a network card built in.
    """
    return (["-chardev", f"socket,id=ssh,host=127.0.0.1,port={port},server=on,wait=off",
             "-device", "virtio-serial-pci", "-device", "virtserialport,chardev=ssh,name=ssh"]
            if port else [])


def words(case, kernel, image, command_line, port, resets, shell):
    """QEMU's command line. @resets: a reset does not end it. @shell: the socket of the second line."""
    nodes = []
    for node, size in enumerate(case.nodes):
        nodes += ["-object", f"memory-backend-ram,size={size},id=m{node},reserve=off",
                  "-numa", f"node,nodeid={node},memdev=m{node}" + ("" if node else ",cpus=0")]
    return ["qemu-system-x86_64", "-M", "pc", "-cpu", "max", "-vga", "none", "-accel", "tcg",
            "-nodefaults", *([] if resets else ["-no-reboot"]), "-display", "none", "-monitor", "none", "-nic", "none",
            "-serial", "stdio", "-chardev", f"socket,id=shell,path={shell}", "-serial",
            "chardev:shell", *qemu.memory_words(case), *nodes, "-smp", str(case.cpus),
            *line_words(port), *image_words(image), "-kernel", str(kernel), "-append", command_line]


class Machine(qemu.Console):
    """One guest, from its cold boot on. Every method raises Lost when the guest does not answer.
    The console goes to @log as it comes.
    """

    def __init__(self, case, kernel, image, command_line, log, port=None, resets=False):
        self.answers = b""
        self.log = open(log, "wb", buffering=0)
        self.read_bytes = 0
        self.release = self.boot = None
        with tempfile.TemporaryDirectory(prefix="kho-system-") as folder:
            path = Path(folder) / "shell"
            with socket.socket(socket.AF_UNIX) as listener:
                listener.bind(str(path))
                listener.listen()
                listener.settimeout(60)
                super().__init__(words(case, kernel, image, command_line, port, resets, path))
                try:
                    self.shell, _ = listener.accept()
                except TimeoutError as error:
                    self.close()
                    raise guest.Missing(f"QEMU does not start: {self.text.decode()}") from error

    def close(self):
        super().close()
        self.log.close()
        if hasattr(self, "shell"):
            self.shell.close()

    def pump(self):
        """Whatever came on the two lines within a second. False at the guest's end."""
        pipe = self.process.stdout
        ready = select.select([pipe, self.shell], [], [], 1)[0]
        if self.shell in ready:
            self.answers += self.shell.recv(1 << 16)
        known = len(self.text)
        alive = self._read() is not None if pipe in ready else self.process.poll() is None
        self.log.write(self.text[known:])
        return alive

    def _within(self, cpu_seconds):
        """Yields as long as the guest lives and neither of the limits is reached."""
        wall, cpu = time.monotonic(), qemu.cpu_seconds(self.process.pid)
        while self.pump():
            if b"end Kernel panic" in self.text[-1000:]:
                raise Lost("the kernel panicked")
            used = qemu.cpu_seconds(self.process.pid) - cpu
            if used > cpu_seconds or time.monotonic() - wall > WALL_SECONDS:
                raise Lost(f"no answer within {used:.0f} s of CPU time, "
                           f"{time.monotonic() - wall:.0f} s")
            yield

    def _await(self, pattern, cpu_seconds):
        attempts = self._within(cpu_seconds)
        while not (found := pattern.search(self.answers, self.read_bytes)):
            if next(attempts, self) is self:
                raise Lost("the guest ended")
        between = self.answers[self.read_bytes:found.start()]
        self.read_bytes = found.end()
        return found, between

    def is_up(self):
        return READY.search(self.answers, self.read_bytes) is not None

    def await_system(self):
        """Until the next boot's shell is there; its release and boot are noted. A script that was
        to begin it may fail instead.
        """
        found, between = self._await(READY_OR_FAILED, BOOT_CPU_SECONDS)
        if found[3]:
            raise Lost(base64.b64decode(between).decode(errors="replace")
                       + f"status {int(found[3])}, and no other boot")
        self.release, self.boot = found[1].decode(), found[2].decode()

    def send(self, script):
        lines = base64.encodebytes(script.encode() + b"\n").decode()
        self.shell.sendall((lines + ".\n").encode())

    def run(self, script):
        self.send(script)
        found, between = self._await(STATUS, COMMAND_CPU_SECONDS)
        return Answer(int(found[1]), base64.b64decode(between).decode(errors="replace"))

    def crashes(self):
        """What the system said of its processes that crashed, in all of its boots."""
        return CRASH.findall(self.text.decode(errors="replace").replace("\r", ""))


def compile_static(source, target):
    """A program for the guest, which needs no library there."""
    guest.need_program("gcc")
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["gcc", "-std=gnu11", "-Wall", "-Wextra", "-O2", "-static", "-o", target, source],
                   check=True)
