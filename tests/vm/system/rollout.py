# SPDX-License-Identifier: GPL-2.0-only
"""The Ansible role and the playbook of the package roll a kernel out to three guests, in turn."""
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import cases
import machine

HERE = Path(__file__).resolve().parent
NAMES = ("first", "second", "third")
# The areas of each: the successor cannot boot on the second.
SCRATCH = {"first": cases.AMPLE, "second": cases.SHORT, "third": cases.AMPLE}
WALL_SECONDS = 3600

CONFIG = """[defaults]
retry_files_enabled = False
timeout = 600
[ssh_connection]
pipelining = True
ssh_args = -F /dev/null -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o LogLevel=ERROR \
-o ControlMaster=auto -o ControlPersist=600 -o ServerAliveInterval=60 -o ServerAliveCountMax=10
"""
# On what an operator would write, and how long an emulator takes.
ROLLOUT = """kexec_kho_image: /work/vmlinuz
kexec_kho_initrd: /work/initrd
kexec_kho_append: {cmdline} liveupdate=on
kexec_kho_command: /usr/sbin/kexec-kho
kexec_kho_dir: /work/kept
kexec_kho_serial: 1
kexec_kho_refused: skip
kexec_kho_reboot_timeout: {seconds}
"""
# An sshd for one connection at a time, on the line that is the port of this machine.
SSH = """cat >/etc/systemd/system/kho-ssh.service <<'EOF'
[Unit]
StartLimitIntervalSec=0
[Service]
RuntimeDirectory=sshd
ExecStart=/bin/sh -c 'until grep -q "host_connected: 1" /sys/kernel/debug/virtio-ports/*; do sleep 1; done; \
exec /usr/sbin/sshd -i <>/dev/virtio-ports/ssh >&0'
Restart=always
RestartSec=1
[Install]
WantedBy=multi-user.target
EOF
mkdir -p -m 700 /root/.ssh && echo '{key}' >/root/.ssh/authorized_keys
systemctl enable --now kho-ssh
"""


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Rollout:
    """Three guests, and a folder of what Ansible needs to reach them."""

    def __init__(self, start, image, tap, folder):
        self.start, self.image = start, image
        self.tap, self.folder = tap, folder
        self.systems = {}
        self.work = Path(tempfile.mkdtemp(prefix="kho-rollout-"))

    def close(self):
        for name, system in self.systems.items():
            system.expect_no_crash(self.folder / name)
            system.machine.close()
            (self.folder / name / "transcript").write_text("\n".join(system.transcript))
        (self.folder / "verified.jsonl").write_text(
            "".join(line for system in self.systems.values() for line in system.verified))
        subprocess.run(["rm", "-rf", self.work], check=True)

    def add_guest(self, name):
        """Its line in the inventory."""
        port = free_port()
        console = self.start(self.folder / name, SCRATCH[name], port=port)
        self.systems[name] = cases.System(console, self.tap, [], True,
                                          machine.system_command_line(self.image), f"{name}: ")
        return f"{name} ansible_host=127.0.0.1 ansible_port={port} ansible_user=root"

    def pump(self):
        """The guests' consoles are read. False when one has ended."""
        return all([system.machine.pump() for system in self.systems.values()])

    def prepare(self, kernel):
        key = self.work / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        hosts = [self.add_guest(name) for name in NAMES]
        end = time.monotonic() + WALL_SECONDS
        while not all(system.machine.is_up() for system in self.systems.values()):
            if not self.pump() or time.monotonic() > end:
                break
        for name, system in self.systems.items():
            system.machine.await_system()
            system.expect_up(f"{name}: boots to multi-user")
            system.expect(f"{name}: takes connections",
                          SSH.format(key=key.with_suffix(".pub").read_text().strip()))
        (self.work / "hosts").write_text("\n".join(
            [*hosts, "[all:vars]", "ansible_ssh_private_key_file=/work/key",
             "ansible_python_interpreter=/usr/bin/python3", ""]))
        (self.work / "ansible.cfg").write_text(CONFIG)
        (self.work / "rollout.yml").write_text(ROLLOUT.format(
            cmdline=machine.system_command_line(self.image), seconds=WALL_SECONDS))
        (self.work / "vmlinuz").write_bytes(kernel.read_bytes())
        subprocess.run(["debugfs", "-R", f"dump -p {self.initrd()} {self.work}/initrd", self.image],
                       check=True, stderr=subprocess.DEVNULL)

    def initrd(self):
        """Its name in the image: the only one there."""
        names = subprocess.run(["debugfs", "-R", "ls -p /boot", self.image], check=True, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        return "/boot/" + next(word for word in names.split("/") if word.startswith("initrd.img-"))

    def play(self, tar, deb):
        """ansible-playbook's status; its words are kept."""
        said = self.folder / "ansible"
        with tempfile.TemporaryDirectory(prefix="kho-system-") as root, open(said, "wb") as out:
            words = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh",
                     HERE / "try-rollout", root, tar, deb, self.work]
            end = time.monotonic() + 3 * WALL_SECONDS
            with subprocess.Popen(words, stdout=out, stderr=subprocess.STDOUT) as process:
                while process.poll() is None:
                    self.pump()
                    if time.monotonic() > end:
                        process.kill()
        return process.returncode, said.read_text(errors="replace")


def follow_updated(system, name, said):
    before = system.machine.boot
    system.machine.await_system()
    system.tap.check(f"{name}: another boot", system.machine.boot != before)
    system.expect(f"{name}: it came by a handover", "dmesg", says=["KHO: found kexec handover data"])
    system.expect_up(f"{name}: the system is up")
    system.expect(f"{name}: the store's memory is back",
                  "journalctl -b -u kho-keeper --no-pager -o cat",
                  says=[f"found the memory of the earlier boot {before}"])
    system.verify()
    system.tap.check(f"{name}: Ansible has no failure",
                     f"{name} " in said and " failed=0 " in recap(said, name), recap(said, name))


def follow_refused(system, name, said):
    system.expect(f"{name}: it is the same boot", "cat /proc/sys/kernel/random/boot_id",
                  says=[system.machine.boot])
    system.expect_loaded(f"{name}: nothing is loaded", False)
    system.expect_up(f"{name}: the system stays up")
    system.tap.check(f"{name}: Ansible says why", "verdict fail: " in said
                     and " failed=1 " in recap(said, name), said)


def recap(said, name):
    return next((line + " " for line in reversed(said.splitlines())
                 if line.startswith(f"{name} ")), "")


def check(tap, start, kernel, image, roots, folder):
    """@start: a guest, of a folder, its areas and a port. @roots: the controller's tar and our package."""
    rollout = Rollout(start, image, tap, folder)
    try:
        rollout.prepare(kernel)
        status, said = rollout.play(*roots)
        tap.check("ansible-playbook ends with a failed host", status == 2, said)
        for name in NAMES:
            follow = follow_refused if name == "second" else follow_updated
            follow(rollout.systems[name], name, said)
    except machine.Lost as error:
        tap.check("the guests answer", False, error)
    finally:
        rollout.close()
