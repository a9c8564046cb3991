# recorded: more-7.2-debian-kaslr-1
kernel 7.2.13-debian
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 kho=on memblock=debug
initrd 1366999
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 140000000 0
ram 140000000 240000000 1
scratch b0000000 4000000
scratch 23b400000 800000
scratch 138000000 3c00000
scratch 237800000 3c00000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 13bbd4f80
alloc node_data 23bbd4f80
alloc section_table 13bbd3f80
alloc usage_map 13bbd3480
alloc usage_map 23b9d3c80
alloc percpu b0200000
alloc swiotlb b0000000
alloc swiotlb 23b9c9000
map 1000 3 13bbd0000
map 200000 29 138000000
map 200000 3 b3800000
map 200000 6 23ac00000
map 200000 26 b0400000
