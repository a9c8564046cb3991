# recorded: 7.1 under 7.1, kho_scratch=16M,80M,32M
kernel 7.1.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch b7400000 1000000
scratch 235e00000 5000000
scratch b5400000 2000000
scratch 233e00000 2000000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data b83fbfc0
alloc node_data 23adfbfc0
alloc section_table b83fafc0
alloc usage_map b83fa780
alloc usage_map 23acfaac0
alloc percpu 234a00000
map 1000 3 b83f7000
map 200000 23 b5400000
map 200000 23 237e00000
map 200000 18 234c00000
