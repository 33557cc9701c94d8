# Tests of the board's devices: $(BUILD)/tests/board/devices, from every .c here.
TESTS_BOARD_OBJ := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/board/*.c))
TEST_PROGS += $(BUILD)/tests/board/devices
$(BUILD)/tests/board/devices: $(TESTS_BOARD_OBJ) $(BUILD)/libsim.a $(BUILD)/libisa.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)
