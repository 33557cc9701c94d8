#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""elf_strip_headers.py IN OUT: an ELF64 file that has lost its section headers."""
import struct
import sys

data = bytearray(open(sys.argv[1], "rb").read())
data[40:48] = bytes(8)  # e_shoff
data[58:64] = struct.pack("<HHH", 64, 0, 0)  # e_shentsize, e_shnum, e_shstrndx
open(sys.argv[2], "wb").write(data)
