# recorded: 7.1-3G_5G-1.8-0.5-nokaslr+memblock=debug
kernel 7.1.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1096194
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch b7600000 1000000
scratch 234600000 6800000
scratch b4200000 3400000
scratch 231200000 3400000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data b85fbfc0
alloc node_data 23adfbfc0
alloc section_table b85fafc0
alloc usage_map b85fa780
alloc usage_map 23acfaac0
alloc percpu b4400000
alloc swiotlb b82e4000
alloc swiotlb 23acf0000
map 200000 24 b4600000
map 1000 3 b85f7000
map 200000 40 235c00000
