#!/bin/sh
# Per-instruction tests: tests/cpu/integer.c.
# quick: yes
exec "$BUILD/tests/cpu/integer" "$CASE"
