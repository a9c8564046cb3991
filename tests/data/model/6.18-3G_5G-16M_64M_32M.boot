# recorded: 6.18 under 6.18, kho_scratch=16M,64M,32M
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch b7400000 1000000
scratch 236e00000 4000000
scratch b5400000 2000000
scratch 234e00000 2000000
cpus 0 1
firmware_ranges 8
outcome dead
alloc node_data b83fc240
alloc node_data 23adfc240
alloc section_table b83fb240
alloc usage_map b83faa00
alloc usage_map 23acfb480
map 1000 3 b83f7000
map 200000 16 b5400000
map 200000 47 234e00000
map 1000 251 23ac00000
map 1000 6 b83f1000
map 1000 227 b8211000
