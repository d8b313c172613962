#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Ends of a watch on a terminal: check_terminal.py REPORTER

Each has to end it at once, with status 0 and the terminal given back; one that has
gone away must not keep it, nor a processor.
"""
import os
import pty
import signal
import sys
import time

ENDS = {
    "q": lambda pid, fd: os.write(fd, b"q"),
    "Ctrl-C": lambda pid, fd: os.write(fd, b"\3"),
    "SIGTERM": lambda pid, fd: os.kill(pid, signal.SIGTERM),
    "a terminal that has gone": lambda pid, fd: os.close(fd),
}


def status_of(end):
    pid, fd = pty.fork()
    if not pid:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.execve(sys.argv[1], [sys.argv[1], "--watch=600"],
                  dict(os.environ, TERM="vt100", LW_FAKE="normal"))
    shown = b""
    while b"q quit" not in shown:
        shown += os.read(fd, 65536)
    end(pid, fd)
    for _ in range(300):
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return "none, it goes on"


bad = {name: status for name, end in ENDS.items() if (status := status_of(end))}
for name, status in bad.items():
    print("%s: exit status %s" % (name, status))
sys.exit(bool(bad))
