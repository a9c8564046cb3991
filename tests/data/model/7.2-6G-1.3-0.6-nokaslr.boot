# recorded: 7.2-6G-1.3-0.6-nokaslr+memblock=debug
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1096188
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 1c0000000 0
scratch ba800000 1000000
scratch 1b5000000 4000000
scratch 1b2400000 2c00000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 1b8ffbfc0
alloc section_table 1b8efa880
alloc usage_map 1b8ef9800
alloc percpu bae00000
alloc hashes baa00000
alloc hashes 1b8cf3ac0
alloc swiotlb ba800000
alloc swiotlb 1b8cec000
map 1000 3 1b8ef6000
map 200000 45 1b2400000
map 200000 3 bb000000
