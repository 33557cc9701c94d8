#!/bin/sh
# Per-instruction tests: tests/cpu/semaphore.c.
# quick: yes
exec "$BUILD/tests/cpu/semaphore" "$CASE"
