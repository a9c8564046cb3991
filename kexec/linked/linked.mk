# SPDX-License-Identifier: GPL-2.0-only
# In a folder where kexec-tools was configured: its own Makefile and one target more.
#
#   KHO_SOURCE KHO_BUILD  of this project, absolute
#   KHO_LIBS KHO_LDFLAGS  what the gate is linked with
#   KHO_NM                the nm for its objects
include Makefile

# Where kexec's main file calls the first, our own is called (linked/wrap.c).
CALLED = arch_usage execv exit ifdown reboot syscall xen_kexec_load xen_kexec_unload
WRAPPED = main $(CALLED)

# Without a call there is nothing to bind, and no load would be checked.
kexec-kho: $(KEXEC) kho-gate.o
	@for call in $(CALLED); do \
		$(KHO_NM) -u kexec/kexec.o | grep -w $$call >/dev/null || \
		{ echo "kexec/kexec.o does not call $$call: the gate can't be bound to it"; exit 1; }; \
	done
	$(LINK.o) -o $@ $(KEXEC_OBJS) $(UTIL_LIB) kho-gate.o $(WRAPPED:%=-Wl,--wrap=%) $(CFLAGS) \
		$(KHO_LDFLAGS) $(LIBS) $(KHO_LIBS)

# Names of ours and of theirs must not meet: all but these are hidden.
kho-gate.o: kho-wrap-xen.o $(KHO_BUILD)/libkho-wrap.a $(KHO_BUILD)/libkho.a
	$(CC) -r -nostdlib -o kho-all.o kho-wrap-xen.o -Wl,--undefined=__wrap_main \
		$(KHO_BUILD)/libkho-wrap.a $(KHO_BUILD)/libkho.a
	$(OBJCOPY) $(WRAPPED:%=--keep-global-symbol=__wrap_%) kho-all.o $@

kho-wrap-xen.o: $(KHO_SOURCE)/kexec/linked/wrap-xen.c $(KHO_SOURCE)/kexec/linked/hook.h
	$(COMPILE.c) -I$(srcdir)/kexec -I$(srcdir)/kexec/arch/$(ARCH)/include \
		-I$(KHO_SOURCE)/kexec -o $@ $<
