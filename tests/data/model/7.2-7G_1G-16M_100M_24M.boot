# recorded: 7.2 under 7.2, kho_scratch=16M,100M,24M
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 200000000 0
ram 200000000 240000000 1
scratch ba400000 1000000
scratch 238800000 6400000
scratch 1f7400000 1800000
scratch 237000000 1800000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 1f8bfbfc0
alloc node_data 23ebfbfc0
alloc section_table 1f8bfafc0
alloc usage_map 1f8bf9c80
alloc usage_map 23eafb5c0
alloc percpu 237c00000
map 1000 3 1f8bf6000
map 200000 11 1f7400000
map 200000 7 ba400000
map 200000 46 237e00000
