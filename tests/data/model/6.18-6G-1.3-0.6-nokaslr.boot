# recorded: 6.18-6G-1.3-0.6-nokaslr+memblock=debug
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1096194
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 1c0000000 0
scratch ba800000 1000000
scratch 1b5000000 4000000
scratch 1b2400000 2c00000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 1b8ffc240
alloc section_table 1b8efb240
alloc usage_map 1b8efa1c0
alloc percpu 1b2c00000
alloc hashes 1b2400000
alloc hashes 1b2d00000
map 200000 48 1b2e00000
map 1000 3 1b8ef7000
