#!/bin/sh
# Per-instruction tests: tests/cpu/memory.c.
# quick: yes
exec "$BUILD/tests/cpu/memory" "$CASE"
