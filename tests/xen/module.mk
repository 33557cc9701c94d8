# Pieces of the hypervisor that also run on the host. Xen's own files are compiled with a shim in the place of Xen's headers.
TESTS_XEN  := $(BUILD)/tests/xen/vhpt $(BUILD)/tests/xen/p2m
TEST_PROGS += $(TESTS_XEN)
CFLAGS_tests_xen_p2m := -Wno-unused-parameter -Wno-sign-compare -Wno-unused-function

$(TESTS_XEN): $(BUILD)/tests/xen/%: $(BUILD)/obj/tests/xen/%.o
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^

# The hypervisor's decoder, and what it is held against.
TEST_PROGS += $(BUILD)/tests/xen/privop
$(BUILD)/obj/xen/xen/arch/ia64/privop-decode.o: CFLAGS += -Ixen/xen/arch/ia64/include -Ixen/xen/include
$(BUILD)/tests/xen/privop: $(BUILD)/obj/tests/xen/privop.o $(BUILD)/obj/xen/xen/arch/ia64/privop-decode.o $(BUILD)/obj/sim/cpu/privop_native.o $(BUILD)/libisa.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^

# The virtual SAPICs on the host.
TEST_PROGS += $(BUILD)/tests/xen/vsapic
$(BUILD)/obj/tests/xen/vsapic.o: CFLAGS += -Itests/xen/host-vcpu -Ixen/xen/arch/ia64/include -Wno-unused-parameter
$(BUILD)/tests/xen/vsapic: $(BUILD)/obj/tests/xen/vsapic.o
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^

# MSI and MSI-X on the host.
TEST_PROGS += $(BUILD)/tests/xen/vmsi
$(BUILD)/obj/tests/xen/vmsi.o: CFLAGS += -Itests/xen/host-vcpu -Ixen/xen/arch/ia64/include -Wno-unused-parameter -Wno-sign-compare -Wno-unused-function
$(BUILD)/tests/xen/vmsi: $(BUILD)/obj/tests/xen/vmsi.o
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^
