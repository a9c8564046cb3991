# recorded: 7.3 under 7.3, kho_scratch=16M,24M,16M
kernel 7.3.4
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 80000000 0
ram 80000000 bffe0000 1
ram 100000000 140000000 1
ram 140000000 1c0000000 2
ram 1c0000000 240000000 3
scratch ba400000 1000000
scratch 23c400000 1800000
scratch 7cc00000 1000000
scratch 13cc00000 1000000
scratch 1bcc00000 1000000
scratch 23b400000 1000000
cpus 0 1
firmware_ranges 8
preserved 120e000 120f000
preserved 1000c0000 1000c1000
preserved 1c000b000 1c000c000
outcome up
alloc node_data 7dbfbf80
alloc node_data 13dbfbf80
alloc node_data 1bdbfbf80
alloc node_data 23dbfbf80
alloc section_table 7ffff000
alloc usage_map 7fffea80
alloc usage_map 13dbfba00
alloc usage_map 1bffffa80
alloc usage_map 23feffa80
alloc percpu 7dc00000
alloc swiotlb b6600000
alloc swiotlb 23fe3b000
map 1000 3 7fffb000
map 200000 16 7de00000
map 200000 7 13cc00000
map 200000 9 bec00000
map 200000 16 1bde00000
map 200000 16 23de00000
