# recorded: advice-6.18-3g5g-crashkernel-1
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 no_timer_check panic=1 kho=on crashkernel=96M nokaslr memblock=debug
initrd 1367271
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch a1600000 ac00000
scratch 23ac00000 200000
scratch ae200000 6c00000
scratch 234000000 6c00000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data b4dfc240
alloc node_data 23adfc240
alloc crashkernel a5000000
alloc section_table b4dfb240
alloc usage_map b4dfaa00
alloc usage_map 23acfb480
alloc percpu b1a00000
alloc swiotlb afa00000
alloc swiotlb 23ac96000
map 200000 24 b1c00000
map 1000 3 b4df7000
map 200000 40 235c00000
