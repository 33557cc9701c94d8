# Unit tests and fuzzers of the firmware's readers of foreign data: FAT, partition tables, PE. Always with the
# sanitizers, from the sources.
TESTS_FW     := fat fat-fuzz pe
TESTS_FW_SRC := $(addprefix sim/firmware/,blk.c fat.c fat_chain.c fat_name.c fat_dir.c pe.c) tests/firmware/crc.c
TEST_PROGS   += $(addprefix $(BUILD)/tests/firmware/,$(TESTS_FW))

$(addprefix $(BUILD)/tests/firmware/,$(TESTS_FW)): $(BUILD)/tests/firmware/%: tests/firmware/%.c $(TESTS_FW_SRC) $(ISA_SRC) \
		$(wildcard sim/firmware/*.h sim/board/board.h isa/*.h isa/*.def isa/table/*)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 $(WARN) -I. -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -o $@ $(filter %.c,$^)
