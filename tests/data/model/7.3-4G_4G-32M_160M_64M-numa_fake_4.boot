# recorded: 7.3 under 7.3, kho_scratch=32M,160M,64M
kernel 7.3.4
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug numa=fake=4
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
preserved 100213000 100214000
preserved 1002ec000 1002ed000
preserved 14004c000 14004d000
outcome up
alloc node_data 23bbfaf80
alloc node_data 23bbf6f00
alloc node_data 13bbfbf80
alloc node_data 23bbf2e80
alloc section_table 80000000
alloc usage_map 7ffffa00
alloc usage_map 13bbfba40
alloc usage_map 1bffffa80
alloc usage_map 23feffa80
alloc percpu 7da00000
alloc swiotlb bbfe0000
alloc swiotlb 23fe3b000
map 1000 3 7fffc000
map 200000 17 7dc00000
map 200000 15 139c00000
map 200000 16 1bde00000
map 200000 16 23de00000
