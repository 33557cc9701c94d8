# Pieces of the hypervisor that also run on the host. Xen's own files are compiled with host/ in the place of Xen's headers.
TESTS_XEN  := $(BUILD)/tests/xen/vhpt $(BUILD)/tests/xen/p2m
TEST_PROGS += $(TESTS_XEN)
CFLAGS_tests_xen_p2m := -Itests/xen/host -Wno-unused-parameter -Wno-sign-compare -Wno-unused-function

$(TESTS_XEN): $(BUILD)/tests/xen/%: $(BUILD)/obj/tests/xen/%.o
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^
