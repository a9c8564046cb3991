# recorded: 7.3 under 7.2, kho_scratch=16M,48M,24M
kernel 7.3.4
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch b7400000 1000000
scratch 237c00000 3000000
scratch b5c00000 1800000
scratch 236400000 1800000
cpus 0 1
firmware_ranges 8
preserved 1081000 1082000
preserved 12f1000 12f2000
preserved 12f4000 12f5000
outcome up
alloc node_data b83fbf80
alloc node_data 23abfbf80
alloc section_table bffdf000
alloc usage_map bffde7c0
alloc usage_map 23feff240
alloc percpu bcc00000
alloc swiotlb b8c00000
alloc swiotlb 23fe3b000
map 1000 3 bffdb000
map 200000 24 bce00000
map 200000 40 23ae00000
