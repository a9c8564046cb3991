# recorded: 7.2 under 7.2, kho_scratch=32M,160M,64M
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug mem=4G
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
outcome dead
alloc node_data bb3fbfc0
alloc node_data bb3f6000
alloc section_table bb3fa8c0
alloc usage_map bb3f5700
alloc usage_map bb3fa780
map 1000 3 bb3f2000
map 200000 7 b9400000
map 1000 1 bb3f1000
map 1000 387 bb071000
