
ifeq ($(WITH_KHO),yes)
KHO_MANPAGE = $(MANDIR)/man8/kexec-kho.8
UNINSTALL_KHO_MANPAGE = $(mandir)/man8/kexec-kho.8

$(KHO_MANPAGE): kexec/kho/kexec-kho.8
	@$(MKDIR) -p $(@D)
	cp $< $@

clean += $(KHO_MANPAGE)
endif

dist += kexec/kho/kexec-kho.8
