# Fuzzers: tests/fuzz/NAME.c with the generators of gen.c and the whole simulator.
TESTS_FUZZ := $(BUILD)/tests/fuzz/bundles
TEST_PROGS += $(TESTS_FUZZ)
$(TESTS_FUZZ): $(BUILD)/tests/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(BUILD)/obj/tests/fuzz/gen.o $(BUILD)/libsim.a $(BUILD)/libisa.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)
.SECONDARY: $(BUILD)/obj/tests/fuzz/bundles.o $(BUILD)/obj/tests/fuzz/gen.o
