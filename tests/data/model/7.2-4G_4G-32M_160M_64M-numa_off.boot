# recorded: 7.2 under 7.2, kho_scratch=32M,160M,64M
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug numa=off
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 140000000 0
ram 140000000 240000000 1
scratch b9400000 2000000
scratch 231c00000 a000000
scratch 137c00000 4000000
scratch 22dc00000 4000000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 23bbfbfc0
alloc section_table 23bafa880
alloc usage_map 23baf9280
alloc percpu 233800000
alloc hashes 233000000
alloc hashes 232c00000
alloc swiotlb b9a00000
alloc swiotlb 23bada000
map 1000 3 23baf6000
map 200000 64 233a00000
