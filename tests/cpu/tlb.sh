#!/bin/sh
# Tests of the simulated processor: tests/cpu/tlb.c.
# quick: yes
exec "$BUILD/tests/cpu/tlb" "$CASE"
