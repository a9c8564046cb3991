# recorded: 6.18-2G_2G_2G_2G-2.0-0.4-nokaslr+memblock=debug
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1096194
ram 1000 9f000 0
ram 100000 80000000 0
ram 80000000 bffe0000 1
ram 100000000 140000000 1
ram 140000000 1c0000000 2
ram 1c0000000 240000000 3
scratch ba800000 1000000
scratch 237e00000 6000000
scratch 7b800000 2400000
scratch 13ba00000 2400000
scratch 1bba00000 2400000
scratch 235a00000 2400000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 7dbfc240
alloc node_data 13ddfc240
alloc node_data 1bddfc240
alloc node_data 23ddfc240
alloc section_table 7dbfb240
alloc usage_map 7dbfacc0
alloc usage_map 13ddfbcc0
alloc usage_map 1bddfbcc0
alloc usage_map 23dcfbcc0
alloc percpu 7b800000
alloc swiotlb 7daf7000
alloc swiotlb 23dcf4000
map 200000 16 7ba00000
map 1000 3 7dbf7000
map 200000 16 13bc00000
map 200000 16 1bbc00000
map 200000 16 23bc00000
