# recorded: 7.1 under 7.1, kho_scratch=16M,64M,32M
kernel 7.1.13
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
outcome up
alloc node_data b83fbfc0
alloc node_data 23adfbfc0
alloc section_table b83fafc0
alloc usage_map b83fa780
alloc usage_map 23acfaac0
alloc percpu b81f0000
alloc percpu b81ef000
alloc percpu b81ee000
alloc percpu b81ed000
alloc percpu b81ec000
alloc percpu b81eb000
alloc percpu b81ea000
alloc percpu b81e9000
alloc percpu b81e8000
alloc percpu b81e7000
alloc percpu b81e6000
alloc percpu b81e5000
alloc percpu b81e4000
alloc percpu b81e3000
alloc percpu b81e2000
alloc percpu b81e1000
alloc percpu b81e0000
alloc percpu b81df000
alloc percpu b81de000
alloc percpu b81dd000
alloc percpu b81dc000
alloc percpu b81db000
alloc percpu b81da000
alloc percpu b81d9000
alloc percpu b81d8000
alloc percpu b81d7000
alloc percpu b81d6000
alloc percpu b81d5000
alloc percpu b81d4000
alloc percpu b81d3000
alloc percpu b81d2000
alloc percpu b81d1000
alloc percpu b81d0000
alloc percpu b81cf000
alloc percpu b81ce000
alloc percpu b81cd000
alloc swiotlb b80c8000
alloc swiotlb b80c5000
map 1000 3 b83f7000
map 200000 16 b5400000
map 200000 47 234e00000
map 1000 250 23ac00000
map 1000 6 b83f1000
map 1000 257 b81f3000
