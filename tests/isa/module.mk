# The instruction table's tests. `fuzz` is always built with the sanitizers, from the sources.
TESTS_ISA  := $(BUILD)/tests/isa/objdump $(BUILD)/tests/isa/roundtrip
TEST_PROGS += $(TESTS_ISA) $(BUILD)/tests/isa/fuzz

$(TESTS_ISA): $(BUILD)/tests/isa/%: $(BUILD)/obj/tests/isa/%.o $(BUILD)/libisa.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^
$(BUILD)/tests/isa/fuzz: tests/isa/fuzz.c $(ISA_SRC) $(wildcard isa/*.h isa/*.def isa/table/*)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 $(WARN) -I. -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -o $@ $(filter %.c,$^)
