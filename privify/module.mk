# privify: rewrites a kernel or module for the hypervisor. All but main.c is also linked into its tests.
PRIVIFY_SRC := $(filter-out privify/main.c,$(wildcard privify/*.c))
PRIVIFY_OBJ := $(PRIVIFY_SRC:%.c=$(BUILD)/obj/%.o)
PROGS += $(BUILD)/privify

$(BUILD)/privify: $(BUILD)/obj/privify/main.o $(PRIVIFY_OBJ) $(BUILD)/libisa.a
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lz
