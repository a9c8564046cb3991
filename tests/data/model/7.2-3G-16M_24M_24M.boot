# recorded: 7.2 under 7.2, kho_scratch=16M,24M,24M
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
scratch bac00000 1000000
scratch b9400000 1800000
scratch b7c00000 1800000
cpus 0 1
firmware_ranges 7
outcome dead
alloc node_data bbbfbfc0
alloc section_table bbbfa940
alloc usage_map bbbfa100
map 1000 3 bbbf7000
map 200000 7 baa00000
map 200000 15 b7c00000
map 1000 6 bbbf1000
map 1000 500 bb800000
map 1000 399 ba871000
