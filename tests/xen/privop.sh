#!/bin/bash
# quick: yes
# T=xen/privop: the hypervisor's decoder of privileged instructions, of the breaks that stand for them and of memory accesses, against the
# instruction table: every value of the opcode fields, random operands. FULL=1: more of them.
set -uo pipefail
if [ "${FULL:-0}" = 1 ]; then n=2000; elif [ "$QUICK" = 1 ]; then n=8; else n=80; fi
"$BUILD/tests/xen/privop" "$n"
