# recorded: 7.3 under 7.2, kho_scratch=16M,24M,16M
kernel 7.3.4
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch b7400000 1000000
scratch 238400000 1800000
scratch b6400000 1000000
scratch 237400000 1000000
cpus 0 1
firmware_ranges 8
preserved 1081000 1082000
preserved 100008000 100009000
preserved 100049000 10004a000
outcome up
alloc node_data b83fbf80
alloc node_data 239bfbf80
alloc section_table bffdf000
alloc usage_map bffde7c0
alloc usage_map 23feff240
alloc percpu bcc00000
alloc swiotlb b8c00000
alloc swiotlb 23fe3b000
map 1000 3 bffdb000
map 200000 24 bce00000
map 200000 40 23ae00000
