# recorded: 7.3 under 7.3, kho_scratch=32M,160M,64M
kernel 7.3.4
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug hugepagesz=1G hugepages=2
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 140000000 0
ram 140000000 240000000 1
scratch b9400000 2000000
scratch 231c00000 a000000
scratch 137c00000 4000000
scratch 22dc00000 4000000
cpus 0 1
firmware_ranges 8
preserved 100211000 100212000
preserved 100214000 100215000
preserved 140051000 140052000
outcome up
alloc node_data 13bbfbf80
alloc node_data 23bbfbf80
alloc section_table 13bbfaf80
alloc usage_map 13bbfa480
alloc usage_map 23feff500
alloc percpu bfa00000
alloc swiotlb bba00000
alloc swiotlb 23fe3b000
map 1000 3 13bbf7000
map 200000 31 137c00000
map 200000 1 bfc00000
map 200000 32 23be00000
