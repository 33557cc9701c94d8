#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What privify did to a file, judged by the GNU disassembler and a list of our own.

privify_check.py [--all] ORIGINAL REWRITTEN LIST.json...

LIST.json is `privify --list --json ORIGINAL`. Checked: no privileged or sensitive instruction is left
in any executable section, nor in a shared object embedded in the data (the kernel's gate page), but
those listed as kept; the two disassemblies differ in the listed slots only; and there the new text is a
break of the same unit under the same predicate. --all: fc, ar.k, ar.itc and ar.rsc must be gone too.
Prints findings, a line each, and a last line of counts; exit status 1 if there were any.
"""
import json
import re
import struct
import subprocess
import sys
import tempfile

OBJDUMP = "ia64-linux-gnu-objdump"

# From the instruction pages of SDM 3: "privileged", and those whose result or effect
# depends on privileged state without a trap.
MNEMONIC = re.compile(
    r"(thash|ttag|cover|rfi|bsw\.[01]|rsm|ssm|itc\.[di]|itr\.[di]|ptc\.(l|g|ga|e)|ptr\.[di]|tpa|tak)\b"
)
MOVE = re.compile(
    r"mov(\.m)? ((r\d+|sp|gp|tp)=(psr$|cr\.|cpuid\[|pmd\[|pmc\[|rr\[|pkr\[|ibr\[|dbr\[)"
    r"|psr\.l=|cr\.|(pmd|pmc|rr|pkr|ibr|dbr)\[|ar\.k[0-7]=|ar\.itc=)"
)
MORE = re.compile(r"fc(\.i)?\b|mov(\.m)? ((r\d+|sp|gp|tp)=ar\.(k[0-7]|itc|rsc)$|ar\.rsc=)")
LINE = re.compile(r"\s*([0-9a-f]+):\s+(?:\[[A-Z]{3}\]\s+)?(?:\(p(\d\d)\) )?(.*?)(;;)?\s*$")
SECTION = re.compile(r"Disassembly of section (.*):$")


def disassemble(path):
    """The lines of objdump, with the section each is in."""
    out = subprocess.Popen(
        [OBJDUMP, "-d", "-w", "--no-show-raw-insn", path], stdout=subprocess.PIPE, text=True, errors="replace"
    )
    section = ""
    for line in out.stdout:
        m = SECTION.match(line)
        if m:
            section = m.group(1)
        elif "\t" in line:
            yield section, line.rstrip()
    if out.wait():
        raise SystemExit(f"{OBJDUMP} fails on {path}")


def embedded(path):
    """The shared objects in a file's data, as bytes."""
    data = open(path, "rb").read()
    at = data.find(b"\x7fELF\x02\x01\x01", 16)
    while at >= 0:
        kind, machine = struct.unpack_from("<HH", data, at + 16)
        if kind == 3 and machine == 50:
            shoff, = struct.unpack_from("<Q", data, at + 40)
            shnum, = struct.unpack_from("<H", data, at + 60)
            yield data[at : at + shoff + 64 * shnum]
        at = data.find(b"\x7fELF\x02\x01\x01", at + 16)


def key_of(site):
    where = site.get("address", site.get("offset"))
    slot = site["slot"]
    return (site["section"], int(where, 16) + 6 * slot)


class Check:
    def __init__(self, want_all, sites):
        self.want_all = want_all
        self.rewritten = {key_of(s): s for s in sites if s["state"] == "rewritten"}
        self.kept = {key_of(s) for s in sites if s["state"] == "kept"}
        self.found = set()
        self.findings = []
        self.lines = 0

    def say(self, what):
        self.findings.append(what)

    def pair(self, prefix, original, rewritten):
        left, right = disassemble(original), disassemble(rewritten)
        for (sec, a), (sec2, b) in zip(left, right):
            self.lines += 1
            if sec != sec2:
                self.say(f"{prefix}{sec}: sections differ")
                return
            self.line(prefix + sec, a, b)
        if next(left, None) or next(right, None):
            self.say(f"{prefix}: one disassembly is longer")

    def line(self, sec, a, b):
        # Most lines are neither interesting nor different.
        m = LINE.match(b)
        if not m:
            if a != b:
                self.say(f"{sec}: differs: {a.strip()} / {b.strip()}")
            return
        text = re.sub(r"\s+", " ", m.group(3))
        key = (sec, int(m.group(1), 16))
        if MNEMONIC.match(text) or MOVE.match(text) or (self.want_all and MORE.match(text)):
            if key not in self.kept:
                self.say(f"{sec} {m.group(1)}: left: {text}")
        if a == b:
            return
        site = self.rewritten.get(key)
        if not site:
            self.say(f"{sec} {m.group(1)}: differs, but is not listed: {b.strip()}")
            return
        self.found.add(key)
        want = f"break.{site['unit'].lower()} {site['immediate']}"
        if text != want:
            self.say(f"{sec} {m.group(1)}: {text}, not {want}")
        n = LINE.match(a)
        if m.group(2) != n.group(2) or m.group(4) != n.group(4):
            self.say(f"{sec} {m.group(1)}: predicate or stop changed: {b.strip()}")

    def files(self, original, rewritten):
        self.pair("", original, rewritten)
        for x, y in zip(embedded(original), embedded(rewritten)):
            with tempfile.NamedTemporaryFile() as f, tempfile.NamedTemporaryFile() as g:
                f.write(x)
                f.flush()
                g.write(y)
                g.flush()
                self.pair("gate:", f.name, g.name)
        for key in self.rewritten.keys() - self.found:
            self.say(f"{key[0]} {key[1]:#x}: listed, but not changed")


def main():
    args = sys.argv[1:]
    want_all = args[0] == "--all"
    if want_all:
        args.pop(0)
    bad = lines = sites = files = 0
    for i in range(0, len(args), 3):
        original, rewritten, listing = args[i : i + 3]
        check = Check(want_all, json.load(open(listing))["sites"])
        check.files(original, rewritten)
        for what in check.findings[:10]:
            print(f"{original}: {what}")
        bad += len(check.findings)
        lines += check.lines
        sites += len(check.rewritten)
        files += 1
    print(f"{files} files, {lines} instructions, {sites} rewritten, {bad} findings")
    return bad > 0


sys.exit(main())
