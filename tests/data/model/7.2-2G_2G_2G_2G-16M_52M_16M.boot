# recorded: 7.2 under 7.2, kho_scratch=16M,52M,16M
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
scratch 7cc00000 1000000
scratch 13cc00000 1000000
scratch 1bcc00000 1000000
scratch 239800000 1000000
cpus 0 1
firmware_ranges 8
outcome dead
alloc node_data 7dbfbfc0
alloc node_data 13dbfbfc0
alloc node_data 1bdbfbfc0
alloc node_data 23dbfbfc0
alloc section_table 7dbfafc0
alloc usage_map 7dbfaa40
alloc usage_map 13dbfba40
alloc usage_map 1bdbfba40
alloc usage_map 23dafb300
map 1000 3 7dbf7000
map 200000 7 7cc00000
map 200000 9 23b800000
map 200000 7 13cc00000
map 200000 7 ba400000
map 200000 2 23b400000
map 200000 7 1bcc00000
map 200000 14 239800000
map 1000 650 23d871000
map 1000 507 1bda00000
map 1000 507 13da00000
map 1000 5 bb3fb000
map 1000 9 bb3f1000
map 1000 244 bb200000
map 1000 503 7da00000
