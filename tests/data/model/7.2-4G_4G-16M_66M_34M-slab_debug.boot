# recorded: 7.2-depot-2
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 no_timer_check panic=1 kho=on slab_debug=U nokaslr memblock=debug
initrd 1367271
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 140000000 0
ram 140000000 240000000 1
scratch ba400000 1000000
scratch 237800000 4400000
scratch 139800000 2400000
scratch 235400000 2400000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 13bbfbfc0
alloc node_data 23bbfbfc0
alloc section_table 13bbfafc0
alloc usage_map 13bbfa4c0
alloc usage_map 23bafad80
alloc percpu 235800000
alloc hashes 235400000
map 1000 3 13bbf7000
map 200000 17 139800000
map 200000 7 ba400000
map 200000 40 235a00000
