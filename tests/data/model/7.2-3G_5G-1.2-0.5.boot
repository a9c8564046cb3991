# recorded: 7.2-3G_5G-1.2-0.5-memblock=debug
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 memblock=debug
initrd 1096188
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch b7400000 1000000
scratch 236800000 4400000
scratch b5400000 2000000
scratch 234800000 2000000
cpus 0 1
firmware_ranges 8
outcome up
map 1000 3 b83f7000
map 200000 10 b6e00000
map 200000 5 b5400000
map 200000 49 234800000
