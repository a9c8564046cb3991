# recorded: 6.18 under 6.18, kho_scratch=16M,30M,50M
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch be400000 1000000
scratch 239000000 1e00000
scratch b2e00000 3200000
scratch 235e00000 3200000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data bf3fc240
alloc node_data 23adfc240
alloc section_table bf3fb240
alloc usage_map bf3faa00
alloc usage_map 23acfb480
alloc percpu bf3f6000
alloc percpu bf3f5000
alloc percpu bf3f4000
alloc percpu bf3f3000
alloc percpu bf3f2000
alloc percpu bf3f1000
alloc percpu bf2f3000
alloc percpu bf2f2000
alloc percpu bf2f1000
alloc percpu bf2f0000
alloc percpu bf2ef000
alloc percpu bf2ee000
alloc percpu bf2ed000
alloc percpu bf2ec000
alloc percpu bf2eb000
alloc percpu bf2ea000
alloc percpu bf2e9000
alloc percpu bf2e8000
alloc percpu bf2e7000
alloc percpu bf2e6000
alloc percpu bf2e5000
alloc percpu bf2e4000
alloc percpu bf2e3000
alloc percpu bf2e2000
alloc percpu bf2e1000
alloc percpu bf2e0000
alloc percpu bf2df000
alloc percpu bf2de000
alloc percpu bf2dd000
alloc percpu bf2dc000
alloc percpu bf2db000
alloc percpu bf2da000
alloc percpu bf2d9000
alloc percpu bf2d8000
alloc percpu bf2d7000
map 200000 24 b3000000
map 1000 3 bf3f7000
map 200000 39 235e00000
map 200000 1 b2e00000
