# recorded: 6.18 under 6.18, kho_scratch=32M,160M,64M
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug numa=fake=4
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 140000000 0
ram 140000000 240000000 1
scratch b9600000 2000000
scratch 231e00000 a000000
scratch 137c00000 4000000
scratch 22de00000 4000000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 23bdfb240
alloc node_data 23bdf7480
alloc node_data 13bbfc240
alloc node_data 23bdf36c0
alloc section_table 23bcf26c0
alloc usage_map 23bdffa00
alloc usage_map 13bbfbd00
alloc usage_map 23bdff480
alloc usage_map 23bcf2140
alloc percpu 235800000
alloc swiotlb b9600000
alloc swiotlb 23bcbb000
map 1000 3 23bcef000
map 200000 17 239a00000
map 200000 15 139c00000
map 200000 16 237a00000
map 200000 16 235a00000
