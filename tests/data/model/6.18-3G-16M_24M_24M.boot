# recorded: 6.18 under 6.18, kho_scratch=16M,24M,24M
kernel 6.18.15
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
alloc node_data bbbfc240
alloc section_table bbbfb240
alloc usage_map bbbfaa00
map 1000 3 bbbf7000
map 200000 23 b7c00000
map 1000 6 bbbf1000
map 1000 227 bba11000
map 1000 256 baa00000
