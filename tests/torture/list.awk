# Reads GCC's torture programs and prints one line per program: name, then `skip REASON` or `run FLAGS`; what their
# dg- directives mean for ia64-linux, hosted, at each optimisation. A skip for certain options only: `skip@O1 REASON`.
# One line per program also with several such; the last wins.

function base(f) { sub(/\.c$/, "", f); sub(/.*\/execute\//, "", f); return f }

# Is ia64-linux meant by the selector { target SELECTOR }? They are few and simple in these programs.
function selected(s) {
    if (s ~ /! *{? *signal/) return 0
    return s ~ /ia64|(^|[ {])\*-\*-\*|fpic/
}

# The first quoted string of s.
function quoted(s) { return match(s, /"[^"]*"/) ? substr(s, RSTART + 1, RLENGTH - 2) : "" }

FNR == 1 {
    if (name != "") print name, verdict, flags
    name = base(FILENAME)
    verdict = "run"
    # ieee.exp's and builtins.exp's own flags for all of theirs.
    flags = name ~ /^ieee\// ? "-fno-inline" : ""
    if (name ~ /^builtins\//)
        flags = "-fno-tree-dse -fno-tree-loop-distribute-patterns -fno-tracer -fno-ipa-ra -fno-inline-functions"
    # The .x file beside it: what it adds for everybody stands in the first column.
    x = FILENAME
    sub(/c$/, "x", x)
    while ((getline line < x) > 0)
        if (sub(/^(lappend|set) additional_flags /, "", line)) {
            gsub(/"/, "", line)
            flags = flags " " line
        }
    close(x)
}

/\{ *dg-(additional-)?options/ {
    if ($0 !~ /\{ *target/ || selected(substr($0, index($0, "target")))) flags = flags " " quoted($0)
}

/\{ *dg-require-effective-target +dfp/ {
    verdict = "skip"
    flags = "needs decimal floating point, which GCC does not have for ia64"
}

/\{ *dg-skip-if/ {
    rest = $0
    sub(/.*dg-skip-if +"[^"]*" */, "", rest)
    if (rest ~ /^\{ *! *\{ *i\?86/) {
        verdict = "skip"
        flags = "for x86 only"
    } else if (rest ~ /^\{ *\*-\*-\* *\} *\{? *"-O/) {
        verdict = "skip@" substr(quoted(rest), 2)
        flags = quoted($0)
    }
}

END { print name, verdict, flags }
