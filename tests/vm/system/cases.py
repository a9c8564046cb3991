# SPDX-License-Identifier: GPL-2.0-only
"""What is tried on a real system, a guest each. Every check is a line of TAP."""
import base64
import contextlib
import re
from dataclasses import dataclass, field

import machine

# The areas of two nodes of 2 GiB: what a kernel of Fedora's needs; room for it but not for its memory map.
AMPLE = "192M,192M,96M"
SHORT = "16M,80M,8M"

LOAD = "-s -l /boot/vmlinuz-next --initrd=/boot/initrd-next"
RECORDS = "/var/lib/kexec-kho"
# systemctl loads what the boot loader would boot. There is no EFI partition here.
ENTRY = """export SYSTEMD_ESP_PATH=/boot SYSTEMD_RELAX_ESP_CHECKS=1
sed -i 's|^options .*|options {}|' /boot/loader/entries/next.conf
"""
SYSTEMCTL = "kexec-kho --kho-strict --kho-record --kho-loader=/usr/bin/systemctl -- kexec"
REFUSED = "load refused: FAIL "


class Tap:
    total = 0

    def __init__(self, case):
        self.case = case
        self.count = self.failures = 0

    def skip(self, why):
        Tap.total += 1
        print(f"ok - {self.case} # SKIP {why}", flush=True)

    def check(self, name, passed, why=""):
        Tap.total += 1
        self.count += 1
        self.failures += not passed
        print(f"{'ok' if passed else 'not ok'} - {self.case}: {name}", flush=True)
        for line in ([] if passed else str(why).splitlines()[-20:]):
            print(f"# {line}", flush=True)


@dataclass
class System:
    """One guest, its checks, and a transcript of what was typed and said there."""
    machine: object
    tap: Tap
    transcript: list
    disk: bool                  # what is written is there after the jump
    cmdline: str                # of the successor; with it live update is off there
    name: str = ""              # in front of checks, where there are several guests
    verified: list = field(default_factory=list)        # the lines of --kho-verify

    @property
    def good(self):
        return f'{LOAD} --append="{self.cmdline} liveupdate=on"'

    @property
    def bad(self):
        """The state would be lost."""
        return f'{LOAD} --append="{self.cmdline}"'

    def run(self, script):
        answer = self.machine.run(script)
        self.transcript.append(f"# {script.strip()}\n{answer.text}")
        return answer

    def expect(self, name, script, status=0, says=(), not_says=()):
        """@script ends with @status, and says each of @says, which are regular expressions."""
        answer = self.run(script)
        missing = [word for word in says if not re.search(word, answer.text)]
        wrong = [word for word in not_says if re.search(word, answer.text)]
        self.tap.check(name, answer.status == status and not missing and not wrong,
                       f"{answer.text}status {answer.status}, expected {status}; "
                       f"not said: {missing}; said: {wrong}")
        return answer

    def expect_loaded(self, name, loaded):
        self.expect(name, "cat /sys/kernel/kexec_loaded", says=[f"^{int(loaded)}$"])

    def expect_up(self, name):
        """It answers, runs all its units, and nothing shuts it down."""
        self.expect(name, "systemctl is-system-running --wait; systemctl --failed --no-legend; "
                    "systemctl list-jobs", says=["^running", "No jobs running"])

    def jump(self, name, script):
        """@script begins a live update: the successor comes up, and this very handover did it."""
        before = self.machine.boot
        self.transcript.append(f"# {script.strip()}\n")
        self.machine.send(script)
        self.machine.await_system()
        self.tap.check(f"{name}: another boot", self.machine.boot != before)
        self.expect(f"{name}: it came by a handover", "dmesg", says=["KHO: found kexec handover data"])
        self.expect_up(f"{name}: the system is up")
        return before

    def cold_boot(self, name, script):
        """@script resets the machine: the firmware starts the first kernel again, and it finds nothing."""
        before = self.machine.boot
        self.transcript.append(f"# {script.strip()}\n")
        self.machine.send(script)
        self.machine.await_system()
        self.tap.check(f"{name}: another boot", self.machine.boot != before)
        self.expect(f"{name}: it came by no handover", "cat /proc/cmdline; dmesg",
                    says=["kho_scratch="], not_says=["KHO: found kexec handover data"])

    def expect_no_crash(self, folder):
        """No process crashed, in none of its boots; what one left in the last of them is kept in @folder."""
        crashes = self.machine.crashes()
        self.tap.check(f"{self.name}no process crashed", not crashes, "\n".join(crashes))
        if not crashes:
            return
        (folder / "crashes").write_text("\n".join(crashes) + "\n")
        with contextlib.suppress(machine.Lost):
            packed = self.machine.run("tar -cz -C /run kho-cores | base64 -w 0").text
            (folder / "cores.tgz").write_bytes(base64.b64decode(packed))

    def verify(self, right="true", became="up", findings=("after-as-predicted",), failed=False):
        """What the shipped unit said at this boot, of a load that was recorded."""
        if not self.disk:
            return
        self.expect(f"the unit verified the boot: {became}",
                    "journalctl -b -u kexec-kho-verify --no-pager -o cat; "
                    "systemctl is-failed kexec-kho-verify", says=findings, status=int(not failed))
        line = self.run(f"cat $(ls {RECORDS}/*.verified.json | tail -n 1)").text
        self.verified.append(line)
        self.tap.check("it kept what it found, as JSON", f'"became":"{became}"' in line
                       and f'"right":{right}' in line, line)


