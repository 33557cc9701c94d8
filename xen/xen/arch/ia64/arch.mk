########################################
# ia64-specific definitions

$(call cc-options-add,CFLAGS,CC,$(EMBEDDED_EXTRA_CFLAGS))

# Pointers to functions are plain addresses of code, and data is reached relative to gp without a table: nothing in the
# image but pointers in initialised data depends on where it is linked. A guest's floating-point state is not touched but
# for f6-f11, which the frame has.
IA64_ABI := -mauto-pic
CFLAGS += -mfixed-range=f2-f5,f12-f127
CFLAGS += -fno-asynchronous-unwind-tables -fno-strict-aliasing
CFLAGS += -Wnested-externs -Wno-address-of-packed-member

# common/efi calls the firmware through descriptors and is compiled for that; everything else is not.
CFLAGS += $(IA64_ABI)

