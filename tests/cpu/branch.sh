#!/bin/sh
# Branches, predicate and branch register moves: tests/cpu/branch.c.
# quick: yes
exec "$BUILD/tests/cpu/branch" "$CASE"