def boot(system):
    system.machine.await_system()
    system.expect_up("boots to multi-user")
    system.expect("systemd keeps memory in its store", "journalctl -b -u kho-keeper --no-pager",
                  says=["new memory, of boot"])


def live_update(system):
    """systemctl kexec of a systemd that loads by itself: refused, reported, then let through."""
    boot(system)
    system.expect("a report on this machine", "kexec-kho --kho-report", says=["LUO +luo-v"])
    system.expect("systemctl kexec is refused", ENTRY.format(system.cmdline) + SYSTEMCTL, 3,
                  ["Calling kexec_file_load", "fail: luo-off", REFUSED])
    system.expect_loaded("nothing is loaded after it", False)
    system.expect_up("the system stays up")
    system.expect("a unit that does it is refused", "systemctl start live-update", 1)
    system.expect("the journal has the reason", "journalctl -b -u live-update --no-pager -o cat",
                  says=["fail: luo-off", REFUSED, "Failed with result 'exit-code'"])
    system.run("systemctl reset-failed")
    system.expect_up("the system is still up")
    before = system.jump("systemctl start live-update, let through",
                         ENTRY.format(system.cmdline + " liveupdate=on")
                         # The shutdown that it began may cancel it before it has ended.
                         + "systemctl start live-update || "
                         "systemctl is-system-running | grep -qx stopping")
    system.expect("the store's memory is back", "journalctl -b -u kho-keeper --no-pager -o cat",
                  says=[f"found the memory of the earlier boot {before}"])
    system.verify()


def reboot(system):
    """systemctl reboot takes a kernel that is loaded, and is a cold boot where the load was refused."""
    boot(system)
    before = system.jump("kexec-kho && reboot",
                         f"kexec-kho --kho-strict --kho-record {system.good} && reboot")
    system.expect("the store's memory is back", "journalctl -b -u kho-keeper --no-pager -o cat",
                  says=[f"found the memory of the earlier boot {before}"])
    system.verify()
    # As a watchdog would: nothing is written back, and the record must be on the disk.
    system.cold_boot("reset after a load", f"kexec-kho --kho-strict --kho-record {system.good} && "
                     "systemctl reboot --force --force")
    system.expect("reset after a load: the unit is done", "systemctl is-system-running --wait", 1,
                  says=["^degraded"])
    system.verify(right="null", became="lost", findings=["after-no-handover"], failed=True)
    system.run("systemctl reset-failed")
    system.expect("kexec-kho refuses", f"kexec-kho --kho-strict {system.bad}", 3, [REFUSED])
    system.cold_boot("a reboot after a refusal", "systemctl reboot")
    system.expect("the record is not judged again", "journalctl -b -u kexec-kho-verify --no-pager "
                  "-o cat", says=["after-verified"])


