#!/bin/sh
# Per-instruction tests: tests/cpu/multimedia.c.
# quick: yes
exec "$BUILD/tests/cpu/multimedia" "$CASE"
