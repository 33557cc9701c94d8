#!/bin/sh
# Floating point: tests/cpu/float.c and tests/cpu/float/.
# quick: yes
# timeout: 900
if [ ! -x "$BUILD/tests/cpu/float" ]; then
    echo "SKIP float: built without libmpfr-dev"
    exit 0
fi
exec "$BUILD/tests/cpu/float" "$CASE"
