# The cross toolchain: long, done once, kept in $(CACHE). A second run takes a fraction of a second.

.PHONY: toolchain toolchain-gcc toolchain-glibc
toolchain: toolchain-gcc toolchain-glibc
toolchain-gcc:
	@toolchain/deps.sh toolchain
	@toolchain/gcc.sh
toolchain-glibc: toolchain-gcc
	@toolchain/glibc.sh
