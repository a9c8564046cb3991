# recorded: 7.1 under 7.1, kho_scratch=16M,62M,32M
kernel 7.1.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch b7400000 1000000
scratch 237000000 3e00000
scratch b5400000 2000000
scratch 235000000 2000000
cpus 0 1
firmware_ranges 8
outcome dead
alloc node_data b83fbfc0
alloc node_data 23adfbfc0
alloc section_table b83fafc0
alloc usage_map b83fa780
alloc usage_map 23acfaac0
map 1000 3 b83f7000
map 200000 23 b5400000
map 200000 39 235000000
map 1000 659 23aa67000
map 1000 6 b83f1000
map 1000 244 b8200000
