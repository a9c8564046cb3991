# recorded: 6.18 under 6.18, kho_scratch=16M,52M,22M
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 80000000 0
ram 80000000 bffe0000 1
ram 100000000 140000000 1
ram 140000000 1c0000000 2
ram 1c0000000 240000000 3
scratch ba600000 1000000
scratch 23aa00000 3400000
scratch 7c600000 1600000
scratch 13c800000 1600000
scratch 1bc800000 1600000
scratch 239400000 1600000
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
alloc percpu 239600000
alloc swiotlb 7daf7000
alloc swiotlb 23dcf4000
map 1000 3 7dbf7000
map 200000 10 7c600000
map 200000 6 23d000000
map 200000 10 13c800000
map 200000 6 23c400000
map 200000 10 1bc800000
map 200000 6 23b800000
map 200000 16 239800000
