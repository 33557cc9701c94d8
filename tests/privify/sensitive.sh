#!/bin/bash
# T=privify/sensitive: docs/sensitive.md has every instruction of isa/, docs/abi.md every break, and their proofs are suites.
# quick: yes
exec "$BUILD/tests/privify/sensitive" docs/sensitive.md docs/abi.md
