# recorded: 7.2 under 7.2, kho_scratch=4M,8M,4M
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch b8000000 400000
scratch 23a400000 800000
scratch b7c00000 400000
scratch 23a000000 400000
cpus 0 1
firmware_ranges 8
outcome load-fails
