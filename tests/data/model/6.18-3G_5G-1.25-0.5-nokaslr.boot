# recorded: 6.18-3G_5G-1.25-0.5-nokaslr+memblock=debug
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1096194
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch b7600000 1000000
scratch 236600000 4800000
scratch b5200000 2400000
scratch 234200000 2400000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data b85fc240
alloc node_data 23adfc240
alloc section_table b85fb240
alloc usage_map b85faa00
alloc usage_map 23acfb480
alloc percpu 234e00000
map 1000 3 b85f7000
map 200000 18 b5200000
map 200000 6 23a000000
map 200000 40 235000000
