# recorded: 7.1-3G_5G-0.9-0.5-nokaslr+memblock=debug
kernel 7.1.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1096194
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch b7600000 1000000
scratch 237e00000 3000000
scratch b5e00000 1800000
scratch 236600000 1800000
cpus 0 1
firmware_ranges 8
outcome dead
alloc node_data b85fbfc0
alloc node_data 23adfbfc0
alloc section_table b85fafc0
alloc usage_map b85fa780
alloc usage_map 23acfaac0
map 1000 3 b85f7000
map 200000 12 b5e00000
map 200000 35 236600000
map 1000 250 23ac00000
map 1000 6 b85f1000
map 1000 637 b8267000
