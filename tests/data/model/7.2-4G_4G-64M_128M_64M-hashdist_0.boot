# recorded: 7.2-hashdist-2
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 no_timer_check panic=1 kho=on hashdist=0 nokaslr memblock=debug
initrd 1367271
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 140000000 0
ram 140000000 240000000 1
scratch b7400000 4000000
scratch 233c00000 8000000
scratch 137c00000 4000000
scratch 22fc00000 4000000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 13bbfbfc0
alloc node_data 23bbfbfc0
alloc section_table 13bbfafc0
alloc usage_map 13bbfa4c0
alloc usage_map 23bafad80
alloc percpu b9c00000
alloc hashes 237200000
alloc hashes 236e00000
alloc swiotlb b7c00000
alloc swiotlb 23ba97000
map 1000 3 13bbf7000
map 200000 31 137c00000
map 200000 1 b9e00000
map 200000 32 237a00000
