# recorded: 6.18 under 6.18, kho_scratch=32M,160M,64M
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug memmap=1G$5G
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
outcome dead
alloc node_data 13bbfc240
alloc node_data 23bdfc240
alloc section_table 13bbfb240
alloc usage_map 13bbfa740
alloc usage_map 23bcfba00
alloc percpu ba200000
alloc swiotlb b9a00000
alloc swiotlb 23bcdf000
map 1000 3 13bbf7000
map 200000 31 137c00000
map 200000 1 ba400000
map 200000 24 238c00000
