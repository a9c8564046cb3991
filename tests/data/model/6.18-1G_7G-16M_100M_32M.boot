# recorded: 6.18 under 6.18, kho_scratch=16M,100M,32M
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 40000000 0
ram 40000000 bffe0000 1
ram 100000000 240000000 1
scratch ba600000 1000000
scratch 232a00000 6400000
scratch 3cc00000 2000000
scratch 230a00000 2000000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 3ebfc240
alloc node_data 238dfc240
alloc section_table 3ebfb240
alloc usage_map 3ebfaf80
alloc usage_map 238cfaf00
alloc percpu 3d800000
alloc swiotlb 3d000000
alloc swiotlb 238cde000
map 200000 8 3da00000
map 1000 3 3ebf7000
map 200000 56 231c00000
