# Xen: built into the cache by build.sh.

.PHONY: xen run
xen: toolchain
	@xen/build.sh

# Xen and domain 0 on this terminal. SMP=2 MEM=1G PAGE=16k DOM0_MEM=512M XEN_APPEND="..." APPEND="..." SIM="..."
run: all
	@xen/run.sh -smp $(SMP) -m $(if $(filter file,$(origin MEM)),1G,$(MEM)) $(SIM)
run: export PAGE := $(PAGE)
run: export APPEND := $(APPEND)
run: export XEN_APPEND := $(XEN_APPEND)
run: export DOM0_MEM := $(DOM0_MEM)