def beside(system):
    """kexec-kho beside kexec and in front of it, Debian's scripts, a crash kernel."""
    boot(system)
    plain = system.run("kexec --version").text
    system.expect("beside: kexec is kexec-tools' own", f"kexec {system.bad}; cat /sys/kernel/kexec_loaded; "
                  "kexec -s -u", says=["^1$"], not_says=["kho:"])
    system.expect("beside: kexec-kho refuses", f"kexec-kho --kho-strict {system.bad}", 3, [REFUSED])
    system.expect("beside: kexec-kho loads", f"kexec-kho --kho-strict {system.good}")
    system.expect_loaded("beside: it is loaded", True)
    system.expect("beside: an unload is not checked", "kexec-kho --kho-strict -s -u",
                  not_says=["kho:"])
    system.expect("the diversion is put in place", "kexec-kho-divert enable; kexec --version",
                  says=[re.escape(plain)])
    system.expect("diverted: a plain load is not checked", f"kexec {system.bad} && kexec -s -u",
                  not_says=["kho:"])
    system.expect("diverted: KEXEC_KHO=strict refuses", f"KEXEC_KHO=strict kexec {system.bad}", 3, [REFUSED])
    system.expect("diverted: KEXEC_KHO=check warns and loads",
                  f"KEXEC_KHO=check kexec {system.bad} && cat /sys/kernel/kexec_loaded && kexec -s -u",
                  says=["fail: luo-off", "(?m)^1$"])
    scripts(system)
    units(system)
    crash_kernel(system)
    system.expect("the diversion is undone", "kexec-kho-divert disable; kexec --version; "
                  "KEXEC_KHO=strict kexec -s -u", says=[re.escape(plain)])
    system.expect_up("the system is up at the end")


def scripts(system):
    """kexec-load-kernel, which sources /etc/default/kexec.d; the package has an example for there."""
    system.run("mkdir -p /etc/default/kexec.d; cp /usr/share/doc/kexec-kho/examples/kexec.d/kho "
               "/etc/default/kexec.d/")
    append = "sed -i 's|^APPEND=.*|APPEND=\"{}\"|' /etc/default/kexec; kexec-load-kernel"
    # It says that the kernel is loaded, and ends with 0, whatever kexec did.
    system.expect("kexec-load-kernel: refused", append.format(system.cmdline), 0, [REFUSED])
    system.expect_loaded("kexec-load-kernel: nothing is loaded", False)
    system.expect("kexec-load-kernel: let through", append.format(system.cmdline + " liveupdate=on"))
    system.expect_loaded("kexec-load-kernel: it is loaded", True)
    system.run("kexec -s -u; rm /etc/default/kexec.d/kho")


def units(system):
    """A unit that calls kexec, and the drop-in of the package."""
    system.run("mkdir -p /etc/systemd/system/load.service.d; "
               "cp /usr/share/doc/kexec-kho/examples/kexec-load.service.d/kho.conf "
               "/etc/systemd/system/load.service.d/; "
               "printf '[Service]\\nType=oneshot\\nExecStart=/bin/sh -c \"exec /sbin/kexec $$LOAD\"\\n"
               "EnvironmentFile=/run/load\\n' >/etc/systemd/system/load.service; "
               "systemctl daemon-reload")
    set_load = "cat >/run/load <<'EOF'\nLOAD={}\nEOF\nsystemctl start load"
    quoted = "'-s -l /boot/vmlinuz-next --initrd=/boot/initrd-next --reuse-cmdline{}'"
    system.expect("a unit with the drop-in is refused", set_load.format(
        quoted.format(" --append=mem=1G")), 1)
    system.expect("its journal has the reason", "journalctl -b -u load --no-pager -o cat",
                  says=["load refused", "Failed with result 'exit-code'"])
    system.expect_loaded("nothing is loaded by it", False)
    system.expect("a unit with the drop-in loads", set_load.format(quoted.format("")))
    system.expect_loaded("it is loaded", True)
    system.run("kexec -s -u; systemctl reset-failed")


def crash_kernel(system):
    """kdump-tools loads its crash kernel through the same kexec: that is never checked."""
    system.expect("kdump-tools loads its crash kernel", "KEXEC_KHO=strict kdump-config load",
                  not_says=["kho:"])
    system.expect("the crash kernel is loaded", "cat /sys/kernel/kexec_crash_loaded", says=["^1$"])
    system.expect("a refusal leaves it there", f"KEXEC_KHO=strict kexec {system.bad}; "
                  "cat /sys/kernel/kexec_crash_loaded", says=[REFUSED, "(?m)^1$"])
    system.expect("kdump-tools unloads it", "KEXEC_KHO=strict kdump-config unload; "
                  "cat /sys/kernel/kexec_crash_loaded", says=["(?m)^0$"], not_says=["kho:"])


