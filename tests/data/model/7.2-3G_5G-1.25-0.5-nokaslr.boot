# recorded: 7.2-3G_5G-1.25-0.5-nokaslr+memblock=debug
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1096188
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch b5800000 1000000
scratch 236400000 4800000
scratch b3400000 2400000
scratch 234000000 2400000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data b67fbfc0
alloc node_data 23abfbfc0
alloc section_table b67fafc0
alloc usage_map b67fa780
alloc usage_map 23aafaac0
alloc percpu b3400000
alloc swiotlb b3500000
alloc swiotlb 23aaf3000
map 1000 3 b67f7000
map 200000 24 b3600000
map 200000 40 234a00000
