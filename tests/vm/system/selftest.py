# SPDX-License-Identifier: GPL-2.0-only
"""The rules of check-system, without a guest. TAP on stdout."""
import gzip
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import cases
import guest
import machine
import root

count, failures = 0, 0

# Stands in for QEMU: a shell on the socket that is its last word, as root/usr/local/lib/kho-system/shell
# is one; "jump" is another boot, "die" a panic, "end" the end, "crash" a process that crashes.
GUEST = r"""
import base64, socket, sys
sock = socket.socket(socket.AF_UNIX); sock.connect(sys.argv[1]); lines = sock.makefile()
boot = 1
def say(text): sock.sendall(text.encode())
say(f"@shell 7.2.13 boot-{boot}\r\n")
while True:
    packed = ""
    while (line := lines.readline()) not in (".\n", ""): packed += line
    if not line: break
    script = base64.b64decode(packed).decode().strip()
    if script == "jump": boot += 1; say(f"@shell 7.2.13 boot-{boot}\r\n")
    elif script == "die": print("---[ end Kernel panic - not syncing", flush=True)
    elif script == "end": break
    elif script == "crash":
        print("[  1.2][ T1] kho-system: sh[7] crashed: signal 11\r\nkho-system: more\r\n"
              "[ 9.1] kernel BUG at mm/usercopy.c:102!\r", flush=True)
        say("@status 0\r\n")
    elif script.startswith("tar "): say(base64.b64encode(b"Y29yZQ==").decode() + "\n@status 0\r\n")
    else: say(base64.encodebytes(f"{script}!\n".encode()).decode() + "@status 3\r\n")
"""


def check(what, got, expected):
    global count, failures
    count += 1
    good = got == expected
    failures += not good
    print(f"{'ok' if good else 'not ok'} {count} - {what}")
    if not good:
        print(f"# got {got!r}\n# expected {expected!r}")


def lost(action):
    try:
        action()
    except machine.Lost as error:
        return str(error)
    return None


def start():
    console = machine.Machine(None, None, None, None, "/dev/null")
    console.await_system()
    return console


def check_machine():
    machine.words = lambda *args: [sys.executable, "-c", GUEST, str(args[-1])]
    console = start()
    check("release and boot", (console.release, console.boot), ("7.2.13", "boot-1"))
    check("an answer", console.run("uname"), machine.Answer(3, "uname!\n"))
    console.send("jump")
    console.await_system()
    check("another boot", console.boot, "boot-2")
    check("an answer after it", console.run("x").text, "x!\n")
    console.send("no jump")
    check("a jump that fails", lost(console.await_system), "no jump!\nstatus 3, and no other boot")
    check("a panic", lost(lambda: console.run("die")), "the kernel panicked")
    console.close()
    console = start()
    check("an end without an answer", lost(lambda: console.run("end")), "the guest ended")
    console.close()
    console = start()
    machine.COMMAND_CPU_SECONDS, kept = -1, machine.COMMAND_CPU_SECONDS
    check("no answer", lost(lambda: console.run("uname")).startswith("no answer within 0 s of CPU"), True)
    machine.COMMAND_CPU_SECONDS = kept
    console.close()


def check_system():
    """A check passes if status and words are right, and only then."""
    console = start()
    tap = cases.Tap("none")
    system = cases.System(console, tap, [], True, "root=x")
    for name, status, says, not_says, failed in (
            ("as expected", 3, ["hello!"], ["bye"], 0), ("another status", 0, [], [], 1),
            ("not said", 3, ["bye"], [], 1), ("said", 3, [], ["hello"], 1)):
        before = tap.failures
        tap.check = lambda _, passed, why="": setattr(tap, "failures", tap.failures + (not passed))
        system.expect(name, "hello", status, says, not_says)
        check(f"expect: {name}", tap.failures - before, failed)
    check_crashes(system, tap)
    check("the transcript", system.transcript[0], "# hello\nhello!\n")
    console.close()


def check_crashes(system, tap):
    """A process that crashes fails the case, with the lines and what it left."""
    with tempfile.TemporaryDirectory() as name:
        before = tap.failures
        system.expect_no_crash(Path(name))
        check("nothing crashed", tap.failures - before, 0)
        check("and nothing is kept", list(Path(name).iterdir()), [])
        system.machine.run("crash")
        system.expect_no_crash(Path(name))
        check("a process that crashed", tap.failures - before, 1)
        check("what was said of it", (Path(name) / "crashes").read_text(),
              "sh[7] crashed: signal 11\nmore\nkernel BUG at mm/usercopy.c:102!\n")
        check("what it left", (Path(name) / "cores.tgz").read_bytes(), b"core")


def check_kernels():
    needed = "".join(f"CONFIG_{name}=y\n" for name in root.NEEDED)
    disk = "".join(f"CONFIG_{name}=y\n" for name in root.DISK)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def add(release, text):
            head = bytes(0x20e) + (0x300).to_bytes(2, "little")
            (folder / f"bzImage-{release}").write_bytes(
                head.ljust(0x500, b"\0") + release.encode() + b" (me@here) #1\0".ljust(300, b"\0"))
            (folder / f"config-{release}.gz").write_bytes(gzip.compress(text.encode()))

        def why(*wanted, disk=True):
            try:
                image, reads_disk = root.find_kernel([folder], wanted, disk)
                return image.name + (" disk" if reads_disk else " initrd")
            except guest.Missing as error:
                return str(error).partition(": ")[2].partition(";")[0]

        check("no kernel", why(), "there is none")
        add("7.2.1-a", needed + disk.replace("CONFIG_EXT4_FS=y", "CONFIG_EXT4_FS=m"))
        add("7.2.1-b", "CONFIG_EXT4_FS=y\n")
        check("the closest kernel", why(), "bzImage-7.2.1-a lacks CONFIG_EXT4_FS")
        check("one that reads no disk", why(disk=False), "bzImage-7.2.1-a initrd")
        add("7.1.1-c", needed + disk)
        check("one that has all", why(), "bzImage-7.1.1-c disk")
        check("is preferred", why(disk=False), "bzImage-7.1.1-c disk")
        check("one that lacks what a case wants", why("SECURITY_APPARMOR"),
              "bzImage-7.1.1-c lacks CONFIG_SECURITY_APPARMOR")
        check("its release", root.release_of(folder / "bzImage-7.1.1-c"), "7.1.1-c")


def check_time():
    """What takes longer than it may is missing, with what to do."""
    made = root.Root(Path("/nowhere"))
    root.HERE = Path(tempfile.mkdtemp())
    (root.HERE / "make-root").write_text("#!/bin/sh\nsleep 30\n")
    (root.HERE / "make-root").chmod(0o755)
    made.deadline = 0
    try:
        check("too long", made._make("build", "sid"), None)
    except guest.Missing as error:
        check("too long", str(error),
              "make-root build sid takes longer than it may: run make check-system once")


check_machine()
check_system()
check_kernels()
check_time()
print(f"1..{count}")
sys.exit(failures != 0)
