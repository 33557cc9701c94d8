# Host programs of the user/ suites. The fuzzer is always built with the sanitizers, from the reader's source.
TEST_PROGS += $(BUILD)/tests/user/elf-cases $(BUILD)/tests/user/elf-fuzz
$(BUILD)/tests/user/elf-cases: tests/user/elf-cases.c sim/loader/elf.c sim/loader/elf.h
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $(filter %.c,$^)
$(BUILD)/tests/user/elf-fuzz: tests/user/elf-fuzz.c sim/loader/elf.c sim/loader/elf.h
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -fsanitize=address,undefined -fno-sanitize-recover=all $(LDFLAGS) -o $@ $(filter %.c,$^)
