# recorded: arm64-7.3-16k-extends
kernel 7.3.4-arm64-kho16k
cmdline console=ttyAMA0 earlycon panic=1 kho=on nokaslr memblock=debug
initrd 1290074
ram 40000000 180000000 0
ram 180000000 240000000 1
scratch f8000000 2000000
scratch 23c000000 2000000
scratch 17c000000 2000000
scratch 23a000000 2000000
cpus 0 1
firmware_ranges 0
preserved 101014000 101018000
preserved 180060000 180061000
preserved 1800a4000 1800a8000
outcome up
alloc node_data 17dffd880
alloc node_data 23dbeadc0
alloc section_table 17fffc000
alloc usage_map 17fffbb00
alloc usage_map 23ffbfd00
alloc percpu 17ebe0000
alloc swiotlb fbffc000
alloc swiotlb 23f2fc000
map 4000 1282 17ebf0000
map 4000 768 23f3bc000
