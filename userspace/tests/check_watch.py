#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The full screen of --watch, driven on terminals of several kinds and sizes:
check_watch.py REPORTER SAVED

What is seen is read from the screen, not from what was sent.
"""
import os
import signal
import sys
import tempfile
import termios
import time

from terminal import Terminal

UP, DOWN, RIGHT, LEFT = "\x1bOA", "\x1bOB", "\x1bOC", "\x1bOD"
REPORTER, SAVED = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])


def start(cols=80, rows=24, words=("--watch=600",), term="xterm-256color", fake="paths",
          locale="C", keys="?help", **more):
    """A watch that is there."""
    terminal = Terminal([REPORTER, *words], cols, rows, TERM=term, LW_FAKE=fake,
                        LC_ALL=locale, TZ="UTC", **more)
    if rows > 4 and cols > 20:
        terminal.see(keys)
    return terminal


def expect(condition, what, terminal):
    """Or say what is seen instead."""
    if not condition:
        raise AssertionError("%s:\n%s" % (what, terminal.screen.text()))


def is_clean(terminal, status=0):
    """It ended, and left the terminal as it was."""
    got = terminal.end()
    screen = terminal.screen
    assert got == status, "exit status %s" % got
    assert not screen.alternate and not screen.hidden, "the terminal is not given back"


def test_sizes():
    """What matters most is there in each size, on each kind of terminal."""
    for cols, rows, term in ((80, 24, "vt100"), (80, 24, "xterm-256color"),
                             (100, 30, "screen"), (132, 60, "linux"),
                             (40, 12, "xterm"), (250, 80, "xterm-256color"),
                             (20, 6, "vt100")):
        terminal = start(cols, rows, term=term)
        terminal.see("max 146.213")
        if cols >= 80:
            for text in ("0 unaccounted", "tap dwell", "91.0", "|100ns", "ways"):
                expect(text in terminal.screen.text(), "no " + text, terminal)
        if rows >= 50:
            for text in ("worst flight: end to end", "ledger", "the books close",
                         "2 calls of dev_map_enqueue"):
                expect(text in terminal.screen.text(), "no " + text, terminal)
        terminal.type("q")
        is_clean(terminal)


def test_tiny():
    """A window that nothing fits into."""
    for cols, rows in ((1, 1), (5, 2), (2, 40)):
        terminal = start(cols, rows)
        time.sleep(0.5)
        terminal.read(0.2)
        terminal.type("q")
        is_clean(terminal)


def test_keys():
    """Ways, panes, stages, sort, search, help."""
    terminal = start()
    terminal.see("> rx  eth1,..")
    terminal.type(RIGHT)
    terminal.see("> tx  VM 1")
    terminal.see("guest exit")
    terminal.type(LEFT)
    terminal.see("> rx  eth1,..")
    terminal.type("\t")
    terminal.see("worst flight: end to end")
    terminal.see("vhost-217")
    terminal.type("\t")
    terminal.see("the books close")
    terminal.see("entry of a vCPU that was awake")
    terminal.type("\x1b[Z\x1b[Z")
    terminal.miss("the books close")
    terminal.type("s")
    terminal.see("by max")
    terminal.type("\x1b[H")
    terminal.type(DOWN + "\n")
    terminal.see("worst flight: tap dwell")
    terminal.type("?")
    terminal.see("any other goes back")
    terminal.type("x")
    terminal.miss("any other goes back")
    terminal.type("2")
    terminal.see("> rx  br0 > tap1")
    terminal.type("/passed thr")
    terminal.see("search: passed thr_")
    terminal.type("\n")
    terminal.see("> device  passed through")
    terminal.type("/nonsense\n")
    terminal.see("'nonsense' is not found")
    # an arrow of a terminal that is not what TERM says
    terminal.type("\x1b[C")
    terminal.see("> local")
    expect("FROZEN" not in terminal.screen.text(), "an arrow froze it", terminal)
    terminal.type("q")
    is_clean(terminal)


def test_reset():
    """Only after a question, and a yes."""
    with tempfile.NamedTemporaryFile() as log:
        terminal = start(LW_FAKE_LOG=log.name)

        def resets():
            with open(log.name, encoding="ascii") as file:
                return sum(line.startswith("7 ") for line in file)
        terminal.type("r")
        terminal.see("for all who read them? y/n")
        terminal.type("n")
        terminal.see("q quit")
        assert not resets(), "a no is a yes"
        terminal.type("ry")
        for _ in range(100):
            terminal.read(0.1)
            if resets():
                break
        assert resets() == 1, "%d resets" % resets()
        terminal.type("q")
        is_clean(terminal)


def test_freeze():
    """The time stands still, and one can look around and back."""
    terminal = start(words=("--watch=0.1",), fake="moving")
    terminal.wait(lambda s: "now: " in s.text() and "minute: " in s.text(), "now")
    terminal.type("p")
    terminal.see("FROZEN at ")
    frozen = terminal.screen.lines()[0]
    terminal.type(DOWN)
    time.sleep(1)
    terminal.read(0.1)
    expect(terminal.screen.lines()[0] == frozen, "time goes on", terminal)
    terminal.type("[")
    terminal.see("1 back")
    expect(terminal.screen.lines()[0][:18] != frozen[:18], "not another one", terminal)
    terminal.type("]")
    terminal.miss("1 back")
    terminal.type("p")
    terminal.miss("FROZEN")
    terminal.see("every 0.1 s")
    terminal.see("reporter ")
    terminal.type("q")
    is_clean(terminal)


def test_resize():
    """Larger and smaller again; what is drawn is as if it had always been so."""
    terminal = start(80, 24)
    for cols, rows in ((140, 60), (60, 15), (80, 24)):
        terminal.resize(cols, rows)
        terminal.wait(lambda s, r=rows: s.lines()[r - 1].startswith(" ?help"),
                      "the last line")
    again = start(80, 24)
    terminal.wait(lambda s: s.lines()[1:] == again.screen.lines()[1:], "the same")
    for one in (terminal, again):
        one.type("q")
        is_clean(one)


def test_quiet():
    """Nothing is sent while nothing changes, and little where little does."""
    terminal = start(words=("--watch=0.2",))
    for _ in range(10):
        terminal.read(0.1)
    before = terminal.written
    until = time.monotonic() + 2
    while time.monotonic() < until:
        terminal.read(0.1)
    sent = terminal.written - before
    # the corner has the reporter's own cost: some digits, ten times
    assert sent < 1500, "%d bytes in 10 reports without a change" % sent
    terminal.type("q")
    is_clean(terminal)


def test_color():
    """Where it is wanted, and can be had."""
    for words, more, colored in (((), {}, True), (("--color=never",), {}, False),
                                 ((), {"NO_COLOR": "1"}, False),
                                 ((), {"term": "vt100"}, False)):
        terminal = start(words=("--watch=600", *words), **more)
        looks = {part for line in terminal.screen.looks for look in line for part in look}
        assert bool(looks & {31, 32, 35, 36}) == colored, (words, more, looks)
        terminal.type("q")
        is_clean(terminal)


def test_blocks():
    """Distributions are drawn by what the locale has."""
    for locale, drawn in (("C.UTF-8", "\u2588"), ("C", "#")):
        terminal = start(locale=locale)
        terminal.see(drawn)
        expect(("\u2588" in terminal.screen.text()) == (locale != "C"), locale, terminal)
        terminal.type("q")
        is_clean(terminal)


def test_save():
    """What is written can be read."""
    with tempfile.TemporaryDirectory() as folder:
        here = os.getcwd()
        os.chdir(folder)
        try:
            terminal = start()
            terminal.type("w")
            terminal.see("written to latwatch-")
            terminal.type("q")
            is_clean(terminal)
        finally:
            os.chdir(here)
        name, = os.listdir(folder)
        path = os.path.join(folder, name)
        assert not os.stat(path).st_mode & 0o077, "others may read it"
        terminal = start(words=("--read", path, "--watch"), fake="no-socket")
        terminal.see("saved at ")
        terminal.type("r")
        terminal.see("cannot be reset")
        terminal.type("q")
        is_clean(terminal)


def test_saved():
    """A saved report on the screen, without a module."""
    terminal = start(words=("--read", SAVED, "--watch"), fake="absent")
    terminal.see("saved at ")
    terminal.type("\t")
    terminal.see("worst flight")
    terminal.type("q")
    is_clean(terminal)


def test_recording():
    """A recording is looked back in, with what was now then."""
    with tempfile.NamedTemporaryFile("w") as file:
        here = Terminal([REPORTER, "--watch=0.1", "--count=15", "--json"], 20000, 5,
                        TERM="dumb", LW_FAKE="moving", LC_ALL="C")
        data = b""
        while True:
            try:
                more = os.read(here.fd, 65536)
            except OSError:
                break
            if not more:
                break
            data += more
        here.reap()
        file.write(data.decode().replace("\r\n", "\n"))
        file.flush()
        terminal = start(words=("--read", file.name, "--watch"), fake="absent")
        terminal.see("15 of 15")
        terminal.see("now: 3.0 s")
        terminal.type("[")
        terminal.see("14 of 15")
        terminal.type("{")
        terminal.see("4 of 15")
        terminal.type("{")
        terminal.see("1 of 15")
        terminal.miss("now: ")
        terminal.type("[")
        terminal.see("no older report is kept")
        terminal.type("}")
        terminal.see("11 of 15")
        terminal.type("q")
        is_clean(terminal)


def test_other_views():
    """Other views are text that is scrolled."""
    terminal = start(80, 10, words=("--watch=600", "--vms"), fake="two-vms",
                     keys="arrows, page up")
    terminal.see("1000320")
    terminal.type("/nothing like this\n")
    terminal.see("is not below here")
    terminal.type("q")
    is_clean(terminal)


def test_ends():
    """Whatever ends it gives the terminal back, with the modes that it had."""
    for end, status in (("q", 0), ("\x03", 0), (signal.SIGTERM, 0), (signal.SIGHUP, 0),
                        (signal.SIGQUIT, 0), (signal.SIGABRT, -signal.SIGABRT),
                        (signal.SIGSEGV, -signal.SIGSEGV)):
        terminal = start(ASAN_OPTIONS="handle_segv=0:handle_abort=0")
        expect(terminal.screen.hidden and terminal.screen.alternate,
               "it did not take the terminal", terminal)
        if isinstance(end, str):
            terminal.type(end)
        else:
            os.kill(terminal.pid, end)
        fd = os.dup(terminal.fd)
        try:
            is_clean(terminal, status)
            now = termios.tcgetattr(fd)
            assert now[3] & termios.ECHO and now[3] & termios.ICANON, "no echo"
        finally:
            os.close(fd)


def test_stopped():
    """Ctrl-Z gives the terminal back to the shell, fg takes it again."""
    terminal = Terminal(["/bin/bash", "--norc", "--noprofile", "-i"], 80, 24,
                        TERM="xterm-256color", LW_FAKE="paths", LC_ALL="C",
                        PS1="ready> ", INPUTRC="/dev/null", HISTFILE="")
    terminal.see("ready>")
    terminal.type(REPORTER + " --watch=600\n")
    terminal.see("?help")
    terminal.type("\x1a")
    terminal.see("Stopped")
    terminal.wait(lambda s: not s.alternate and not s.hidden, "the shell")
    terminal.type("fg\n")
    terminal.wait(lambda s: s.alternate and s.hidden, "the watch")
    terminal.type("?")
    terminal.see("any other goes back")
    terminal.type("q")
    terminal.wait(lambda s: not s.alternate and not s.hidden, "the shell")
    terminal.type("exit\n")
    assert terminal.end() == 0


def test_paper():
    """A terminal that cannot move its cursor gets blocks of text."""
    terminal = start(200, 60, words=("--watch=0.1", "--count=2"), term="dumb",
                     keys="verdict max")
    assert terminal.end() == 0 and not terminal.screen.alternate


def test_gone():
    """A terminal that has gone does not keep it, nor a processor."""
    terminal = start(deaf=True)
    os.close(terminal.fd)
    assert terminal.reap() == 0


def test_failure():
    """A failure in the middle: the screen goes, one line says why."""
    terminal = start(words=("--watch=0.1",), fake="lost-later")
    terminal.see("latwatch-report: vm-get: No such file or directory")
    is_clean(terminal, 1)


TESTS = [value for name, value in sorted(globals().items()) if name.startswith("test_")]


def main():
    """All of them; what fails is told with the screen."""
    bad = 0
    for test in TESTS:
        try:
            test()
        except (AssertionError, ValueError) as error:
            print("%s: %s" % (test.__name__, error))
            bad = 1
    return bad


sys.exit(main())
