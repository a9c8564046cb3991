# recorded: 7.2 under 7.2, kho_scratch=16M,32M,32M
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
scratch bac00000 1000000
scratch b8c00000 2000000
scratch b6c00000 2000000
cpus 0 1
firmware_ranges 7
outcome up
alloc node_data bbbfbfc0
alloc section_table bbbfa940
alloc usage_map bbbfa100
alloc percpu b7600000
alloc hashes b7200000
alloc hashes b7000000
map 1000 3 bbbf7000
map 200000 7 baa00000
map 200000 17 b7800000
