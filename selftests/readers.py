#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""readers: readers that begin a dump and stop.

readers.py COUNT [PARTS]: so many sockets, each begins a dump of stages, reads
that many parts of it (0) and no more. Says "stopped", and ends with its input.
"""
import socket
import struct
import sys

GENERIC = 16
CONTROL, GETFAMILY = 16, 3
STAGE_GET = 2
REQUEST, DUMP = 1, 0x300
ERROR, DONE = 2, 3


def message(kind, flags, command, attributes=b""):
    body = struct.pack("BBH", command, 1, 0) + attributes
    return struct.pack("IHHII", 16 + len(body), kind, REQUEST | flags, 1, 0) \
        + body


def netlink():
    s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, GENERIC)
    s.bind((0, 0))
    # so that a dump comes in parts as small as they get
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    return s


def family():
    s = netlink()
    name = b"latwatch\0"
    name = struct.pack("HH", 4 + len(name), 2) + name.ljust(12, b"\0")
    s.send(message(CONTROL, 0, GETFAMILY, name))
    reply = s.recv(65536)
    if struct.unpack_from("IH", reply)[1] == ERROR:
        sys.exit("readers: the module is not loaded")
    at = 20
    while at < len(reply):
        size, kind = struct.unpack_from("HH", reply, at)
        if kind == 1:
            return struct.unpack_from("H", reply, at + 4)[0]
        at += size + 3 & ~3
    return sys.exit("readers: the family has no number")


def main():
    number = family()
    readers = []
    for _ in range(int(sys.argv[1])):
        s = netlink()
        s.send(message(number, DUMP, STAGE_GET))
        for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 0):
            if struct.unpack_from("IH", s.recv(4096))[1] in (ERROR, DONE):
                sys.exit("readers: the dump has ended already")
        readers.append(s)
    print("stopped", flush=True)
    sys.stdin.read()


main()
