# recorded: 7.2-6G-1.3-0.6-nokaslr+memblock=debug
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1096188
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 1c0000000 0
scratch ba800000 1000000
scratch 1b5000000 4000000
scratch 1b2400000 2c00000
cpus 0 1
firmware_ranges 8
outcome up
map 1000 3 1b8ef6000
map 200000 45 1b2400000
map 200000 3 bb000000
