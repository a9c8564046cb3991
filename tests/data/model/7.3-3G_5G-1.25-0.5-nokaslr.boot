# recorded: 7.3-3G_5G-1.25-0.5-nokaslr+memblock=debug
kernel 7.3.4
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1096194
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch b7400000 1000000
scratch 233c00000 4800000
scratch b5000000 2400000
scratch 231800000 2400000
cpus 0 1
firmware_ranges 8
preserved 121e000 121f000
preserved 1221000 1222000
preserved 100050000 100051000
outcome up
alloc node_data b83fbf80
alloc node_data 2383fbf80
alloc section_table bffdf000
alloc usage_map bffde7c0
alloc usage_map 23feff240
alloc percpu bcc00000
alloc swiotlb b8c00000
alloc swiotlb 23fe3b000
map 1000 3 bffdb000
map 200000 24 bce00000
map 200000 40 23ae00000
