# recorded: 7.2 under 7.2, kho_scratch=16M,72M,36M
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch b7400000 1000000
scratch 236400000 4800000
scratch b5000000 2400000
scratch 234000000 2400000
cpus 0 2
cpus 1 2
firmware_ranges 8
outcome up
alloc node_data b83fbfc0
alloc node_data 23abfbfc0
alloc section_table b83fafc0
alloc usage_map b83fa780
alloc usage_map 23aafaac0
alloc percpu b5000000
alloc percpu 234800000
map 1000 3 b83f7000
map 200000 24 b5200000
map 200000 40 234a00000
