# What proves privify: programs of tests/privify/NAME.c with the whole simulator, for random states.
TESTS_PRIVIFY := $(BUILD)/tests/privify/property
TEST_PROGS += $(TESTS_PRIVIFY)
$(BUILD)/tests/privify/property: $(patsubst %,$(BUILD)/obj/tests/%.o,privify/property privify/pairs fuzz/gen) $(PRIVIFY_OBJ) $(BUILD)/libsim.a $(BUILD)/libisa.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# privify itself on mutated files: always with the sanitizers, from the sources.
TEST_PROGS += $(BUILD)/tests/privify/fuzz
$(BUILD)/tests/privify/fuzz: tests/privify/fuzz.c $(PRIVIFY_SRC) $(ISA_SRC) $(wildcard privify/*.h isa/*.h isa/*.def isa/table/*)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 $(WARN) -I. -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -o $@ $(filter %.c,$^) -lz
# Which instruction becomes which break, over the whole instruction table.
TEST_PROGS += $(BUILD)/tests/privify/table
$(BUILD)/tests/privify/table: $(BUILD)/obj/tests/privify/table.o $(PRIVIFY_OBJ) $(BUILD)/libisa.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lz
# The documents against the tables of instructions and breaks.
TEST_PROGS += $(BUILD)/tests/privify/sensitive
$(BUILD)/tests/privify/sensitive: $(patsubst %,$(BUILD)/obj/tests/%.o,privify/sensitive privify/pairs fuzz/gen) $(BUILD)/libsim.a $(BUILD)/libisa.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)
