# recorded: 7.2 under 7.2, kho_scratch=32M,160M,64M
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug numa=fake=4
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 140000000 0
ram 140000000 240000000 1
scratch b9400000 2000000
scratch 22d800000 a000000
scratch 137c00000 4000000
scratch 229800000 4000000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 2377fafc0
alloc node_data 2377f6f80
alloc node_data 13bbfbfc0
alloc node_data 2377f2f40
alloc section_table 2376f1f40
alloc usage_map 2377ff2c0
alloc usage_map 13bbfba80
alloc usage_map 2376f19c0
alloc usage_map 2376f1440
alloc percpu 231200000
alloc swiotlb b9a00000
alloc swiotlb 2376d2000
map 1000 3 2376ee000
map 200000 17 235400000
map 200000 15 139c00000
map 200000 32 231400000
