# recorded: 7.3 under 7.3, kho_scratch=32M,160M,64M
kernel 7.3.4
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug numa=off
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 140000000 0
ram 140000000 240000000 1
scratch b9400000 2000000
scratch 231c00000 a000000
scratch 137c00000 4000000
scratch 22dc00000 4000000
cpus 0 1
firmware_ranges 8
preserved 100211000 100212000
preserved 140050000 140051000
preserved 140053000 140054000
outcome up
alloc node_data 23bbfbf80
alloc section_table 23feff000
alloc usage_map 23fefda00
alloc percpu 237a00000
alloc hashes 237200000
alloc hashes 236e00000
alloc swiotlb bbfe0000
alloc swiotlb 23fe36000
map 1000 3 23fefa000
map 200000 33 23bc00000
map 200000 31 237c00000
