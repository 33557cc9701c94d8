# Debian's source packages, through an apt of the project's own: the user's sources.list is not touched. Sourced, after step.sh.
#
#   deb_source PACKAGE DIR
#       unpacks the source package of bookworm, with Debian's patches applied, into DIR/src (DIR is emptied first).
deb_source() {
    local pkg=$1 dir=$2 apt=$CACHE/apt
    mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial"
    echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian bookworm main" >"$apt/sources.list"
    local o=(-o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State="$apt/state"
        -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root)
    [ -n "$(find "$apt/state/lists" -name '*Sources*' -mmin -1440 2>/dev/null)" ] || apt-get "${o[@]}" -q update
    rm -rf "$dir" && mkdir -p "$dir" && cd "$dir" || return
    apt-get "${o[@]}" -q source --download-only "$pkg"
    dpkg-source --no-check -x ./*.dsc src
}
