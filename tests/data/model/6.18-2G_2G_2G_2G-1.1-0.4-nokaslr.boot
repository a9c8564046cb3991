# recorded: 6.18-2G_2G_2G_2G-1.1-0.4-nokaslr+memblock=debug
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
scratch 23ae00000 3000000
scratch 7cc00000 1000000
scratch 13ce00000 1000000
scratch 1bce00000 1000000
scratch 239e00000 1000000
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
map 200000 13 239e00000
map 1000 251 23dc00000
map 1000 507 1bdc00000
map 1000 507 13dc00000
map 1000 5 bb7fb000
map 1000 9 bb7f1000
map 1000 211 bb611000
map 1000 503 7da00000
