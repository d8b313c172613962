# SPDX-License-Identifier: GPL-2.0
"""
prototype.py TRACEPOINT VMLINUX MODULE: print MODULE, the type information of a
module that continues VMLINUX, with the last argument of one of its tracepoints
turned into what the one before the data is: a pointer.
"""
import struct
import sys

# bytes behind an entry, by its kind: so many, and so many for each of its parts
EXTRA = {1: (4, 0), 3: (12, 0), 4: (0, 12), 5: (0, 12), 6: (0, 8), 13: (0, 8),
         14: (4, 0), 15: (0, 12), 17: (4, 0), 19: (0, 12)}
TYPEDEF, PTR, FUNC_PROTO = 8, 2, 13


class Types:
    def __init__(self, data, base=None):
        self.data = data
        _, _, _, header, at, size, strings, length = struct.unpack_from("<HBBIIIII", data)
        self.strings = data[header + strings:header + strings + length]
        self.first = base.end if base else 1
        self.first_string = base.end_string if base else 0
        self.end_string = self.first_string + length
        self.at = []
        at += header
        last = at + size
        while at < last:
            self.at.append(at)
            info, = struct.unpack_from("<I", data, at + 4)
            fixed, each = EXTRA.get(info >> 24 & 0x1f, (0, 0))
            at += 12 + fixed + each * (info & 0xffff)
        self.end = self.first + len(self.at)

    def entry(self, number):
        at = self.at[number - self.first]
        name, info, to = struct.unpack_from("<III", self.data, at)
        name -= self.first_string
        text = self.strings[name:self.strings.index(b"\0", name)].decode() if name > 0 else ""
        return at, text, info >> 24 & 0x1f, info & 0xffff, to


def main():
    name, kernel, module = sys.argv[1:]
    base = Types(open(kernel, "rb").read())
    types = Types(bytearray(open(module, "rb").read()), base)
    for number in range(types.first, types.end):
        _, text, kind, _, to = types.entry(number)
        if kind == TYPEDEF and text == "btf_trace_" + name:
            break
    else:
        sys.exit("no tracepoint " + name + " in " + module)
    _, _, kind, _, proto = types.entry(to)
    assert kind == PTR
    at, _, kind, count, _ = types.entry(proto)
    assert kind == FUNC_PROTO and count > 1
    struct.pack_into("<I", types.data, at + 12 + 8 * (count - 1) + 4, to)
    sys.stdout.buffer.write(types.data)


main()
