# recorded: a7.2-3G_5G-1.25-nokaslr
kernel 7.2.13-arm64
cmdline console=ttyAMA0 earlycon panic=1 nokaslr
initrd 1039745
ram 40000000 100000000 0
ram 100000000 240000000 1
scratch f7c00000 1000000
scratch 235400000 4800000
scratch f5800000 2400000
scratch 233000000 2400000
cpus 0 1
firmware_ranges 0
outcome up
alloc node_data f8bfd9c0
alloc node_data 238be8f00
