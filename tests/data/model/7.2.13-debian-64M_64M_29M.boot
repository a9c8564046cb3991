# recorded: 7.2.13-debian 64M,64M,29M
kernel 7.2.13-debian
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 kho=on nokaslr memblock=debug
initrd 1366927
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 140000000 0
ram 140000000 240000000 1
scratch b6c00000 4000000
scratch 237c00000 4000000
scratch 139c00000 2000000
scratch 235c00000 2000000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 13bbd4f80
alloc node_data 23bbd4f80
alloc section_table 13bbd3f80
alloc usage_map 13bbd3480
alloc usage_map 23b9d3c80
alloc percpu 235e00000
alloc swiotlb ba100000
alloc swiotlb 23b9cb000
