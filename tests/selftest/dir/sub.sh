#!/bin/bash
# Prints its case, to show that it came through.
[ -z "$CASE" ] && echo "PASS whole" || { [ "$CASE" = nothing ] || echo "PASS case-$CASE"; }
