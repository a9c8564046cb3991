# recorded: 6.18 under 6.18, kho_scratch=16M,66M,32M
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch b7400000 1000000
scratch 236c00000 4200000
scratch b5400000 2000000
scratch 234c00000 2000000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data b83fc240
alloc node_data 23adfc240
alloc section_table b83fb240
alloc usage_map b83faa00
alloc usage_map 23acfb480
alloc percpu b83f6000
alloc percpu b83f5000
alloc percpu b83f4000
alloc percpu b83f3000
alloc percpu b83f2000
alloc percpu b83f1000
alloc percpu b82f3000
alloc percpu b82f2000
alloc percpu b82f1000
alloc percpu b82f0000
alloc percpu b82ef000
alloc percpu b82ee000
alloc percpu b82ed000
alloc percpu b82ec000
alloc percpu b82eb000
alloc percpu b82ea000
alloc percpu b82e9000
alloc percpu b82e8000
alloc percpu b82e7000
alloc percpu b82e6000
alloc percpu b82e5000
alloc percpu b82e4000
alloc percpu b82e3000
alloc percpu b82e2000
alloc percpu b82e1000
alloc percpu b82e0000
alloc percpu b82df000
alloc percpu b82de000
alloc percpu b82dd000
alloc percpu b82dc000
alloc percpu b82db000
alloc percpu b82da000
alloc percpu b82d9000
alloc percpu b82d8000
alloc percpu b82d7000
map 1000 3 b83f7000
map 200000 23 b5400000
map 200000 8 239c00000
map 200000 32 234c00000
map 1000 251 23ac00000
map 1000 262 239afa000