def collector(system):
    """A daemon that runs for long before it loads is judged by the machine at its load."""
    # Memory of node 0, which the successor is not to use: harmless as long as nothing is kept there.
    order = (f"echo 'load /boot/vmlinuz-next /boot/initrd-next {system.cmdline} liveupdate=on "
             "memmap=256M$0x10000000' >/run/kho-orders; ")
    settle = ("for i in $(seq 300); do journalctl -b -u kho-collector -o cat --no-pager | tail -n 1 |"
              " grep -q '^{}' && break; sleep 1; done; journalctl -b -u kho-collector -o cat --no-pager")
    boot(system)
    system.expect("the daemon starts", "systemctl start kho-collector; "
                  "until [ -p /run/kho-orders ]; do sleep 1; done")
    system.expect("its first load is let through", order + settle.format("load .*done$"),
                  says=["load .*: done"], not_says=["load refused"])
    system.expect("it keeps memory in a session", "kexec -s -u; echo 'session one 1200' "
                  ">/run/kho-orders; " + settle.format("session"), says=["session one 1200: done"])
    system.expect("the same load is refused now", order + settle.format("load .*EPERM$"),
                  says=["fail: |unknown: memory-cut", "load refused", "load .*: EPERM"])
    system.expect_loaded("nothing is loaded", False)
    system.expect_up("the system stays up")


def short_areas(system):
    """Areas in which this kernel cannot boot: refused by whatever loads, and only warned of if asked."""
    boot(system)
    for name, script, status in (
            ("kexec-kho", f"kexec-kho --kho-strict {system.good}", 3),
            ("systemctl kexec", ENTRY.format(system.cmdline + " liveupdate=on") + SYSTEMCTL, 3)):
        system.expect(f"{name} is refused", script, status, ["fail: (memory-map-short|"
                      "early-memory-short|load-no-hole)", "remedy: .*kho_scratch=", REFUSED])
        system.expect_loaded(f"{name}: nothing is loaded", False)
    system.expect_up("the system stays up")


# May all that a program does, or all but look into the loader that it supervises.
PROFILES = """cat >/run/profiles <<'EOF'
profile kho-gate { file, capability, signal, unix, network, ptrace, }
profile kho-blind { file, capability, signal, unix, network, deny ptrace, }
EOF
apparmor_parser --skip-cache --replace /run/profiles
"""


def confined(system):
    """AppArmor, as Debian has it on: nothing of it stands in the gate's way. Confined, the gate works
    where its profile lets it; where it does not, nothing is loaded.
    """
    boot(system)
    system.expect("AppArmor is on", "cat /sys/module/apparmor/parameters/enabled; "
                  "systemctl is-active apparmor", says=["^Y", "(?m)^active$"])
    system.expect("kexec-kho refuses", f"kexec-kho --kho-strict {system.bad}", 3, [REFUSED])
    system.expect("kexec-kho loads", f"kexec-kho --kho-strict {system.good}")
    system.expect_loaded("it is loaded", True)
    system.run("kexec -s -u")
    system.expect("profiles are loaded", PROFILES)
    gate = "aa-exec -p kho-gate -- kexec-kho --kho-strict "
    system.expect("confined: it refuses", gate + system.bad, 3, [REFUSED])
    system.expect("confined: it loads", gate + system.good)
    system.expect_loaded("confined: it is loaded", True)
    system.run("kexec -s -u")
    system.expect("not allowed to look: it says so", "aa-exec -p kho-blind -- kexec-kho "
                  f"--kho-strict {system.good}", 4, ["can't be read: Operation not permitted"])
    system.expect_loaded("not allowed to look: nothing is loaded", False)


@dataclass
class Case:
    run: object
    scratch: str
    more: str = ""              # of the first kernel's command line
    options: tuple = ()         # that the kernel needs besides those of all
    disk: bool = False          # what is written must last, or Debian's tools find the kernel in /boot
    resets: bool = False        # the guest boots again when it is reset; else that ends it


CASES = {
    "live-update": Case(live_update, AMPLE),
    "beside": Case(beside, AMPLE, "crashkernel=256M", disk=True),
    "collector": Case(collector, AMPLE),
    "short-areas": Case(short_areas, SHORT),
    "apparmor": Case(confined, AMPLE, options=("SECURITY_APPARMOR",)),
    "reboot": Case(reboot, AMPLE, disk=True, resets=True),
    # Three guests: see rollout.py.
    "ansible": Case(None, "", options=("VIRTIO_CONSOLE",), disk=True),
}
