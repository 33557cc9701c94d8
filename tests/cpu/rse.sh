#!/bin/sh
# Register stack engine: tests/cpu/rse.c against a model with unlimited registers.
# quick: yes
exec "$BUILD/tests/cpu/rse" "$CASE"
