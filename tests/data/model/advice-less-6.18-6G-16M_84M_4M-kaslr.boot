# recorded: 6.18 under 6.18, kho_scratch=16M,84M,4M
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 1c0000000 0
scratch ba600000 1000000
scratch 1b3c00000 5400000
scratch 1b3800000 400000
cpus 0 1
firmware_ranges 8
outcome dead
alloc node_data 1b8ffc240
alloc section_table 1b8efb240
alloc usage_map 1b8efa1c0
map 1000 3 1b8ef7000
map 200000 28 1b5600000
map 200000 7 1b3800000
map 200000 7 ba600000
map 1000 247 1b8e00000
map 1000 495 1b5411000
map 1000 5 bb5fb000
map 1000 9 bb5f1000
map 1000 244 bb400000
