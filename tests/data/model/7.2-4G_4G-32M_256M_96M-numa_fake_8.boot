# recorded: 7.2 under 7.2, kho_scratch=32M,256M,96M
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug numa=fake=8
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
alloc node_data 23bbfafc0
alloc node_data 23bbf6f80
alloc node_data 23bbf2f40
alloc node_data 23bbeef00
alloc node_data bb3fbfc0
alloc node_data 23bbeaec0
alloc node_data 13bbfbfc0
alloc node_data 23bbe6e80
alloc section_table 23bae5e80
alloc usage_map 23bbff580
alloc usage_map 23bbff2c0
alloc usage_map bb3fbd40
alloc usage_map 13bbfbd00
alloc usage_map 23bae5bc0
alloc usage_map 23bae5900
alloc usage_map 23bae5640
alloc usage_map 23bae5380
alloc percpu 235600000
alloc swiotlb bb0f4000
alloc swiotlb 23bad8000
map 1000 3 23bae2000
map 200000 17 239800000
map 200000 7 b9400000
map 200000 8 13aa00000
map 200000 32 235800000
