# recorded: 6.18 under 6.18, kho_scratch=32M,160M,64M
kernel 6.18.15
cmdline console=ttyS0 earlyprintk=ttyS0 panic=1 nokaslr memblock=debug mem=4G
initrd 1031826
ram 1000 9f000 0
ram 100000 bffe0000 0
ram 100000000 140000000 0
ram 140000000 240000000 1
scratch b9600000 2000000
scratch 231e00000 a000000
scratch 137c00000 4000000
scratch 22de00000 4000000
cpus 0 1
firmware_ranges 8
outcome dead
alloc node_data bb5fc240
alloc node_data bb5f6280
alloc section_table bb5fb240
alloc usage_map bb5fa940
alloc usage_map bb5fa800
map 1000 3 bb5f3000
map 200000 7 b9600000
map 1000 2 bb5f1000
map 1000 227 bb411000
map 1000 256 ba400000
