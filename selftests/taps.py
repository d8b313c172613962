#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""taps: a process that holds taps open, and reads from some of them.

taps.py READ NAME...: opens the taps, says "open", reads from the first READ of
them until its input ends, and says how many frames that were.
"""
import fcntl
import os
import select
import struct
import sys

TUNSETIFF = 0x400454ca
TAP, NO_PI, VNET_HDR = 0x2, 0x1000, 0x4000


def tap(name):
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    flags = TAP | NO_PI | VNET_HDR
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), flags))
    return fd


def main():
    fds = [tap(name) for name in sys.argv[2:]]
    poll = select.poll()
    poll.register(0, select.POLLIN | select.POLLHUP)
    for fd in fds[:int(sys.argv[1])]:
        poll.register(fd, select.POLLIN)
    frames = 0
    print("open", flush=True)
    while True:
        ready = poll.poll()
        for fd, _ in ready:
            try:
                while fd and os.read(fd, 65536):
                    frames += 1
            except BlockingIOError:
                pass
        if [fd for fd, _ in ready] == [0]:
            break
    print(frames, flush=True)


main()
