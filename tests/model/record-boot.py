#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Make a model fixture out of a recorded handover.

  record-boot.py DIR > tests/data/model/NAME.boot

DIR holds console.log.gz (both kernels, the second with memblock=debug),
sysroot.tgz (proc and sys of the first kernel just before the load) and truth.json.
Only what the model reads and what it is to predict goes into the fixture.
"""
import gzip
import json
import os
import re
import sys
import tarfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'vm'))
import memtrace  # noqa: E402 pylint: disable=wrong-import-position

ALLOC = re.compile(r'memblock_(?:alloc\w*|phys_alloc_range): (\d+) bytes align=0x[0-9a-f]+'
                   r'(?: nid=(-?\d+))? .* (\S+?)\+0x')
RESERVE = re.compile(r'memblock_reserve: \[0x([0-9a-f]+)-0x([0-9a-f]+)\].* (\S+?)\+0x')
NODE = re.compile(r'^\s+node\s+(\d+): \[mem 0x([0-9a-f]+)-0x([0-9a-f]+)\]')


def lines(path):
    """(first kernel's lines, successor's lines), without time stamps."""
    with gzip.open(os.path.join(path, 'console.log.gz'), 'rt', errors='replace') as log:
        text = [re.sub(r'^\[ *[\d.]+\] ', '', l.rstrip('\r\n')) for l in log]
    at = next((i for i, l in enumerate(text) if 'KHO: found kexec handover data' in l),
              len(text))
    return text[:at], text[at:]


def tree_bytes(tree, name):
    for prefix in ('', './'):
        try:
            return tree.extractfile(prefix + name).read()
        except KeyError:
            pass
    return b''


def read(tree, name):
    return tree_bytes(tree, name).decode()


def memory_map(log):
    """Every allocation of the memory map and its page tables: (bytes, start), in order."""
    for event in memtrace.events(log):
        if not memtrace.of_map(event) or event.address is None:
            continue
        # A buffer (up to 7.1) is handed out upwards, PMD by PMD.
        size = min(event.size, memtrace.PMD)
        for off in range(0, event.size, size):
            yield size, event.address + off


# Who asks, by the function that the log names: the model's name for it.
USERS = {
    'sparse_index_alloc': 'section_table', 'sparse_init_nid': 'usage_map',
    'pcpu_fc_alloc': 'percpu', 'alloc_large_system_hash': 'hashes',
    'swiotlb_init_remap': 'swiotlb', 'setup_log_buf': 'log_buf',
    'reserve_crashkernel_generic': 'crashkernel',
    'arch_reserve_crashkernel': 'crashkernel', 'setup_arch': 'crashkernel',
    '__alloc_bootmem_huge_page': 'hugepages', 'alloc_bootmem': 'hugepages',
}
NODE_DATA = re.compile(r'NODE_DATA\(\d+\) allocated \[mem 0x([0-9a-f]+)-')


def others(log):
    """Other allocations that the model follows: (user, start), in order."""
    user = asked = None
    for line in log:
        m = NODE_DATA.search(line)
        if m:
            yield 'node_data', int(m[1], 16)
        m = ALLOC.search(line)
        if m:
            asked, user = int(m[1]), USERS.get(m[3].split('.')[0])
            # Small ones of these callers are not what is meant.
            if user == 'crashkernel' and asked < 1 << 20 or user == 'swiotlb' and asked < 4096:
                user = None
            continue
        m = RESERVE.search(line)
        if m and user and int(m[2], 16) + 1 - int(m[1], 16) == asked:
            yield user, int(m[1], 16)
        user = None


def preserved(log):
    """What the successor reserves for its predecessor; merged."""
    for line in log:
        m = RESERVE.search(line)
        if m and m[3] in ('kho_preserved_memory_reserve', 'deserialize_bitmap'):
            yield int(m[1], 16), int(m[2], 16) + 1


def handover_map(tree):
    """The root page of the tree of preserved memory, as the handover FDT says."""
    blob = tree_bytes(tree, 'sys/kernel/debug/kho/out/fdt')
    at = blob.find(b'preserved-memory-map\0')
    if at < 0:
        return None
    # One property in the structure block refers to the name: find its eight-byte value.
    names = int.from_bytes(blob[12:16], 'big')
    want = (at - names).to_bytes(4, 'big')
    i = blob.find(b'\0\0\0\3\0\0\0\x08' + want)
    return int.from_bytes(blob[i + 12:i + 20], 'little') if i >= 0 else None


def merged(pieces):
    """[bytes, count, start], neighbours of one size in one."""
    runs = []
    for size, start in pieces:
        last = runs[-1] if runs else None
        if last and last[0] == size and start + size == last[2]:
            last[1] += 1
            last[2] = start
        elif last and last[0] == size and start == last[2] + last[0] * last[1]:
            last[1] += 1
        else:
            runs.append([size, 1, start])
    return runs


def main():
    path = sys.argv[1]
    with open(os.path.join(path, 'truth.json')) as f:
        truth = json.load(f)
    first, successor = lines(path)
    if not successor and truth['outcome'] != 'load-fails':
        sys.exit('%s: the successor found no handover data' % path)
    tree = tarfile.open(os.path.join(path, 'sysroot.tgz'))
    # bzImage-RELEASE-kho, Image.gz-RELEASE-arm64-kho: the name in kernels.txt
    release = re.fullmatch(r'[A-Za-z.]*Image[^-]*-(.*?)(-kho)?', truth['successor_image'])[1]
    print('# recorded: %s' % truth['name'])
    print('kernel %s' % release)
    print('cmdline %s' % truth['successor_cmdline'])
    print('initrd %d' % truth['initrd_bytes'])
    for line in first:
        m = NODE.match(line)
        if m:
            print('ram %s %x %s' % (m[2].lstrip('0') or '0', int(m[3], 16) + 1, m[1]))
    starts = read(tree, 'sys/kernel/debug/kho/out/scratch_phys').split()
    sizes = read(tree, 'sys/kernel/debug/kho/out/scratch_len').split()
    for start, size in zip(starts, sizes):
        print('scratch %x %x' % (int(start, 16), int(size, 16)))
    nodes = {}
    for cpus in sorted(n for n in tree.getnames() if re.search(r'node/node\d+/cpulist$', n)):
        for part in tree.extractfile(cpus).read().decode().strip().split(','):
            if part:
                lo, _, hi = part.partition('-')
                node = int(re.search(r'node(\d+)/', cpus)[1])
                nodes[node] = nodes.get(node, 0) + int(hi or lo) - int(lo) + 1
    for node, count in nodes.items() or [(0, 1)]:
        print('cpus %d %d' % (node, count))
    print('firmware_ranges %d' %
          sum(1 for n in tree.getnames() if re.search(r'firmware/memmap/\d+/start$', n)))
    # Only from 7.3 on does it matter, and a record from before may not show it all.
    if any('kho_radix_alloc_node' in l for l in successor):
        kept = list(preserved(successor))
        page = handover_map(tree)
        if page:
            kept.append((page, page + 4096))
        for start, end in sorted(kept):
            print('preserved %x %x' % (start, end))
    print('outcome %s' % truth['outcome'])
    for user, start in others(successor):
        print('alloc %s %x' % (user, start))
    for size, count, start in merged(memory_map(successor)):
        print('map %x %d %x' % (size, count, start))


if __name__ == '__main__':
    main()
