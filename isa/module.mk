# The instruction set as data: libisa.a for sim/, privify/ and tests, and ia64-dis to look at code by hand.
ISA_SRC := isa/isa.c isa/format.c isa/decode.c isa/disasm.c
ISA_OBJ := $(ISA_SRC:%.c=$(BUILD)/obj/%.o)
PROGS += $(BUILD)/ia64-dis

$(BUILD)/libisa.a: $(ISA_OBJ)
	@rm -f $@
	$(Q)ar rcs $@ $^
$(BUILD)/ia64-dis: $(BUILD)/obj/isa/dis.o $(BUILD)/libisa.a
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^
