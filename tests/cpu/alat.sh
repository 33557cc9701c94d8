#!/bin/sh
# Per-instruction tests: tests/cpu/alat.c.
# quick: yes
exec "$BUILD/tests/cpu/alat" "$CASE"
