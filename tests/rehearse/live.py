#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A rehearsal on a live machine: a guest that hands over, in which QEMU rehearses.

  live.py --tool PATH [--linked] --kernels DIR [--release 7.2.13] [--scratch 16M,96M,48M]

The guest has two nodes of 2 GiB.  In it `kexec --kho-strict --kho-rehearse -s -l` loads the same
kernel and `kexec -e` starts it; the load must come after a rehearsal, and the successor's early
allocations be those that were rehearsed.  --linked: PATH is a kexec with the gate linked in, and
loads by itself.  TCG in TCG: minutes.  TAP on stdout.
"""
import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "vm"))
import guest
import memtrace

# no_timer_check: on a busy host an emulated timer may miss the time that Linux gives it.
APPEND = ("root=UUID=0a1b2c3d-0000-4000-8000-123456789abc ro console=ttyS0 earlyprintk=ttyS0 kho=on "
          "nokaslr memblock=debug no_timer_check")
LIMIT_SECONDS = 1500
ACCELERATOR = Path("/usr/lib/x86_64-linux-gnu/qemu/accel-tcg-x86_64.so")
INIT = """#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /tmp /dev
/bin/busybox --install -s /bin
export PATH=/bin:/sbin:/usr/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t debugfs debugfs /sys/kernel/debug
mount -t devtmpfs devtmpfs /dev
dmesg | grep -q 'KHO: found kexec handover data' && echo "@live handed over"
[ -e /successor ] || while :; do sleep 3600; done
dmesg -n 1
echo "@live here"
[ -e /sys/kernel/debug/kho/out/finalize ] && echo 1 >/sys/kernel/debug/kho/out/finalize
kexec --kho-strict --kho-rehearse=1200 --kho-rehearse-log=/tmp/log -s -l /successor \\
	--initrd=/initrd --append="$(cat /append)"
echo "@live status=$? loaded=$(cat /sys/kernel/kexec_loaded)"
echo "@live log begins"
cat /tmp/log
echo "@live log ends"
/sbin/stock-kexec -e
"""


def archive(kit, extra):
    result = guest.Archive()
    for name, path in kit.files.items():
        result.add(name, path.read_bytes())
    for name, target in kit.links.items():
        if name not in kit.files:
            result.link(name, target)
    for name, data in extra.items():
        result.add(name, data)
    return result.data()


def make_initrd(args, image, init=INIT):
    qemu = shutil.which("qemu-system-x86_64")
    kit = guest.Kit("x86_64", "/", "/bin/busybox", "/sbin/kexec", None)
    last = archive(guest.Kit("x86_64", "/", "/bin/busybox", "/bin/busybox", None),
                   {"init": init.encode()})
    # Ours finds the other one where --kho-loader says; QEMU in the PATH.
    kit.files["sbin/stock-kexec"] = kit.files.pop("sbin/kexec")
    kit._program("ours/kexec", args.tool)
    # It finds its modules and ROMs from where it is.
    kit._program("usr/bin/qemu-system-x86_64", qemu)
    loader = "" if args.linked else " --kho-loader=/sbin/stock-kexec"
    wrapper = f'#!/bin/busybox sh\nexec /ours/kexec{loader} "$@"\n'.encode()
    # Debian's QEMU has its accelerators as modules.
    if ACCELERATOR.exists():
        kit._program(str(ACCELERATOR).lstrip("/"), ACCELERATOR)
    roms = Path("/usr/share/seabios"), Path("/usr/share/qemu")
    extra = {"init": init.encode(), "successor": image.read_bytes(), "initrd": last,
             "append": APPEND.encode(), "bin/kexec": wrapper}
    for name in ("kvmvapic.bin", "linuxboot_dma.bin"):
        for folder in roms:
            if (folder / name).exists():
                extra[f"usr/share/qemu/{name}"] = (folder / name).read_bytes()
    return archive(kit, extra)


def run(args, image, initrd):
    """All that the serial console said."""
    with tempfile.NamedTemporaryFile() as f:
        f.write(initrd)
        f.flush()
        words = ["qemu-system-x86_64", "-M", "pc", "-cpu", "max", "-accel", "tcg", "-nodefaults",
                 "-no-reboot", "-display", "none", "-serial", "stdio", "-monitor", "none", "-nic",
                 "none", "-m", "4G", "-smp", "1", "-kernel", str(image), "-initrd", f.name,
                 "-append", "console=ttyS0 panic=1 no_timer_check kho=on "
                  f"kho_scratch={args.scratch}"]
        for node in 0, 1:
            words += ["-object", f"memory-backend-ram,size=2G,id=m{node},reserve=off",
                      "-numa", f"node,nodeid={node},memdev=m{node}"]
        qemu = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, start_new_session=True)
        text, until = b"", time.time() + LIMIT_SECONDS
        try:
            while time.time() < until and b"@live handed over" not in text:
                part = qemu.stdout.read1(65536)
                if not part:
                    break
                text += part
        finally:
            qemu.kill()
            qemu.wait()
    return text.decode(errors="replace").replace("\r", "").splitlines()


def allocations(lines):
    result = []
    for event in memtrace.events(lines):
        if isinstance(event, memtrace.Alloc) and event.address is not None:
            result.append((event.function, event.size, event.address))
        if isinstance(event, str):
            continue
    return result


def early(lines):
    found = next((i for i, l in enumerate(lines) if "KHO: found kexec handover data" in l), None)
    if found is None:
        return []
    end = next((i for i, l in enumerate(lines) if i > found and "SLUB: HWalign=" in l), len(lines))
    return lines[found:end]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", default="kexec/kexec")
    parser.add_argument("--linked", action="store_true")
    parser.add_argument("--kernels", required=True)
    parser.add_argument("--release", default="7.2")
    parser.add_argument("--scratch", default="16M,96M,48M")
    parser.add_argument("--log")
    args = parser.parse_args()
    image = guest.kernel_image([Path(args.kernels)], "x86_64", args.release)
    lines = run(args, image, make_initrd(args, image))
    if args.log:
        Path(args.log).write_text("\n".join(lines))
    text = "\n".join(lines)
    begin = next((i for i, l in enumerate(lines) if "@live log begins" in l), 0)
    end = next((i for i, l in enumerate(lines) if "@live log ends" in l), 0)
    seen, real = allocations(early(lines[begin:end])), allocations(early(lines[end:]))
    big = [a for a in real if a[1] >= 4096]
    missing = [a for a in big if a not in seen]
    tests = (
        ("the load came after a rehearsal that came up", "rehearsal-up: rehearsed in" in text),
        ("it was let through", re.search(r"@live status=0 loaded=1", text)),
        ("the successor found the handover", "@live handed over" in text),
        (f"{len(big) - len(missing)} of {len(big)} allocations of a page or more were rehearsed",
         big and not missing),
    )
    for n, (name, passed) in enumerate(tests, 1):
        print(f"{'' if passed else 'not '}ok {n} - {name}")
    for line in lines:
        if "kexec: kho" in line or "@live" in line:
            print(f"# {line}")
    for item in missing[:8]:
        print(f"#   only real: {item[0]} {item[1]} bytes at {item[2]:#x}")
    print(f"1..{len(tests)}")
    return not all(passed for _, passed in tests)


if __name__ == "__main__":
    sys.exit(main())
