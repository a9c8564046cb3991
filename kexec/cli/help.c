// SPDX-License-Identifier: GPL-2.0-only
/* What --kho-help prints; the options themselves are in options.c. */
#include "config.h"

#include "cli/options.h"

const char kho_options_usage[] =
"Usage: kexec --kho-check|--kho-strict|--kho-report [OPTION]... [KEXEC OPTION]... [IMAGE]\n"
"Check whether the successor kernel will boot inside the KHO scratch areas,\n"
"before kexec loads it.  Without any of these options the real kexec runs.\n"
"\n";

const char kho_options_list[] =
"  --kho-check               check before the load, report the findings, load anyway\n"
"  --kho-strict[=warn]       check, and refuse to load on fail and unknown\n"
"                            (with =warn on warn too)\n"
"  --kho-report[=text|json]  check and report; nothing is loaded or executed; without an\n"
"                            image: whether this machine is ready for a handover\n"
"  --kho-report=map|html     the same with a drawing of the memory, in a terminal or\n"
"                            as one HTML page\n"
"  --kho-report=vmcoreinfo   print the VMCOREINFO that IMAGE will have when it runs\n"
"  --kho-report=prometheus   the same as metrics\n"
"  --kho-machine=PATH        read the machine from a copied tree or a snapshot instead\n"
"                            of this one\n"
"  --kho-save-machine=FILE   write a snapshot of the machine; \"-\" for stdout\n"
"  --kho-fleet=FILE          with --kho-image: judge many machines; each line of FILE is\n"
"                            a snapshot, each line of output a verdict; \"-\" for stdin\n"
"  --kho-jobs=N, -j N        with --kho-fleet: threads (default: one for each CPU)\n"
"  --kho-vmcoreinfo=FILE     take the successor's facts from its VMCOREINFO: a text,\n"
"                            or an ELF core with the note\n"
"  --kho-loader=PATH         the program to run as the loader\n"
"  --kho-image=FILE          with --kho-report: check this image, run no loader\n"
"  --kho-initrd=FILE         with --kho-image: its initrd; \"none\" for none\n"
"  --kho-append=STRING       with --kho-image: its command line\n"
"  --kho-headroom=PERCENT    free scratch that an advised kho_scratch= leaves, in percent\n"
"                            of the memory map (0 to 100, default 10)\n"
"  --kho-ignore=ID[,ID]...   accept these findings: they are reported, but do not count\n"
"  --kho-rehearse[=SECONDS]  boot the successor in a guest with this machine's memory; what\n"
"                            happens there decides (default: 120 seconds at most)\n"
"  --kho-rehearse-log=FILE   write there what the guest's console says\n"
"  --kho-help                this text\n"
"\n"
"KEXEC_KHO=off|check|strict|strict=warn in the environment replaces the option.\n"
"Exit status of a report and of a refusal: 0 ok, 2 warn, 3 fail, 4 unknown,\n"
"1 for a usage, input or output error; of a load that was allowed: kexec's own.\n";
