#!/bin/bash
# timeout: 300
# Processors off- and online under Linux, natively (in domain 0: xen/ras): each goes back to SAL's boot rendezvous, and comes from there again.
set -uo pipefail
cases="hotplug"
. tests/linux/lib.inc
guests kernel-16k initramfs
append="console=ttyS0 run=cd+/sys/devices/system/cpu;for+r+in+1+2+3;do+for+c+in+1+2+3;do+echo+0+>cpu\$c/online;done;echo+T+online+\$(cat+online);"
append+="for+c+in+3+1+2;do+echo+1+>cpu\$c/online;done;echo+T+online+\$(cat+online);for+m+in+1+2+4+8;do+taskset+\$m+echo+T+ran+\$m;done;done"
append+=";echo+0+>cpu1/online;echo+1+>cpu1/online;echo+T+online+\$(cat+online)"
boot hotplug -smp 4
verdict hotplug "$(troubles hotplug
    diff <(for _ in 1 2 3; do printf 'T %s\n' 'online 0' 'online 0-3' 'ran 1' 'ran 2' 'ran 4' 'ran 8'; done; echo T online 0-3) <(grep -a '^T ' "$work/hotplug.log"))"
exit $failed
