# recorded: 7.2 under 7.2, kho_scratch=16M,66M,32M
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch b7400000 1000000
scratch 236800000 4400000
scratch b5400000 2000000
scratch 234800000 2000000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data b83fbfc0
alloc node_data 23abfbfc0
alloc section_table b83fafc0
alloc usage_map b83fa780
alloc usage_map 23aafaac0
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
alloc percpu b82d6000
alloc percpu b82d5000
alloc swiotlb b6500000
alloc swiotlb 23aaf0000
map 1000 3 b83f7000
map 200000 14 b6600000
map 200000 1 b5400000
map 200000 49 234800000
