# recorded: 7.2 under 7.2, kho_scratch=16M,2M,30M
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
scratch 23d800000 400000
scratch 7bc00000 2000000
scratch 13bc00000 2000000
scratch 1bbc00000 2000000
scratch 23b800000 2000000
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
alloc percpu 7dbd1000
alloc percpu 7dbd0000
alloc percpu 7dbcf000
alloc percpu 7dbce000
alloc percpu 7dbcd000
alloc percpu 7dbcc000
alloc percpu 7dbcb000
alloc percpu 7dbca000
alloc percpu 7dbc9000
alloc percpu 7dbc8000
alloc percpu 7dbc7000
alloc percpu 7dbc6000
alloc percpu 7dbc5000
alloc percpu 7dbc4000
alloc percpu 7dbc3000
alloc percpu 7dbc2000
alloc percpu 7dbc1000
alloc percpu 7dbc0000
alloc swiotlb 7d9bb000
alloc swiotlb 7d9b5000
map 1000 3 7dbf7000
map 200000 7 7bc00000
map 200000 9 23c800000
map 200000 15 13bc00000
map 200000 1 bb000000
map 200000 15 1bbc00000
map 200000 8 23b800000
map 200000 6 ba400000
map 1000 251 23da00000
map 1000 507 1bda00000
map 1000 507 13da00000
map 1000 5 bb3fb000
map 1000 9 bb3f1000
map 1000 244 bb200000
map 1000 16 7dbe7000
