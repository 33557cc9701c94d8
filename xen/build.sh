#!/bin/bash
# Builds Xen for ia64: Debian's Xen 4.17 source, this directory laid over it, patches/series applied.
# Usage: xen/build.sh [WHAT...]
#   hypervisor  (default) xen.efi, xen-syms, xen-syms.map into $CACHE/guests/xen
#   tree        only the patched source tree, brought up to date; its path is printed
#   make ARG... the tree, then `make -C xen ARG...` for ia64 in it (e.g. `make arch/ia64/setup.o`)
# $XEN_WORK is where the tree is built (default $CACHE/build-xen); each who works at the same time has one of his own.
# Files are copied only when they differ, so builds are incremental.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../toolchain/step.sh"
. "$here/../toolchain/deb-source.sh"
export PATH=$CACHE/toolchain/bin:$PATH LC_ALL=C TZ=UTC
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES BUILD CC CFLAGS
[ -x "$CACHE/toolchain/bin/ia64-linux-gnu-gcc" ] || { echo "the cross compiler is missing: make toolchain" >&2; exit 1; }

src=$CACHE/src/xen-4.17
work=${XEN_WORK:-$CACHE/build-xen}
tree=$work/tree

unpack() {
    [ -e "$src/.done" ] && return
    only_one xen-source
    [ -e "$src/.done" ] || {
        step xen-source "Xen 4.17: Debian's source" deb_source xen "$src"
        touch "$src/.done"
    }
    others_may
}

# One file into the tree, if it differs there.
put() {
    cmp -s "$1" "$2" && return
    mkdir -p "$(dirname "$2")"
    # At once: somebody may be reading the old one.
    cp -p "$1" "$2.new" && touch "$2.new" && mv "$2.new" "$2"
}

overlay_files() {
    (cd "$here" && find . -type f ! -path './patches/*' ! -name '*~' ! -name '.*' ! -path './README.md' ! -path './*.sh' ! -path ./module.mk -printf '%P\n' | sort)
}

bring_up_to_date() {
    mkdir -p "$work"
    if [ "$(cat "$work/.unpacked" 2>/dev/null)" != "$(cd "$src" && echo ./*.dsc)" ]; then
        rm -rf "$tree" && mkdir -p "$tree"
        # The hypervisor needs no more than this of the tree.
        (cd "$src/src" && cp -a Config.mk COPYING config xen scripts version.sh "$tree/")
        mkdir -p "$tree/tools" && cp -a "$src/src/tools/flask" "$tree/tools/"
        (cd "$src" && echo ./*.dsc) >"$work/.unpacked"
        rm -f "$work/.patched" "$work/.overlaid"
    fi

    # Patched files are made beside the tree from pristine ones, so that a change of the series touches only what it changes.
    local patches=() f p=$work/patched
    while read -r f _; do
        case $f in '' | '#'*) ;; *) patches+=("$here/patches/$f") ;; esac
    done <"$here/patches/series"
    local k
    k=$(key "${patches[@]}" "$(cat "${patches[@]}" /dev/null)")
    if [ "$(head -n 1 "$work/.patched" 2>/dev/null)" != "$k" ]; then
        local now before
        now=$(sed -n 's,^+++ b/\([^	]*\).*,\1,p' "${patches[@]}" | sort -u)
        before=$(tail -n +2 "$work/.patched" 2>/dev/null || true)
        rm -rf "$p" && mkdir -p "$p"
        for f in $now; do
            [ ! -e "$src/src/$f" ] || { mkdir -p "$p/$(dirname "$f")" && cp "$src/src/$f" "$p/$f"; }
        done
        for f in "${patches[@]}"; do
            patch -s -p1 -F2 --no-backup-if-mismatch -d "$p" <"$f" || { echo "does not apply: $f" >&2; exit 1; }
        done
        for f in $before; do
            [ -e "$p/$f" ] || { [ -e "$src/src/$f" ] && put "$src/src/$f" "$tree/$f"; } || rm -f "$tree/$f"
        done
        for f in $now; do put "$p/$f" "$tree/$f"; done
        printf '%s\n' "$k" "$now" >"$work/.patched"
    fi

    overlay_files >"$work/.overlay"
    if [ -e "$work/.overlaid" ]; then
        comm -13 "$work/.overlay" "$work/.overlaid" | while read -r f; do rm -f "$tree/$f"; done
    fi
    while read -r f; do put "$here/$f" "$tree/$f"; done <"$work/.overlay"
    mv "$work/.overlay" "$work/.overlaid"
}

xen_make() {
    # Fixed names and dates: two builds are the same bit for bit.
    make -C "$tree/xen" XEN_TARGET_ARCH=ia64 CROSS_COMPILE=ia64-linux-gnu- HOSTCC=gcc HOSTCXX=g++ \
        XEN_WHOAMI=xen-ia64 XEN_DOMAIN=localdomain XEN_BUILD_HOST=ia64 XEN_BUILD_DATE="Thu Jan  1 00:00:00 UTC 2026" \
        XEN_BUILD_TIME=00:00:00 XEN_VENDORVERSION=+ia64 DEB_VERSION=4.17.5+ia64 DEB_MAINTAINER="Xen/ia64 <xen-ia64@localdomain>" "$@"
}

hypervisor() {
    xen_make -j"$JOBS"
    local out=$CACHE/guests/xen f
    [ -z "${XEN_WORK:-}" ] || out=$work/out
    mkdir -p "$out"
    for f in xen.efi xen-syms xen-syms.map; do put "$tree/xen/$f" "$out/$f"; done
}

unpack
# Two suites may ask at the same time; one tree is built once.
only_one "xen-$(basename "$work")"
bring_up_to_date
case ${1:-hypervisor} in
hypervisor)
    if [ -n "${V:-}" ]; then
        hypervisor
    else
        step "xen-$(basename "$work")" "Xen 4.17 for ia64" hypervisor
    fi
    ;;
tree) echo "$tree" ;;
make) shift; xen_make "$@" ;;
*) echo "xen/build.sh: unknown product: $1" >&2; exit 1 ;;
esac
