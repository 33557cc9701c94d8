# Per-instruction and per-unit tests of the simulated processor: each tests/cpu/NAME.c becomes
# $(BUILD)/tests/cpu/NAME, linked with the frame (tests/cpu/lib) and the whole simulator.
# Libraries of one test: LDLIBS_tests_cpu_NAME.
TESTS_CPU_SRC := $(wildcard tests/cpu/*.c)
TESTS_CPU     := $(TESTS_CPU_SRC:%.c=$(BUILD)/%)
TESTS_CPU_LIB := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/cpu/lib/*.c))
TEST_PROGS    += $(TESTS_CPU)

LDLIBS_tests_cpu_float := -lmpfr -lgmp

.SECONDARY: $(TESTS_CPU_SRC:%.c=$(BUILD)/obj/%.o) $(TESTS_CPU_LIB)
$(TESTS_CPU): $(BUILD)/tests/cpu/%: $(BUILD)/obj/tests/cpu/%.o $(TESTS_CPU_LIB) $(BUILD)/libsim.a $(BUILD)/libisa.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS_tests_cpu_$*) $(LDLIBS)
