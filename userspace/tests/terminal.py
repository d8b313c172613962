# SPDX-License-Identifier: GPL-2.0
"""A program on a terminal, and what is on its screen: what ncurses sends to TERM=vt100
and TERM=xterm-256color is understood, anything else is an error."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

SEQUENCE = re.compile(r"\x1b\[([?>]?)([0-9;]*)([@-~])|\x1b([()])([0-9A-Za-z])|"
                      r"\x1b([=>78McDEHZ])|\x1b\](?:R|[0-9;]*\x07)")


class Screen:
    """The characters that are seen, and how they look."""

    def __init__(self, cols, rows):
        self.rest = ""
        self.alternate = self.hidden = False
        self.resize(cols, rows)

    def resize(self, cols, rows):
        """What was there is of no use any more."""
        self.cols, self.rows = cols, rows
        self.chars = [[" "] * cols for _ in range(rows)]
        self.looks = [[()] * cols for _ in range(rows)]
        self.row = self.col = 0
        self.look = ()
        self.top, self.bottom = 0, rows - 1

    def lines(self):
        """As text."""
        return ["".join(line).rstrip() for line in self.chars]

    def text(self):
        """All of it."""
        return "\n".join(self.lines())

    def put(self, char):
        """A character where the cursor is."""
        if self.col >= self.cols:
            self.col = 0
            self.line_feed()
        self.chars[self.row][self.col] = char
        self.looks[self.row][self.col] = self.look
        self.col += 1

    def line_feed(self):
        """Down, or scroll."""
        if self.row == self.bottom:
            for grid, blank in ((self.chars, " "), (self.looks, ())):
                del grid[self.top]
                grid.insert(self.bottom, [blank] * self.cols)
        else:
            self.row = min(self.row + 1, self.rows - 1)

    def up(self):
        """Up, or scroll back."""
        if self.row == self.top:
            for grid, blank in ((self.chars, " "), (self.looks, ())):
                del grid[self.bottom]
                grid.insert(self.top, [blank] * self.cols)
        else:
            self.row -= 1

    def blank(self, row, begin, end):
        """Erase a part of a line."""
        for col in range(begin, min(end, self.cols)):
            self.chars[row][col] = " "
            self.looks[row][col] = ()

    def feed(self, data):
        """What the program wrote."""
        text = self.rest + data
        self.rest = ""
        at = 0
        while at < len(text):
            char = text[at]
            if char == "\x1b":
                match = SEQUENCE.match(text, at)
                if not match:
                    if len(text) - at < 24:
                        self.rest = text[at:]
                        return
                    raise ValueError("unknown: %r" % text[at:at + 24])
                self.obey(match)
                at = match.end()
                continue
            at += 1
            if char == "\r":
                self.col = 0
            elif char == "\n":
                self.line_feed()
            elif char == "\b":
                self.col = max(self.col - 1, 0)
            elif char == "\t":
                self.col = min(self.col // 8 * 8 + 8, self.cols - 1)
            elif char in "\x0e\x0f\x07\x00":
                pass
            else:
                self.put(char)

    def obey(self, match):
        """One sequence."""
        mark, numbers, final, _, _, single = match.groups()
        if single == "M":
            self.up()
        if final is None:
            return
        values = [int(n) if n else 0 for n in numbers.split(";")]
        first = values[0] or 1
        if mark:
            if final in "hl" and 1049 in values:
                self.alternate = final == "h"
            if final in "hl" and 25 in values:
                self.hidden = final == "l"
        elif final in "Hf":
            self.row = min(first, self.rows) - 1
            self.col = min((values[1] if len(values) > 1 else 0) or 1, self.cols) - 1
        elif final == "A":
            self.row = max(self.row - first, 0)
        elif final == "B":
            self.row = min(self.row + first, self.rows - 1)
        elif final == "C":
            self.col = min(self.col + first, self.cols - 1)
        elif final == "D":
            self.col = max(self.col - first, 0)
        elif final == "G":
            self.col = min(first, self.cols) - 1
        elif final == "d":
            self.row = min(first, self.rows) - 1
        elif final == "J":
            self.erase_screen(values[0])
        elif final == "K":
            self.blank(self.row, self.col if values[0] == 0 else 0,
                       self.col + 1 if values[0] == 1 else self.cols)
        elif final == "X":
            self.blank(self.row, self.col, self.col + first)
        elif final == "P":
            for grid, blank in ((self.chars, " "), (self.looks, ())):
                line = grid[self.row]
                del line[self.col:self.col + first]
                line += [blank] * (self.cols - len(line))
        elif final == "@":
            for grid, blank in ((self.chars, " "), (self.looks, ())):
                line = grid[self.row]
                line[self.col:self.col] = [blank] * first
                del line[self.cols:]
        elif final in "LM":
            for grid, blank in ((self.chars, " "), (self.looks, ())):
                for _ in range(first):
                    del grid[self.bottom if final == "L" else self.row]
                    grid.insert(self.row if final == "L" else self.bottom,
                                [blank] * self.cols)
        elif final in "ST":
            for grid, blank in ((self.chars, " "), (self.looks, ())):
                for _ in range(first):
                    del grid[self.top if final == "S" else self.bottom]
                    grid.insert(self.bottom if final == "S" else self.top,
                                [blank] * self.cols)
        elif final == "b":
            for _ in range(first):
                self.put(self.chars[self.row][self.col - 1])
        elif final == "m":
            self.look = () if values == [0] else self.look + tuple(values)
            if 0 in values:
                self.look = tuple(values[values.index(0) + 1:])
        elif final == "r":
            self.top = first - 1
            self.bottom = (values[1] if len(values) > 1 and values[1] else self.rows) - 1
            self.row = self.col = 0
        elif final == "t":
            pass
        elif final not in "hln":
            raise ValueError("unknown: %r" % match.group())

    def erase_screen(self, what):
        """From the cursor on, up to it, or all."""
        for row in range(self.rows):
            if what == 2 or (what == 0 and row > self.row) or (what == 1 and row < self.row):
                self.blank(row, 0, self.cols)
        if what == 0:
            self.blank(self.row, self.col, self.cols)
        if what == 1:
            self.blank(self.row, 0, self.col + 1)


class Terminal:
    """A program that believes to be on a terminal."""

    def __init__(self, words, cols, rows, patience=60, deaf=False, **environment):
        self.screen = Screen(cols, rows)
        self.patience = patience
        self.written = 0
        self.status = None
        self.partial = b""
        self.pid, self.fd = pty.fork()
        if not self.pid:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
            if deaf:
                signal.signal(signal.SIGHUP, signal.SIG_IGN)
            os.execve(words[0], words, dict(os.environ, **environment))
    def read(self, seconds):
        """What comes within some time; False at the end."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        self.written += len(data)
        data = self.partial + data
        end = len(data)
        # a character of UTF-8 that is not yet whole
        while end and len(data) - end < 3 and data[end - 1] & 0xc0 == 0x80:
            end -= 1
        if end and data[end - 1] >= 0xc0:
            end -= 1
        else:
            end = len(data)
        try:
            self.screen.feed(data.decode())
            self.partial = b""
        except UnicodeDecodeError:
            self.screen.feed(data[:end].decode())
            self.partial = data[end:]
        return bool(data)

    def wait(self, condition, what):
        """Until the screen is as wanted."""
        until = time.monotonic() + self.patience
        while not condition(self.screen):
            if time.monotonic() > until or not self.read(0.2):
                raise AssertionError("%s is not on the screen:\n%s"
                                     % (what, self.screen.text()))

    def see(self, text):
        """Until a text is there."""
        self.wait(lambda screen: text in screen.text(), repr(text))

    def miss(self, text):
        """Until a text is not there any more."""
        self.wait(lambda screen: text not in screen.text(), "no " + repr(text))

    def type(self, keys):
        """Keys, as the terminal sends them."""
        os.write(self.fd, keys.encode())

    def resize(self, cols, rows):
        """The window changes."""
        self.screen.resize(cols, rows)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        os.kill(self.pid, signal.SIGWINCH)

    def reap(self):
        """Exit status, of one that ends or has to be ended."""
        for _ in range(int(10 * self.patience)):
            gone, status = os.waitpid(self.pid, os.WNOHANG)
            if gone:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.1)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return "none, it goes on"

    def end(self):
        """Exit status, once all that it wrote is read."""
        until = time.monotonic() + self.patience
        while self.read(0.1) and time.monotonic() < until:
            gone, status = os.waitpid(self.pid, os.WNOHANG)
            if gone:
                self.status = os.waitstatus_to_exitcode(status)
                break
        while self.read(0.1) and select.select([self.fd], [], [], 0.1)[0]:
            pass
        if self.status is None:
            self.status = self.reap()
        os.close(self.fd)
        return self.status
