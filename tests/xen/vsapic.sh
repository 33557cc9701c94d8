#!/bin/bash
# quick: yes
# T=xen/vsapic: the hypervisor's virtual local SAPIC, interval timer, interrupt block and I/O SAPIC, compiled for the host.
set -uo pipefail
"$BUILD/tests/xen/vsapic"
