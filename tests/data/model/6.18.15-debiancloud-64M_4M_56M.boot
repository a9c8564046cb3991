# recorded: 6.18.15-debiancloud 64M,4M,56M
kernel 6.18.15-debiancloud
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 kho=on nokaslr memblock=debug
initrd 3145728
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 140000000 0
ram 140000000 240000000 1
scratch b6c00000 4000000
scratch 23ba00000 400000
scratch 138400000 3800000
scratch 238200000 3800000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 13bbd5280
alloc node_data 23bdd5280
alloc section_table 13bbd4280
alloc usage_map 13bbd3780
alloc usage_map 23bcd4780
alloc percpu 13baa0000
alloc percpu 13ba9f000
alloc percpu 13ba9e000
alloc percpu 13ba9d000
alloc percpu 13ba9c000
alloc percpu 13ba9b000
alloc percpu 13ba9a000
alloc percpu 13ba99000
alloc percpu 13ba98000
alloc percpu 13ba97000
alloc percpu 13ba96000
alloc percpu 13ba95000
alloc percpu 13ba94000
alloc percpu 13ba93000
alloc percpu 13ba92000
alloc percpu 13ba91000
alloc percpu 13ba90000
alloc percpu 13ba8f000
alloc percpu 13ba8e000
alloc percpu 13ba8d000
alloc percpu 13ba8c000
alloc percpu 13ba8b000
alloc percpu 13ba8a000
alloc percpu 13ba89000
alloc percpu 13ba88000
alloc percpu 13ba87000
alloc percpu 13ba86000
alloc percpu 13ba85000
alloc percpu 13ba84000
alloc percpu 13ba83000
alloc percpu 13ba82000
alloc percpu 13ba81000
alloc percpu 13ba80000
alloc percpu 13ba7f000
alloc percpu 13ba7e000
alloc percpu 13ba7d000
alloc percpu 13ba7c000
alloc percpu 13ba7b000
alloc percpu 13ba7a000
alloc percpu 13ba79000
alloc percpu 13ba78000
alloc percpu 13ba77000
alloc percpu 13ba76000
alloc percpu 13ba75000
alloc percpu 13ba74000
alloc percpu 13ba73000
alloc percpu 13ba72000
alloc percpu 13ba71000
alloc percpu 13ba70000
alloc percpu 13ba6f000
alloc percpu 13ba6e000
alloc percpu 13ba6d000
alloc percpu 13ba6c000
alloc percpu 13ba6b000
alloc percpu 13ba6a000
alloc percpu 13ba69000
alloc percpu 13ba68000
alloc percpu 13ba67000
alloc percpu 13ba66000
alloc swiotlb baaf0000
alloc swiotlb 13ba5c000
