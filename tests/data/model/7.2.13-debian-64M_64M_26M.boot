# recorded: 7.2.13-debian 64M,64M,26M
kernel 7.2.13-debian
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 kho=on nokaslr memblock=debug
initrd 1366927
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 140000000 0
ram 140000000 240000000 1
scratch b6c00000 4000000
scratch 237c00000 4000000
scratch 13a000000 1c00000
scratch 236000000 1c00000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 13bbd4f80
alloc node_data 23bbd4f80
alloc section_table 13bbd3f80
alloc usage_map 13bbd3480
alloc usage_map 23b9d3c80
alloc percpu baa4e000
alloc percpu baa4d000
alloc percpu baa4c000
alloc percpu baa4b000
alloc percpu baa4a000
alloc percpu baa49000
alloc percpu baa48000
alloc percpu baa47000
alloc percpu baa46000
alloc percpu baa45000
alloc percpu baa44000
alloc percpu baa43000
alloc percpu baa42000
alloc percpu baa41000
alloc percpu baa40000
alloc percpu baa3f000
alloc percpu baa3e000
alloc percpu baa3d000
alloc percpu baa3c000
alloc percpu baa3b000
alloc percpu baa3a000
alloc percpu baa39000
alloc percpu baa38000
alloc percpu baa37000
alloc percpu baa36000
alloc percpu baa35000
alloc percpu baa34000
alloc percpu baa33000
alloc percpu baa32000
alloc percpu baa31000
alloc percpu baa30000
alloc percpu baa2f000
alloc percpu baa2e000
alloc percpu baa2d000
alloc percpu baa2c000
alloc percpu baa2b000
alloc percpu baa2a000
alloc percpu baa29000
alloc percpu baa28000
alloc percpu baa27000
alloc percpu baa26000
alloc percpu baa25000
alloc percpu baa24000
alloc percpu baa23000
alloc percpu baa22000
alloc percpu baa21000
alloc percpu baa20000
alloc percpu baa1f000
alloc percpu baa1e000
alloc percpu baa1d000
alloc percpu baa1c000
alloc percpu baa1b000
alloc percpu baa1a000
alloc percpu baa19000
alloc percpu baa18000
alloc percpu baa17000
alloc percpu baa16000
alloc percpu baa15000
alloc percpu baa14000
alloc percpu baa13000
alloc percpu baa12000
alloc swiotlb ba100000
alloc swiotlb baa0a000
