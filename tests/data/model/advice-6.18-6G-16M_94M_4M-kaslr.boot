# recorded: 6.18 under 6.18, kho_scratch=16M,94M,4M
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 1c0000000 0
scratch ba600000 1000000
scratch 1b3200000 5e00000
scratch 1b2e00000 400000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 1b8ffc240
alloc section_table 1b8efb240
alloc usage_map 1b8efa1c0
alloc percpu 1b74f2000
alloc percpu 1b74f1000
alloc percpu 1b74f0000
alloc percpu 1b74ef000
alloc percpu 1b74ee000
alloc percpu 1b74ed000
alloc percpu 1b74ec000
alloc percpu 1b74eb000
alloc percpu 1b74ea000
alloc percpu 1b74e9000
alloc percpu 1b74e8000
alloc percpu 1b74e7000
alloc percpu 1b74e6000
alloc percpu 1b74e5000
alloc percpu 1b74e4000
alloc percpu 1b74e3000
alloc percpu 1b74e2000
alloc percpu 1b74e1000
alloc percpu 1b74e0000
alloc percpu 1b74df000
alloc percpu 1b74de000
alloc percpu 1b74dd000
alloc percpu 1b74dc000
alloc percpu 1b74db000
alloc percpu 1b74da000
alloc percpu 1b74d9000
alloc percpu 1b74d8000
alloc percpu 1b74d7000
alloc percpu 1b74d6000
alloc percpu 1b74d5000
alloc percpu 1b74d4000
alloc percpu 1b74d3000
alloc percpu 1b74d2000
alloc percpu 1b74d1000
alloc percpu 1b74d0000
alloc hashes 1b744c000
alloc hashes bb474000
map 1000 3 1b8ef7000
map 200000 12 1b7600000
map 200000 28 1b2e00000
map 200000 7 ba600000
map 1000 247 1b8e00000
map 1000 266 1b74f6000
