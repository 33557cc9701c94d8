#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""typist.py SCRIPT LOG COMMAND...: runs COMMAND and types at its console as a person would.

SCRIPT has a line for each thing to do:
  wait SECONDS REGEX   until what was printed since the last wait has REGEX (Python's, over lines too)
  type TEXT            sends TEXT with a carriage return; \\xNN as in Python
  keys TEXT            sends TEXT alone
  end SECONDS          the command ends by itself
Everything printed goes to LOG. The exit status is COMMAND's, or 125 after a line that says what was waited for in vain.
"""
import os, re, select, subprocess, sys, time

script, log, command = sys.argv[1], open(sys.argv[2], 'wb', 0), sys.argv[3:]
child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
out = child.stdout.fileno()
heard = b''


def hear(seconds):
    """More of the output; False at its end."""
    global heard
    if not select.select([out], [], [], max(0.0, seconds))[0]:
        return True
    data = os.read(out, 65536)
    log.write(data)
    heard += data.replace(b'\r', b'')
    return bool(data)


def give_up(what):
    child.kill()
    child.wait()
    print('waited in vain for', what)
    sys.exit(125)


def say(text):
    try:
        child.stdin.write(text.encode().decode('unicode_escape').encode('latin-1'))
        child.stdin.flush()
    except BrokenPipeError:
        give_up('somebody to type to')


for line in open(script):
    verb, _, rest = line.rstrip('\n').partition(' ')
    if verb == 'wait':
        seconds, _, pattern = rest.partition(' ')
        limit = time.monotonic() + float(seconds)
        while not (found := re.search(pattern.encode(), heard, re.M | re.S)):
            left = limit - time.monotonic()
            if left <= 0 or not hear(left):
                give_up(pattern)
        heard = heard[found.end():]
    elif verb == 'type':
        say(rest + '\\r')
    elif verb == 'keys':
        say(rest)
    elif verb == 'end':
        limit = time.monotonic() + float(rest)
        while (left := limit - time.monotonic()) > 0:
            if not hear(left):
                break
        else:
            give_up('the end')
    elif verb and not verb.startswith('#'):
        sys.exit('typist.py: what is ' + verb + '?')
sys.exit(child.wait())
