# recorded: 7.2-2G_2G_2G_2G-1.35-0.4-nokaslr+memblock=debug
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1096188
ram 1000 9f000 0
ram 100000 80000000 0
ram 80000000 bffe0000 1
ram 100000000 140000000 1
ram 140000000 1c0000000 2
ram 1c0000000 240000000 3
scratch ba800000 1000000
scratch 23a000000 3c00000
scratch 7c800000 1400000
scratch 13c800000 1400000
scratch 1bc800000 1400000
scratch 238c00000 1400000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 7dbfbfc0
alloc node_data 13dbfbfc0
alloc node_data 1bdbfbfc0
alloc node_data 23dbfbfc0
alloc section_table 7dbfafc0
alloc usage_map 7dbfaa40
alloc usage_map 13dbfba40
alloc usage_map 1bdbfba40
alloc usage_map 23dafb300
alloc percpu 238c00000
alloc swiotlb 7daf7000
alloc swiotlb 23daf4000
map 1000 3 7dbf7000
map 200000 9 7c800000
map 200000 7 23bc00000
map 200000 9 13c800000
map 200000 7 ba800000
map 200000 9 1bc800000
map 200000 23 238e00000
