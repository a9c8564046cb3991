# recorded: 6.18.15-debiancloud 64M,28M,48M
kernel 6.18.15-debiancloud
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 kho=on nokaslr memblock=debug
initrd 1366927
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 1c0000000 0
scratch b6e00000 4000000
scratch 1b7400000 1c00000
scratch 1b4400000 3000000
cpus 0 1
firmware_ranges 8
outcome dead
alloc node_data 1b8fd5280
alloc section_table 1b8ed4280
alloc usage_map 1b8ed3200
