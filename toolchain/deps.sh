#!/bin/bash
# deps.sh LIST...: the Debian packages that a part of the project needs are there, or come.
# As root they are installed (output: $CACHE/logs/apt.log); anybody else is told the one command that installs them.
# To add a package, add it to its list. Says nothing and takes a twentieth of a second when nothing is missing.
set -euo pipefail
. "$(dirname "$0")/step.sh"

# The simulator.
build="gcc make libc6-dev libslirp-dev zlib1g-dev acpica-tools"
# The cross compiler and C library (gcc.sh, glibc.sh).
toolchain="binutils-ia64-linux-gnu gcc-12-source glibc-source linux-source-6.1 g++ libgmp-dev libmpfr-dev libmpc-dev
    zlib1g-dev bison flex gawk python3 xz-utils bc
    cpio e2fsprogs gzip dpkg-dev"
# What the suites compare with, and look at the sources with.
test="binutils-ia64-linux-gnu gcc-aarch64-linux-gnu e2fsprogs mtools dosfstools gdisk python3 libmpfr-dev libgmp-dev jq gdb-multiarch cppcheck clang clang-format"

want=
for list in "$@"; do
    case $list in
    build | toolchain | test) want+=" ${!list}" ;;
    *) echo "deps.sh: no list '$list' (build, toolchain, test)" >&2; exit 2 ;;
    esac
done

missing=()
have=" $(dpkg-query -W -f '${db:Status-Status}:${Package} ' $want 2>/dev/null || true) "
for p in $want; do
    [[ $have == *" installed:$p "* || " ${missing[*]-} " == *" $p "* ]] || missing+=("$p")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" != 0 ]; then
    echo "Debian packages are missing. This installs them:" >&2
    echo "    sudo apt-get install ${missing[*]}" >&2
    exit 1
fi

install() {
    export DEBIAN_FRONTEND=noninteractive
    local apt="apt-get -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3"
    $apt update || true # a mirror out of reach matters only if the package is not there, and then the next line says so
    $apt install -y --no-install-recommends "${missing[@]}"
}
only_one apt
echo "  Debian packages: ${missing[*]}"
step apt "Debian packages: install ${#missing[@]}" install
