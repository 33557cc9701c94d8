#!/bin/bash
# timeout: 300
# T=xen/efi: xen.efi as an EFI application: what it says and does when its configuration, kernel or arguments are not what it needs, and that words
# of the configuration and of the command line reach Xen and domain 0. None of it needs a kernel that runs.
set -uo pipefail
cases="no-config no-file no-kernel help options not-a-kernel"
. tests/linux/lib.inc
. tests/xen/lib.inc
xen_ready

dir=$work/esp
mkdir -p "$dir"
cp "$guest_dir/xen/xen.efi" "$dir/"
printf 'no kernel at all' >"$dir/text"

# efi ARGUMENTS WHAT-IT-SAYS...: each a pattern of a line
efi() {
    local args=$1 out w
    shift
    out=$(timeout 60 "$sim" -m 1G --fat "$dir" --efi "$dir/xen.efi$args" -no-reboot --max-insns 400000000 </dev/null 2>&1 | tr -d '\r')
    for w; do
        grep -aqE -- "$w" <<<"$out" || { echo "expected a line like '$w', got: $(tail -n 2 <<<"$out" | tr '\n' '|')"; return; }
    done
}

! wanted no-config || verdict no-config "$(efi '' '^No configuration file found')"
printf '[global]\ndefault=x\n[x]\nkernel=nowhere\n' >"$dir/xen.cfg"
! wanted no-file || verdict no-file "$(efi '' "^Using configuration file 'xen.cfg'" '^Open failed for nowhere: Not found')"
printf '[global]\ndefault=x\n[x]\noptions=loglvl=all\n' >"$dir/xen.cfg"
! wanted no-kernel || verdict no-kernel "$(efi '' '^No initial domain kernel specified')"
! wanted help || verdict help "$(efi ',-help' '^-cfg=<file>  specify configuration file')"

# Another file, another section; Xen's words from both, the command line's last.
printf '[global]\ndefault=x\n[x]\nkernel=nowhere\n[y]\noptions=loglvl=all dom0_mem=64M\nkernel=text one two\n' >"$dir/other.cfg"
! wanted options || verdict options "$(efi ',-cfg=other.cfg y -- loglvl=info' '^\(XEN\) Command line: loglvl=all dom0_mem=64M loglvl=info$')"
! wanted not-a-kernel || verdict not-a-kernel "$(efi ',-cfg=other.cfg y' 'domain 0: its kernel is not an ia64 ELF executable')"
exit "$failed"
