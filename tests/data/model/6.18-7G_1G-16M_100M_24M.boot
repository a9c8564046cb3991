# recorded: 6.18 under 6.18, kho_scratch=16M,100M,24M
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 200000000 0
ram 200000000 240000000 1
scratch ba600000 1000000
scratch 238a00000 6400000
scratch 1f7400000 1800000
scratch 237200000 1800000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 1f8bfc240
alloc node_data 23edfc240
alloc section_table 1f8bfb240
alloc usage_map 1f8bf9f00
alloc usage_map 23ecfbf80
alloc percpu 238000000
map 1000 3 1f8bf6000
map 200000 11 1f7400000
map 200000 45 239200000
map 200000 8 238200000
