#!/bin/sh
# The board's devices, register by register: tests/board/*.c.
# quick: yes
exec "$BUILD/tests/board/devices" "$CASE"
