# recorded: 6.18 under 6.18, kho_scratch=16M,70M,32M
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch be400000 1000000
scratch 236800000 4600000
scratch b3400000 2000000
scratch 234800000 2000000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data bf3fc240
alloc node_data 23adfc240
alloc section_table bf3fb240
alloc usage_map bf3faa00
alloc usage_map 23acfb480
alloc percpu 234a00000
map 1000 3 bf3f7000
map 200000 16 b3400000
map 200000 8 239c00000
map 200000 40 234c00000
