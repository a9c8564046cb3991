# recorded: 6.18 under 6.18, kho_scratch=16M,94M,4M
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
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
alloc percpu 1b8ef3000
alloc percpu 1b8ef2000
alloc percpu 1b8ef1000
alloc percpu 1b8ef0000
alloc percpu 1b8eef000
alloc percpu 1b8eee000
alloc percpu 1b8eed000
alloc percpu 1b8eec000
alloc percpu 1b8eeb000
alloc percpu 1b8eea000
alloc percpu 1b8ee9000
alloc percpu 1b8ee8000
alloc percpu 1b8ee7000
alloc percpu 1b8ee6000
alloc percpu 1b8ee5000
alloc percpu 1b8ee4000
alloc percpu 1b8ee3000
alloc percpu 1b8ee2000
alloc percpu 1b8ee1000
alloc percpu 1b8ee0000
alloc percpu 1b8edf000
alloc percpu 1b8ede000
alloc percpu 1b8edd000
alloc percpu 1b8edc000
alloc percpu 1b8edb000
alloc percpu 1b8eda000
alloc percpu 1b8ed9000
alloc percpu 1b8ed8000
alloc percpu 1b8ed7000
alloc percpu 1b8ed6000
alloc percpu 1b8ed5000
alloc percpu 1b8ed4000
alloc percpu 1b8ed3000
alloc percpu 1b8ed2000
alloc percpu 1b8ed1000
alloc hashes 1b8e4d000
alloc hashes bb474000
map 200000 48 1b2e00000
map 1000 3 1b8ef7000
