# SPDX-License-Identifier: GPL-2.0-only
"""
What Debian's kernel packages hold, read without any code of kexec-kho: the payload
of an image, unpacked by the usual command-line tools, its BTF, its build ID, and the
packaged configuration.
"""
import re
import shutil
import struct
import subprocess

# By the first bytes of the packed data.
UNPACKERS = (
    (b"\x1f\x8b", ("gzip", "-dcq")),
    (b"\xfd7zXZ\0", ("xz", "-dcq")),
    (b"\x28\xb5\x2f\xfd", ("zstd", "-dcq")),
    (b"\x02\x21\x4c\x18", ("lz4", "-dcq")),
    (b"BZh", ("bzip2", "-dcq")),
    (b"\x89LZO", ("lzop", "-dcq")),
    (b"\x5d\0\0", ("xz", "--format=lzma", "-dcq")),
)


def unpack(data):
    """The tools complain of what follows the stream (the payload's size); let them."""
    for magic, command in UNPACKERS:
        if data.startswith(magic):
            done = subprocess.run(command, input=data, capture_output=True, check=False)
            if not done.stdout:
                raise ValueError(f"{command[0]}: {done.stderr.decode().strip()}")
            return done.stdout
    raise ValueError(f"packed in an unknown way: {data[:6].hex()}")


def payload(image):
    """The kernel proper: an ELF file (x86-64) or what Image holds (arm64)."""
    if image[0x202:0x206] == b"HdrS":
        setup_sects = image[0x1f1] or 4
        offset, length = struct.unpack_from("<II", image, 0x248)
        start = (setup_sects + 1) * 512 + offset
        return unpack(image[start:start + length])
    if image[4:8] == b"zimg":
        offset, length = struct.unpack_from("<II", image, 8)
        return unpack(image[offset:offset + length])
    if image[0x38:0x3c] == b"ARM\x64":
        return image
    return payload(unpack(image))


def btf(kernel):
    """The BTF of the kernel itself: the first header that holds together; or None."""
    for match in re.finditer(rb"\x9f\xeb\x01\0", kernel):
        start = match.start()
        if start + 24 > len(kernel):
            break
        header, types, types_len, strings, strings_len = struct.unpack_from("<5I", kernel,
                                                                            start + 4)
        end = start + header + strings + strings_len
        if (24 <= header <= 64 and types == 0 and strings >= types_len > 1 << 20
                and end <= len(kernel) and kernel[start + header + strings] == 0
                and kernel[end - 1] == 0):
            return kernel[start:end]
    return None


def build_id(vmlinux):
    """Of an ELF file."""
    done = subprocess.run(("readelf", "-nW", vmlinux), capture_output=True, text=True, check=True)
    return re.search(r"Build ID: ([0-9a-f]+)", done.stdout).group(1)


def gdb():
    """The one that knows other architectures, where it is there."""
    return shutil.which("gdb-multiarch") or "gdb"


def config(path):
    """{"SPARSEMEM": "y", ...}; what is not set is not in it."""
    with open(path, encoding="utf-8") as file:
        return dict(re.findall(r"^CONFIG_(\w+)=(.*)$", file.read(), re.MULTILINE))
