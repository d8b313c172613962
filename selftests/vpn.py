#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""parties: a process that reads tun devices of its own, as VPNs do.

vpn.py NAME...: makes them, says "open", and reads until its input ends; then says how
many packets that were.
"""
import fcntl
import os
import select
import struct
import sys

TUNSETIFF = 0x400454ca
TUN, NO_PI = 0x1, 0x1000


def tun(name):
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), TUN | NO_PI))
    return fd


def main():
    fds = [tun(name) for name in sys.argv[1:]]
    print("open", flush=True)
    packets = 0
    while True:
        ready, _, _ = select.select([0] + fds, [], [])
        if 0 in ready:
            break
        for fd in ready:
            os.read(fd, 65536)
            packets += 1
    print(packets, flush=True)


main()
