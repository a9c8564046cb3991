# recorded: 6.18 under 6.18, kho_scratch=16M,32M,32M
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
scratch bac00000 1000000
scratch b6400000 2000000
scratch b4400000 2000000
cpus 0 1
firmware_ranges 7
outcome up
alloc node_data bbbfc240
alloc section_table bbbfb240
alloc usage_map bbbfaa00
alloc percpu b5000000
alloc hashes b4c00000
alloc hashes b4a00000
map 200000 24 b5200000
map 1000 3 bbbf7000
