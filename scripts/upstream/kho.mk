# SPDX-License-Identifier: GPL-2.0-only
#
# kho (the check of a load against Kexec HandOver)
#
include $(srcdir)/kexec/kho/sources.mk

dist += kexec/kexec-kho.h kexec/kho/Makefile kexec/kho/sources.mk kexec/kho/kho.m4 $(KHO_DIST)

ifeq ($(WITH_KHO),yes)

KHO_SRCS += $(foreach library,$(KHO_HAVE),$(KHO_SRCS_$(library)))
KHO_OBJS = $(call objify, $(KHO_SRCS))
KHO_DEPS = $(call depify, $(KHO_OBJS))
KHO_LIB = kexec/kho/libkho.a
KHO_PAGE_CSS = kexec/kho/report/html/page-css.h

# Its headers are named from its own folder.
$(KHO_OBJS): CPPFLAGS += -I$(srcdir)/kexec/kho -Ikexec/kho \
	-D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 \
	-DKEXEC_LOADER='"$(sbindir)/kexec"' -DKHO_PROJECT_URL='""' \
	-DKHO_RECORDS='"$(localstatedir)/lib/kexec-kho"' -DKHO_SYSCONFDIR='"$(sysconfdir)"' \
	-DKHO_VENDORDIR='"$(prefix)/lib"'
$(KHO_OBJS): CFLAGS += -pthread

$(KHO_LIB): $(KHO_OBJS)
	$(RM) -f $@
	$(AR) rc $@ $(KHO_OBJS)

$(KEXEC): $(KHO_LIB)
$(KEXEC): LIBS += $(KHO_LIBS) -pthread

# The style of the page is written as CSS and becomes a string.
kexec/kho/report/html/page.o: $(KHO_PAGE_CSS)
$(KHO_PAGE_CSS): kexec/kho/report/html/page.css
	@$(MKDIR) -p $(@D)
	{ echo 'static const char report_css[] ='; \
		$(SED) -e '/^\/\*.*\*\/$$/d' -e 's/["\\]/\\&/g' -e 's/.*/"&\\n"/' $<; \
		echo ';'; } >$@

clean += $(KHO_OBJS) $(KHO_DEPS) $(KHO_LIB) $(KHO_PAGE_CSS)

-include $(KHO_DEPS)

endif
