# recorded: arm64-7.3-64k-ample
kernel 7.3.4-arm64-kho64k
cmdline console=ttyAMA0 earlycon panic=1 kho=on nokaslr memblock=debug
initrd 1290074
ram 40000000 140000000 0
ram 140000000 240000000 1
scratch c0000000 20000000
scratch 200000000 20000000
scratch 100000000 20000000
scratch 1e0000000 20000000
cpus 0 1
firmware_ranges 0
preserved 13e470000 13e480000
preserved 13e490000 13e4a0000
preserved 140100000 140101000
outcome up
alloc node_data 11fffd480
alloc node_data 21fee29c0
alloc section_table 11ffed480
alloc usage_map 11ffed2c0
alloc usage_map 23ffffa40
alloc percpu 11fbc0000
alloc swiotlb fbff0000
alloc swiotlb 23fb30000
map 10000 65 11fbd0000
map 10000 64 23fbf0000
