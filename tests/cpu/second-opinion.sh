#!/bin/bash
# Micro-programs of another emulator's authors as a second opinion: tests/cpu/second-opinion.c.
# quick: yes
set -euo pipefail
programs=../shared/conformance/microprograms.json

if [ ! -r "$programs" ]; then
    echo "SKIP second-opinion: $programs is not there"
    exit 0
fi
if ! command -v jq >/dev/null; then
    echo "SKIP second-opinion: jq is not installed"
    exit 0
fi
jq -r '.[] |
    "case \(.name) \(.cpus) \(.entry) \(.stop_ip)",
    (.bundles[] | "bundle \(.[0]) \(.[1]) \(.[2])"),
    (.data[] | "data \(.[0]) \(.[1]) \(.[2])"),
    (.expect | to_entries[] |
        if (.value | type) != "object" then "expect \(.key) ffffffffffffffff \(.value)"
        elif .value | has("mask") then "expect \(.key) \(.value.mask) \(.value.value)"
        else "expectf \(.key) \(.value.fp_high) \(.value.fp_low) \(if .value.nat then 1 else 0 end)" end),
    "run"' "$programs" |
    "$BUILD/tests/cpu/second-opinion" tests/cpu/second-opinion-differences.txt "$CASE"
