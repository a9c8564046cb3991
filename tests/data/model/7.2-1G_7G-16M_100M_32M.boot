# recorded: 7.2 under 7.2, kho_scratch=16M,100M,32M
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 40000000 0
ram 40000000 bffe0000 1
ram 100000000 240000000 1
scratch ba400000 1000000
scratch 232800000 6400000
scratch 3cc00000 2000000
scratch 230800000 2000000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 3ebfbfc0
alloc node_data 238bfbfc0
alloc section_table 3ebfafc0
alloc usage_map 3ebfad00
alloc usage_map 238afa540
alloc percpu 3d800000
alloc swiotlb baaf4000
alloc swiotlb 238ade000
map 1000 3 3ebf7000
map 200000 8 3da00000
map 200000 56 230a00000
