# recorded: 6.18 under 6.18, kho_scratch=16M,52M,20M
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
scratch 7c800000 1400000
scratch 13ca00000 1400000
scratch 1bca00000 1400000
scratch 239600000 1400000
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
alloc percpu 7dbf6000
alloc percpu 7dbf5000
alloc percpu 7dbf4000
alloc percpu 7dbf3000
alloc percpu 7dbf2000
alloc percpu 7dbf1000
alloc percpu 7dbf0000
alloc percpu 7dbef000
alloc percpu 7dbee000
alloc percpu 7dbed000
alloc percpu 7dbec000
alloc percpu 7dbeb000
alloc percpu 7dbea000
alloc percpu 7dbe9000
alloc percpu 7dbe8000
alloc percpu 7dbe7000
alloc percpu 7dbe6000
alloc percpu 7dbe5000
alloc percpu 7dbe4000
alloc percpu 7dbe3000
alloc percpu 7dbe2000
alloc percpu 7dbe1000
alloc percpu 7dbe0000
alloc percpu 7dbdf000
alloc percpu 7dbde000
alloc percpu 7dbdd000
alloc percpu 7dbdc000
alloc percpu 7dbdb000
alloc percpu 7dbda000
alloc percpu 7dbd9000
alloc percpu 7dbd8000
alloc percpu 7dbd7000
alloc percpu 7dbd6000
alloc percpu 7dbd5000
alloc percpu 7dbd4000
alloc swiotlb 7dad4000
alloc swiotlb 13dce5000
map 1000 3 7dbf7000
map 200000 9 7c800000
map 200000 7 23ce00000
map 200000 9 13ca00000
map 200000 7 23c000000
map 200000 9 1bca00000
map 200000 21 239600000
map 1000 251 23dc00000
map 1000 507 1bdc00000
map 1000 268 13dcef000
