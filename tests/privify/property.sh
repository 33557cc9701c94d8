#!/bin/bash
# T=privify/property: a break that stands for an instruction leaves what the instruction leaves, on random states.
# quick: yes
# timeout: 600
#
# FULL=1: twenty times as many. A failure prints its seed: property --seed N --cases 1 --verbose one-instruction.
set -uo pipefail
cases=200000 streams=5000
[ "${QUICK:-0}" = 1 ] && cases=50000 streams=1000
[ -n "${FULL-}" ] && cases=4000000 streams=100000
exec "$BUILD/tests/privify/property" --cases $cases --streams $streams ${CASE:+"$CASE"}
