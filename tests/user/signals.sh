#!/bin/bash
# quick: yes
# --user: guest/signals.c, a program in C for the simulated Linux/ia64, compiled by the cross compiler.
set -uo pipefail
. tests/user/guest/run.inc
guest_suite signals
