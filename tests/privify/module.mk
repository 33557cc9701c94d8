# What proves privify: programs of tests/privify/NAME.c with the whole simulator, for random states.
TESTS_PRIVIFY := $(BUILD)/tests/privify/property
TEST_PROGS += $(TESTS_PRIVIFY)
$(BUILD)/tests/privify/property: $(patsubst %,$(BUILD)/obj/tests/%.o,privify/property privify/pairs fuzz/gen) $(BUILD)/libsim.a $(BUILD)/libisa.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)
