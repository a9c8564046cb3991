# recorded: 7.2-6G-1.1-0.6-nokaslr+memblock=debug
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1096188
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 1c0000000 0
scratch ba800000 1000000
scratch 1b4c00000 3400000
scratch 1b2800000 2400000
cpus 0 1
firmware_ranges 8
outcome dead
alloc node_data 1b7ffbfc0
alloc section_table 1b7efa880
alloc usage_map 1b7ef9800
map 1000 3 1b7ef6000
map 200000 35 1b2800000
map 200000 7 ba800000
map 1000 645 1b7c71000
map 1000 5 bb7fb000
map 1000 9 bb7f1000
map 1000 228 bb600000
