# recorded: 7.1 under 7.1, kho_scratch=16M,64M,32M
kernel 7.1.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 memblock=debug
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
outcome up
alloc node_data b83fbfc0
alloc node_data 23adfbfc0
alloc section_table b83fafc0
alloc usage_map b83fa780
alloc usage_map 23acfaac0
alloc percpu b61f0000
alloc percpu b61ef000
alloc percpu b61ee000
alloc percpu b61ed000
alloc percpu b61ec000
alloc percpu b61eb000
alloc percpu b61ea000
alloc percpu b61e9000
alloc percpu b61e8000
alloc percpu b61e7000
alloc percpu b61e6000
alloc percpu b61e5000
alloc percpu b61e4000
alloc percpu b61e3000
alloc percpu b61e2000
alloc percpu b61e1000
alloc percpu b61e0000
alloc percpu b61df000
alloc percpu b61de000
alloc percpu b61dd000
alloc percpu b61dc000
alloc percpu b61db000
alloc percpu b61da000
alloc percpu b61d9000
alloc percpu b61d8000
alloc percpu b61d7000
alloc percpu b61d6000
alloc percpu b61d5000
alloc percpu b61d4000
alloc percpu b61d3000
alloc percpu b61d2000
alloc percpu b61d1000
alloc percpu b61d0000
alloc percpu b61cf000
alloc percpu b61ce000
alloc percpu b61cd000
alloc swiotlb b60c8000
alloc swiotlb b60c5000
map 1000 3 b83f7000
map 200000 16 b6200000
map 200000 47 234e00000
map 1000 250 23ac00000
map 1000 6 b83f1000
map 1000 244 b8200000
map 1000 13 b61f3000
