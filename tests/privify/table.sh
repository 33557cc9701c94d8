#!/bin/bash
# T=privify/table: every privileged and sensitive instruction of isa/ has its break, in its slot's unit, and no other.
# quick: yes
set -uo pipefail
exec "$BUILD/tests/privify/table"
