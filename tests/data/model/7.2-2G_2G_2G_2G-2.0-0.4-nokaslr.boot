# recorded: 7.2-2G_2G_2G_2G-2.0-0.4-nokaslr+memblock=debug
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
scratch 237c00000 6000000
scratch 7b800000 2400000
scratch 13b800000 2400000
scratch 1bb800000 2400000
scratch 235800000 2400000
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
alloc percpu 7b800000
alloc swiotlb baee4000
alloc swiotlb 23dadf000
map 1000 3 7dbf7000
map 200000 16 7ba00000
map 200000 16 13ba00000
map 200000 16 1bba00000
map 200000 16 23aa00000
