# recorded: 6.18 under 6.18, kho_scratch=16M,52M,16M
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
scratch 7cc00000 1000000
scratch 13ce00000 1000000
scratch 1bce00000 1000000
scratch 239a00000 1000000
cpus 0 1
firmware_ranges 8
outcome dead
alloc node_data 7dbfc240
alloc node_data 13ddfc240
alloc node_data 1bddfc240
alloc node_data 23ddfc240
alloc section_table 7dbfb240
alloc usage_map 7dbfacc0
alloc usage_map 13ddfbcc0
alloc usage_map 1bddfbcc0
alloc usage_map 23dcfbcc0
map 1000 3 7dbf7000
map 200000 7 7cc00000
map 200000 9 23ca00000
map 200000 7 13ce00000
map 200000 9 23b800000
map 200000 7 1bce00000
map 200000 15 239a00000
map 1000 251 23dc00000
map 1000 507 1bdc00000
map 1000 507 13dc00000
map 1000 5 bb5fb000
map 1000 9 bb5f1000
map 1000 227 bb411000
map 1000 503 7da00000
