#!/bin/bash
# T=xen/unit: pieces of the hypervisor on the host: the VHPT's chains, the p2m and the splitting of large translations, MSI and MSI-X.
# quick: yes
set -uo pipefail
status=0
for p in vhpt p2m vmsi; do
    "$BUILD/tests/xen/$p" || status=1
done
exit $status
