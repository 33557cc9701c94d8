#!/bin/sh
# Tests of the simulated processor: tests/cpu/system.c.
# quick: yes
exec "$BUILD/tests/cpu/system" "$CASE"
