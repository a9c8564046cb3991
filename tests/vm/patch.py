# SPDX-License-Identifier: GPL-2.0-only
"""A kernel that speaks another format: a text in a bzImage, replaced by one of the same length."""
import lzma
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "kernels"))
import kernelimage

# The end of .BTF's texts, given up so that the packed kernel is no longer than before: its
# length stands in the code that unpacks it.
SPARE_BYTES = 8192


class PatchError(Exception):
    pass


def replaced(kernel, old, new):
    old, new = b"\0" + old.encode() + b"\0", b"\0" + new.encode() + b"\0"
    if len(old) != len(new) or kernel.count(old) != 1:
        raise PatchError(f"{old} does not stand once in the kernel, or {new} has another length")
    kernel = bytearray(kernel.replace(old, new))
    btf = kernelimage.btf(kernel)
    if btf:
        end = kernel.find(btf) + len(btf)
        kernel[end - SPARE_BYTES:end] = bytes(SPARE_BYTES)
    return bytes(kernel)


def patched(image, old, new):
    """Only kernels that are packed by xz."""
    setup_sects = image[0x1f1] or 4
    offset, length = struct.unpack_from("<II", image, 0x248)
    start = (setup_sects + 1) * 512 + offset
    unpacker = lzma.LZMADecompressor(format=lzma.FORMAT_XZ)
    try:
        kernel = unpacker.decompress(image[start:start + length])
    except lzma.LZMAError as error:
        raise PatchError(f"no kernel packed by xz: {error}") from error
    room = length - len(unpacker.unused_data)
    packed = lzma.compress(replaced(kernel, old, new), format=lzma.FORMAT_XZ,
                           check=lzma.CHECK_CRC32,
                           filters=[{"id": lzma.FILTER_X86},
                                    {"id": lzma.FILTER_LZMA2, "preset": 9, "lc": 4,
                                     "dict_size": 32 << 20}])
    if len(packed) > room:
        raise PatchError(f"packed again the kernel has {len(packed)} bytes, {room} have room")
    return image[:start] + packed.ljust(room, b"\0") + image[start + room:]


def kernel_with(path, words, folder):
    """@path with words[0] replaced by words[1], made once in @folder."""
    made = folder / f"{path.name.removesuffix('-kho')}-{words[1]}"
    if not made.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = made.with_suffix(".part")
        part.write_bytes(patched(path.read_bytes(), *words))
        part.rename(made)
    return made
