# recorded: 7.2 under 7.2, kho_scratch=16M,14M,14M
kernel 7.2.13
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 240000000 1
scratch b7400000 1000000
scratch 239c00000 1000000
scratch b6400000 1000000
scratch 238c00000 1000000
cpus 0 1
firmware_ranges 8
outcome load-fails
