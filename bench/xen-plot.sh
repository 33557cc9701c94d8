#!/bin/bash
# SPDX-License-Identifier: MIT
# bench/xen-plot.sh RESULTS.csv [SVG]: what bench/xen.sh measured, as docs/performance.md's table on stdout, and as a picture: domain 0's modelled
# cycles over native ones, on a logarithmic scale.
set -euo pipefail
awk -F, '
    function ticks(n) { return (n >= 1e6) ? sprintf("%.1f M", n / 1e6) : n >= 1e4 ? sprintf("%.1f k", n / 1e3) : sprintf("%.0f", n) }
    /^#/ || $1 == "workload" { next }
    NR && !head++ {
        print "| workload | native, cycles | domain 0 | ratio | instructions, ratio | interruptions, native | domain 0 | breaks | ar.itc | TLB | external |"
        print "|---|---|---|---|---|---|---|---|---|---|---|"
    }
    {
        r = $2 + 0
        printf "| %s%s | %s | %s | **%.*f** | %.2f | %s | %s | %s | %s | %s | %s |\n", $1, (r > 1 ? ", one of " r : ""), ticks($3 / r), ticks($4 / r),
            ($5 < 1.1 ? 3 : 2), $5, $7 / $6, per($8, r), per($9, r), per($10, r), per($11, r), per($12, r), per($13, r)
    }
    function per(n, r) { return r > 1 ? sprintf("%.1f", n / r) : sprintf("%d", n) }
' "$1"
[ -n "${2-}" ] || exit 0
awk -F, '
    /^#/ || $1 == "workload" { next }
    { name[++n] = $1; ratio[n] = $5; if ($5 > max) max = $5 }
    function x(r) { return 90 + 560 * log(r < 1 ? 1 : r) / log(top) }
    END {
        for (top = 2; top < max; top *= 2) ;
        h = 20 * n + 60
        printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 %d\" font-family=\"sans-serif\" font-size=\"12\">\n", h
        printf "<rect width=\"720\" height=\"%d\" fill=\"white\"/>\n", h
        print "<text x=\"10\" y=\"16\">Modelled cycles in domain 0, native = 1 (logarithmic)</text>"
        for (r = 1; r <= top; r *= 2) {
            printf "<line x1=\"%.1f\" y1=\"26\" x2=\"%.1f\" y2=\"%d\" stroke=\"#ccc\"/>\n", x(r), x(r), h - 22
            printf "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#555\">%g</text>\n", x(r), h - 8, r
        }
        printf "<line x1=\"%.1f\" y1=\"26\" x2=\"%.1f\" y2=\"%d\" stroke=\"#2a2\" stroke-dasharray=\"4 3\"/>\n", x(1.25), x(1.25), h - 22
        for (i = 1; i <= n; i++) {
            y = 20 * i + 10
            printf "<text x=\"84\" y=\"%d\" text-anchor=\"end\">%s</text>\n", y + 12, name[i]
            printf "<rect x=\"90\" y=\"%d\" width=\"%.1f\" height=\"14\" fill=\"%s\"/>\n", y, x(ratio[i]) - 90 + 1, ratio[i] <= 1.01 ? "#2a2" : ratio[i] <= 1.25 ? "#7b3" : "#c63"
            printf "<text x=\"%.1f\" y=\"%d\">%.*f</text>\n", x(ratio[i]) + 5, y + 12, ratio[i] < 1.1 ? 3 : 2, ratio[i]
        }
        print "</svg>"
    }
' "$1" >"$2"
