#!/bin/sh
# Tests of the simulated processor: tests/cpu/mmu.c.
# quick: yes
exec "$BUILD/tests/cpu/mmu" "$CASE"
