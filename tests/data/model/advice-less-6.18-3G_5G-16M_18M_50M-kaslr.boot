# recorded: 6.18 under 6.18, kho_scratch=16M,18M,50M
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch b7400000 1000000
scratch 239c00000 1200000
scratch b4200000 3200000
scratch 236a00000 3200000
cpus 0 1
firmware_ranges 8
outcome dead
alloc node_data b83fc240
alloc node_data 23adfc240
alloc section_table b83fb240
alloc usage_map b83faa00
alloc usage_map 23acfb480
map 200000 24 b5200000
map 1000 3 b83f7000
map 200000 13 239200000
map 200000 12 236a00000
map 200000 8 b4200000
map 1000 251 23ac00000
map 1000 495 239011000
map 1000 6 b83f1000
map 1000 244 b8200000
