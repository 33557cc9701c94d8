# Per-instruction and per-unit tests of the simulated processor: each tests/cpu/NAME.c becomes
# $(BUILD)/tests/cpu/NAME, linked with the frame (tests/cpu/lib) and the whole simulator.
# Libraries of one test: LDLIBS_tests_cpu_NAME.
TESTS_CPU_SRC := $(wildcard tests/cpu/*.c)
TESTS_CPU     := $(TESTS_CPU_SRC:%.c=$(BUILD)/%)
TESTS_CPU_LIB := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/cpu/lib/*.c))
TEST_PROGS    += $(TESTS_CPU)

# cpu/float is in parts, and wants MPFR: without it the suite says so.
ifeq ($(wildcard /usr/include/mpfr.h /usr/local/include/mpfr.h),)
TEST_PROGS := $(filter-out $(BUILD)/tests/cpu/float,$(TEST_PROGS))
endif
TESTS_CPU_FLOAT := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/cpu/float/*.c))
$(BUILD)/tests/cpu/libfloat.a: $(TESTS_CPU_FLOAT)
	@mkdir -p $(@D)
	@rm -f $@
	$(Q)ar rcs $@ $^
$(BUILD)/tests/cpu/float: $(BUILD)/tests/cpu/libfloat.a
LDLIBS_tests_cpu_float = $(BUILD)/libsim.a $(BUILD)/libisa.a -lmpfr -lgmp
# Rounding modes and flags of the host are part of the test.
$(BUILD)/obj/tests/cpu/float/host.o: ALL_CFLAGS += -frounding-math

.SECONDARY: $(TESTS_CPU_SRC:%.c=$(BUILD)/obj/%.o) $(TESTS_CPU_LIB)
$(TESTS_CPU): $(BUILD)/tests/cpu/%: $(BUILD)/obj/tests/cpu/%.o $(TESTS_CPU_LIB) $(BUILD)/libsim.a $(BUILD)/libisa.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS_tests_cpu_$*) $(LDLIBS)
