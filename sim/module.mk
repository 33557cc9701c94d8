# The simulator: every .c below sim/ but main.c goes into libsim.a; ia64-sim is main.c with it.
SIM_SRC := $(filter-out sim/main.c,$(wildcard sim/*.c sim/*/*.c))
SIM_OBJ := $(SIM_SRC:%.c=$(BUILD)/obj/%.o)
SIM_LIB := $(BUILD)/libsim.a
ISA_LIB := $(BUILD)/libisa.a
PROGS += $(BUILD)/ia64-sim
# libslirp: the user network; zlib: compressed kernels. pkg-config would want glib's headers for the former.
LDLIBS += -lslirp -lz

# The interpreter's handlers call each other in tail position: that needs sibling calls even when debugging.
# Hot handlers gain from not being aligned apart and from no stack protector.
$(BUILD)/obj/sim/cpu/%.o: ALL_CFLAGS += -foptimize-sibling-calls -fno-stack-protector -fno-plt

$(SIM_LIB): $(SIM_OBJ)
	@rm -f $@
	$(Q)ar rcs $@ $^
$(BUILD)/ia64-sim: $(BUILD)/obj/sim/main.o $(SIM_LIB) $(ISA_LIB)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# The DSDT's AML, as a C array (iasl's -tc form).
$(BUILD)/gen/dsdt.hex: sim/firmware/dsdt.asl
	@mkdir -p $(@D)
	$(Q)iasl -p $(BUILD)/gen/dsdt -tc $< >$(BUILD)/gen/dsdt.log 2>&1 || { cat $(BUILD)/gen/dsdt.log; exit 1; }
$(BUILD)/obj/sim/firmware/acpi.o: $(BUILD)/gen/dsdt.hex
$(BUILD)/obj/sim/firmware/acpi.o: ALL_CFLAGS += -I$(BUILD)/gen
