# recorded: 6.18.15-debiancloud 64M,32M,48M
kernel 6.18.15-debiancloud
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 kho=on nokaslr memblock=debug
initrd 1366927
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 1c0000000 0
scratch b6e00000 4000000
scratch 1b7000000 2000000
scratch 1b4000000 3000000
cpus 0 1
firmware_ranges 8
outcome up
alloc node_data 1b8fd5280
alloc section_table 1b8ed4280
alloc usage_map 1b8ed3200
alloc percpu 1b8ecc000
alloc percpu 1b8ecb000
alloc percpu 1b8eca000
alloc percpu 1b8ec9000
alloc percpu 1b8ec8000
alloc percpu 1b8ec7000
alloc percpu 1b8ec6000
alloc percpu 1b8ec5000
alloc percpu 1b8ec4000
alloc percpu 1b8ec3000
alloc percpu 1b8ec2000
alloc percpu 1b8ec1000
alloc percpu 1b8ec0000
alloc percpu 1b8ebf000
alloc percpu 1b8ebe000
alloc percpu 1b8ebd000
alloc percpu 1b8ebc000
alloc percpu 1b8ebb000
alloc percpu 1b8eba000
alloc percpu 1b8eb9000
alloc percpu 1b8eb8000
alloc percpu 1b8eb7000
alloc percpu 1b8eb6000
alloc percpu 1b8eb5000
alloc percpu 1b8eb4000
alloc percpu 1b8eb3000
alloc percpu 1b8eb2000
alloc percpu 1b8eb1000
alloc percpu 1b8eb0000
alloc percpu 1b8eaf000
alloc percpu 1b8eae000
alloc percpu 1b8ead000
alloc percpu 1b8eac000
alloc percpu 1b8eab000
alloc percpu 1b8eaa000
alloc percpu 1b8ea9000
alloc percpu 1b8ea8000
alloc percpu 1b8ea7000
alloc percpu 1b8ea6000
alloc percpu 1b8ea5000
alloc percpu 1b8ea4000
alloc percpu 1b8ea3000
alloc percpu 1b8ea2000
alloc percpu 1b8ea1000
alloc percpu 1b8ea0000
alloc percpu 1b8e9f000
alloc percpu 1b8e9e000
alloc percpu 1b8e9d000
alloc percpu 1b8e9c000
alloc percpu 1b8e9b000
alloc percpu 1b8e9a000
alloc percpu 1b8e99000
alloc percpu 1b8e98000
alloc percpu 1b8e97000
alloc percpu 1b8e96000
alloc percpu 1b8e95000
alloc percpu 1b8e94000
alloc percpu 1b8e93000
alloc percpu 1b8e92000
alloc hashes ba300000
alloc hashes 1b8e0dac0
