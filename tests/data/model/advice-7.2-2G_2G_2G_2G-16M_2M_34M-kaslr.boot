# recorded: 7.2 under 7.2, kho_scratch=16M,2M,34M
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 80000000 0
ram 80000000 bffe0000 1
ram 100000000 140000000 1
ram 140000000 1c0000000 2
ram 1c0000000 240000000 3
scratch ba400000 1000000
scratch 23d800000 400000
scratch 7b800000 2400000
scratch 13b800000 2400000
scratch 1bb800000 2400000
scratch 23b400000 2400000
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
alloc swiotlb ba400000
alloc swiotlb 23dadf000
map 1000 3 7dbf7000
map 200000 16 7ba00000
map 200000 16 13ba00000
map 200000 16 1bba00000
map 200000 2 23d600000
map 200000 9 23b400000
map 200000 1 1bb800000
map 200000 1 13b800000
map 200000 3 bac00000
