# recorded: 7.2-3G_5G-1.8-0.5-nokaslr+memblock=debug
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1096188
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch b7400000 1000000
scratch 234400000 6800000
scratch b4000000 3400000
scratch 231000000 3400000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data b83fbfc0
alloc node_data 23abfbfc0
alloc section_table b83fafc0
alloc usage_map b83fa780
alloc usage_map 23aafaac0
alloc percpu b5000000
alloc swiotlb b4000000
alloc swiotlb 23aac6000
map 1000 3 b83f7000
map 200000 24 b5200000
map 200000 40 234a00000
