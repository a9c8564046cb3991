# recorded: 7.2 under 7.2, kho_scratch=32M,256M,96M
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug crashkernel=128M
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 140000000 0
ram 140000000 240000000 1
scratch b9400000 2000000
scratch 22bc00000 10000000
scratch 135c00000 6000000
scratch 225c00000 6000000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 13bbfbfc0
alloc node_data 23bbfbfc0
alloc crashkernel 233000000
alloc section_table 13bbfafc0
alloc usage_map 13bbfa4c0
alloc usage_map 23bafad80
alloc percpu 137800000
alloc swiotlb b9a00000
alloc swiotlb 23badf000
map 1000 3 13bbf7000
map 200000 32 137a00000
map 200000 32 237a00000
