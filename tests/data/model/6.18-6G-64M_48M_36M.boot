# recorded: 6.18 under 6.18, kho_scratch=64M,48M,36M
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 1c0000000 0
scratch b7600000 4000000
scratch 1b6000000 3000000
scratch 1b3c00000 2400000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 1b8ffc240
alloc section_table 1b8efb240
alloc usage_map 1b8efa1c0
alloc percpu b9600000
alloc hashes b8e00000
alloc hashes b8a00000
alloc swiotlb b7a00000
alloc swiotlb 1b8ec2000
map 1000 3 1b8ef7000
map 200000 41 1b3c00000
map 200000 7 b9800000
