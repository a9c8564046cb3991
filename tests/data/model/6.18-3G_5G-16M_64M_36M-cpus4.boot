# recorded: 6.18 under 6.18, kho_scratch=16M,64M,36M
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch b7400000 1000000
scratch 236c00000 4000000
scratch b5000000 2400000
scratch 234800000 2400000
cpus 0 2
cpus 1 2
firmware_ranges 8
outcome up
alloc node_data b83fc240
alloc node_data 23abfc240
alloc section_table b83fb240
alloc usage_map b83faa00
alloc usage_map 23aafb480
alloc percpu 234c00000
alloc percpu 234a00000
map 1000 3 b83f7000
map 200000 18 b5000000
map 200000 6 239e00000
map 200000 40 234e00000
