# recorded: 7.2 under 7.2, kho_scratch=64M,48M,36M
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 1c0000000 0
scratch b7400000 4000000
scratch 1b6000000 3000000
scratch 1b3c00000 2400000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 1b8ffbfc0
alloc section_table 1b8efa880
alloc usage_map 1b8ef9800
alloc percpu b9200000
alloc hashes b8a00000
alloc hashes b8600000
alloc swiotlb b7600000
alloc swiotlb 1b8ec2000
map 1000 3 1b8ef6000
map 200000 41 1b3c00000
map 200000 7 b9400000
