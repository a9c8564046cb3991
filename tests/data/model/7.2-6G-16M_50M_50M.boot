# recorded: 7.2 under 7.2, kho_scratch=16M,50M,50M
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 1c0000000 0
scratch ba400000 1000000
scratch 1b5c00000 3400000
scratch 1b2800000 3400000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 1b8ffbfc0
alloc section_table 1b8efa880
alloc usage_map 1b8ef9800
alloc percpu ba600000
alloc hashes 1b8cf3ac0
alloc hashes ba400000
alloc swiotlb ba700000
alloc swiotlb 1b8cef000
map 1000 3 1b8ef6000
map 200000 43 1b2800000
map 200000 5 ba800000
