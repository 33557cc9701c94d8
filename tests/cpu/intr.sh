#!/bin/sh
# Interruptions: collected state, vectors, traps, rfi, external interrupts: tests/cpu/intr.c.
# quick: yes
exec "$BUILD/tests/cpu/intr" "$CASE"
