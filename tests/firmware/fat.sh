#!/bin/bash
# quick: yes
# FAT volumes: the unit test, fsck.fat over what it wrote, a directory as an image read back by mtools, the fuzzer.
set -uo pipefail
dir=$BUILD/tests/firmware/fat.d
rm -rf "$dir"
mkdir -p "$dir"
status=0
bad() { echo "FAIL $*"; status=1; }

"$BUILD/tests/firmware/fat" --image "$dir" || status=1
for t in 12 16 32; do
    if out=$(fsck.fat -n "$dir/fat$t.img" 2>&1); then echo "PASS fsck-fat$t"; else bad "fsck-fat$t: expected a sound volume, got: $(echo $out)"; fi
done

src=$dir/src
mkdir -p "$src/a/b/c" "$src/empty"
head -c 100000 /dev/urandom >"$src/a/Some File with a long name.bin"
echo hello >"$src/a/b/c/x"
: >"$src/zero"
for i in $(seq 100); do echo "$i" >"$src/a/b/file number $i.txt"; done
if "$BUILD/tests/firmware/fat" --dir "$src" "$dir/src.img" && fsck.fat -n "$dir/src.img" >"$dir/fsck.log" 2>&1 &&
    mkdir "$dir/back" && mcopy -s -n -i "$dir/src.img" '::*' "$dir/back" && diff -r "$src" "$dir/back" >"$dir/diff"; then
    echo "PASS directory"
else
    bad "directory: expected the same tree back from mtools, got a difference, see $dir"
fi
# The same as the partition of a disk, at 1 MiB; twice the same, whatever the order on the host.
mkdir "$dir/src2" "$dir/back2"
find "$src" -mindepth 1 -printf '%P\n' | sort -r | cpio -pdm --quiet -D "$src" "$dir/src2" 2>/dev/null
if "$BUILD/tests/firmware/fat" --disk "$src" "$dir/disk.img" && "$BUILD/tests/firmware/fat" --disk "$dir/src2" "$dir/disk2.img" &&
    cmp "$dir/disk.img" "$dir/disk2.img" && mcopy -s -n -i "$dir/disk.img@@1M" '::*' "$dir/back2" && diff -r "$src" "$dir/back2" &&
    [ "$(od -An -tx1 -j446 -N12 "$dir/disk.img" | tr -d ' ')" = 00020000efffffff00080000 ] &&
    tail -c +1048577 "$dir/disk.img" >"$dir/part.img" && fsck.fat -n "$dir/part.img" >"$dir/fsck.log" 2>&1; then
    echo "PASS directory-disk"
else
    bad "directory-disk: expected a partition with the same tree, twice the same, see $dir"
fi
# What FAT cannot hold is an error with a name.
mkfifo "$src/pipe"
out=$("$BUILD/tests/firmware/fat" --dir "$src" "$dir/no.img" 2>&1) && bad "directory-pipe: expected an error, got none"
rm "$src/pipe"
: >"$src/bad:name"
out2=$("$BUILD/tests/firmware/fat" --dir "$src" "$dir/no.img" 2>&1) && bad "directory-name: expected an error, got none"
rm "$src/bad:name"
ln -s .. "$src/loop"
out3=$("$BUILD/tests/firmware/fat" --dir "$src" "$dir/no.img" 2>&1) && bad "directory-loop: expected an error, got none"
rm "$src/loop"
truncate -s 100M "$src/large"
out4=$("$BUILD/tests/firmware/fat" --dir "$src" "$dir/no.img" 2>&1) && bad "directory-large: expected an error, got none"
out5=$("$BUILD/tests/firmware/fat" --dir "$dir/nowhere" "$dir/no.img" 2>&1) && bad "directory-missing: expected an error, got none"
if [[ $out == *pipe* && $out2 == *bad:name* && $out3 == *loop* && $out4 == *larger* && $out5 == *nowhere* ]]; then
    echo "PASS directory-errors"
else
    bad "directory-errors: expected each to name its file, got: $out / $out2 / $out3 / $out4 / $out5"
fi

if [ "$QUICK" = 1 ]; then n=2000; else n=40000; fi
if out=$("$BUILD/tests/firmware/fat-fuzz" $n "${SEED:-$RANDOM}" 2>&1); then
    echo "$out"
    echo "PASS fuzz"
else
    echo "$out" | tail -n 40
    bad "fuzz: expected no crash, got a sanitizer report, see the log"
fi
rm -rf "$dir"/*.img "$src" "$dir/src2" "$dir"/back*
exit $status
