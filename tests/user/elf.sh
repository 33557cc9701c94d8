#!/bin/bash
# quick: yes
# The ELF reader: broken files are refused with a reason each; good ones are understood.
exec "$BUILD/tests/user/elf-cases"
