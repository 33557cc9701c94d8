# The guests: long builds, done once, kept in $(CACHE); build.sh knows what is up to date.

.PHONY: guests run-linux
guests: toolchain
	@guests/build.sh kernel initramfs disk

# A shell in Linux on this terminal: Ctrl-a x leaves, Ctrl-a c is the monitor. What is written to the disk is forgotten.
#   SMP=2 MEM=512M PAGE=16k APPEND="..." SIM="--stats ..."
SMP ?= 2
MEM ?= 512M
PAGE ?= 16k
run-linux: all
	@guests/run-linux.sh -smp $(SMP) -m $(MEM) $(SIM)
run-linux: export PAGE := $(PAGE)
run-linux: export APPEND := $(APPEND)
