# Xen/ia64: the one Makefile. Everything generated goes under $(BUILD); long-lived products of long builds
# (cross compiler, C library) go to $(CACHE). Each directory adds its part in its module.mk.
#
#   make            the host tools (ia64-sim) into build/
#   make check      the quick suites, about a minute
#   make test       every suite; make test T=suite[/case] for one
#   make bench      the benchmarks, recorded under bench/
#   make clean      removes build/;  make distclean  also the cache

BUILD ?= build
CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/xen-ia64
CC    ?= gcc
export BUILD CACHE

WARN     := -Wall -Wextra -Werror
# No -ffast-math anywhere, no contraction: the simulator's floating point is exact by construction.
CFLAGS   ?= -O2 -g
ALL_CFLAGS = -std=gnu11 $(WARN) -ffp-contract=off -fno-strict-aliasing -I. $(CFLAGS) $(SAN_CFLAGS)
LDLIBS   := -lm

# `make SAN=1 ...` builds everything with ASan and UBSan into its own directory.
ifeq ($(SAN),1)
override BUILD := $(BUILD)/san
SAN_CFLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -DSIM_NO_TAILCALL=1
endif

.DEFAULT_GOAL := all
PROGS :=
TEST_PROGS :=

include $(wildcard isa/module.mk sim/module.mk sim/*/module.mk privify/module.mk toolchain/module.mk guests/module.mk xen/module.mk tests/module.mk tests/*/module.mk bench/module.mk)

.PHONY: all progs test-progs check test bench clean distclean deps
all: deps progs
progs: $(PROGS)
test-progs: $(PROGS) $(TEST_PROGS)

# The Debian packages the build needs: installed when we are root, named otherwise.
deps:
	@toolchain/deps.sh build

# What the suites need of Debian, before their programs are built.
.PHONY: test-deps
test-deps:
	@toolchain/deps.sh build test
$(TEST_PROGS): | test-deps

check: all test-deps test-progs
	@QUICK=1 tests/run $(T)
test: all test-deps test-progs toolchain
	@QUICK=0 tests/run $(T)
bench: all
	@bench/run $(T)

clean:
	rm -rf $(BUILD)
distclean: clean
	rm -rf $(CACHE)

# Host objects: $(BUILD)/obj/path/to/file.o from path/to/file.c, with dependency files.
$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(CFLAGS_$(subst /,_,$*)) -MMD -MP -c -o $@ $<
Q := @
-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
