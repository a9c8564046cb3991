# recorded: 6.18 under 6.18, kho_scratch=8M,14M,14M
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch b7c00000 800000
scratch 23a000000 e00000
scratch b6e00000 e00000
scratch 239200000 e00000
cpus 0 1
firmware_ranges 8
outcome load-fails
