# recorded: 7.2 under 7.2, kho_scratch=16M,52M,18M
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 80000000 0
ram 80000000 bffe0000 1
ram 100000000 140000000 1
ram 140000000 1c0000000 2
ram 1c0000000 240000000 3
scratch ba400000 1000000
scratch 23a800000 3400000
scratch 7c800000 1400000
scratch 13c800000 1400000
scratch 1bc800000 1400000
scratch 239400000 1400000
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
alloc percpu 7dbd3000
alloc percpu 7dbd2000
alloc swiotlb 7dad2000
alloc swiotlb 13da73000
map 1000 3 7dbf7000
map 200000 9 7c800000
map 200000 7 23bc00000
map 200000 9 13c800000
map 200000 7 ba400000
map 200000 9 1bc800000
map 200000 20 239400000
map 1000 650 23d871000
map 1000 507 1bda00000
map 1000 382 13da7d000
