dnl SPDX-License-Identifier: GPL-2.0-only
dnl --with-kho: the check of a load against Kexec HandOver.

AC_ARG_WITH([kho], AS_HELP_STRING([--with-kho],
	[check before a load whether the successor boots inside the scratch areas of Kexec HandOver]),
	[ with_kho="$withval" ], [ with_kho=no ])

dnl KHO_LIBRARY(name, header, library, function): HAVE_name and its library, if it is there.
m4_define([KHO_LIBRARY], [
	AC_CHECK_HEADER([$2], [AC_CHECK_LIB([$3], [$4], [
		KHO_HAVE="$KHO_HAVE $1"
		KHO_LIBS="$KHO_LIBS -l$3"
		AC_DEFINE([HAVE_$1], [1], [Define to 1 if the check of a handover uses $3.])])])
])

dnl KHO_NEEDS(name): what it can't be built without.
m4_define([KHO_NEEDS], [
	case " $KHO_HAVE " in
	*" $1 "*) ;;
	*) AC_MSG_ERROR([--with-kho needs $1; install its development package]) ;;
	esac
])

KHO_HAVE=
KHO_LIBS=
if test "$with_kho" = yes ; then
	KHO_LIBRARY([LIBBPF], [bpf/btf.h], [bpf], [btf__new])
	KHO_LIBRARY([JSONC], [json-c/json.h], [json-c], [json_object_new_object])
	KHO_LIBRARY([FDT], [libfdt.h], [fdt], [fdt_check_full])
	KHO_LIBRARY([ZLIB], [zlib.h], [z], [inflateInit_])
	KHO_LIBRARY([LZMA], [lzma.h], [lzma], [lzma_code])
	KHO_LIBRARY([ZSTD], [zstd.h], [zstd], [ZSTD_decompress])
	KHO_LIBRARY([LZ4], [lz4.h], [lz4], [LZ4_decompress_safe])
	KHO_LIBRARY([BZIP2], [bzlib.h], [bz2], [BZ2_bzDecompressInit])
	KHO_LIBRARY([LZO], [lzo/lzo1x.h], [lzo2], [lzo1x_decompress_safe])
	KHO_LIBRARY([CAPSTONE], [capstone/capstone.h], [capstone], [cs_open])
	KHO_LIBRARY([SECCOMP], [seccomp.h], [seccomp], [seccomp_notify_alloc])
	KHO_LIBRARY([NETTLE], [nettle/sha2.h], [nettle], [nettle_sha256_init])
	KHO_NEEDS([JSONC])
	KHO_NEEDS([FDT])
	KHO_NEEDS([ZLIB])
	AC_DEFINE([CONFIG_KHO], [1], [Define to 1 for the check of a handover.])
fi
AC_SUBST([WITH_KHO], [$with_kho])
AC_SUBST([KHO_HAVE])
AC_SUBST([KHO_LIBS])
