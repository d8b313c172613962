#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Completion in a real bash: check_completion.py REPORTER [PREFIX]

Types lines into an interactive bash, asks readline for what they become. With
PREFIX, where the reporter is installed, bash-completion has to find the script.
"""
import os
import pty
import re
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPT = os.path.join(HERE, "..", "latwatch-report.bash")
LOADER = "/usr/share/bash-completion/bash_completion"
TAB, ALL, DUMP, CLEAR = "\t", "\x18*", "\x18p", "\x15"

# machine, what is typed, what TAB makes of it
ONE = [
    ("paths", "--hist", "--histogram "),
    ("paths", "--histogram tap", "--histogram tap-dwell "),
    ("paths", "--histogram=tx/q", "--histogram=tx/qdisc "),
    ("paths", "--vm=21", "--vm=217 "),
    ("paths", "--vm 21", "--vm 217 "),
    ("paths", "--vm= 21", "--vm= 21"),
    ("paths", "--color=al", "--color=always "),
    ("paths", "--set measure=of", "--set measure=off "),
    ("paths", "--set=measure=of", "--set=measure=off "),
    ("paths", "--read gol", "--read golden/"),
    ("paths", "--read=gol", "--read=golden/"),
    ("paths", "-r gol", "-r golden/"),
    ("paths", "--compare runs/be", "--compare runs/before/"),
    ("absent", "--read golden/json-paths.json --vm 21",
     "--read golden/json-paths.json --vm 217 "),
    ("eperm", "--led", "--ledger "),
    ("eperm", "--vm 21", "--vm 21"),
    ("paths", "gol", "gol"),
    ("paths", "-- --js", "-- --js"),
]
# likewise, and all that the last word can become
EACH = [
    ("two-vms", "--vm ", {"1", "2", "217", "1000320"}),
    ("paths", "--set self-cost=", {"off", "on"}),
    ("paths", "--color=", {"auto", "always", "never"}),
    ("paths", "--histogram tx/st", {"tx/stack"}),
    ("paths", "--histogram st", {"stack"}),
    ("paths", "--json --c", {"--color"}),
    ("paths", "--csv co", {"compare"}),
    ("paths", "compare --", {"--json", "--csv", "--color"}),
    ("paths", "set self-cost=", {"off", "on"}),
    ("paths", "set measure=on self-cost=", {"off", "on"}),
    ("paths", "--json --w", {"--watch"}),
    ("paths", "-w --co", {"--count", "--cost", "--color"}),
    ("paths", "--compare --", {"--json", "--csv", "--color"}),
    ("paths", "--csv --watch --c", {"--color", "--count"}),
    ("eperm", "--vm ", set()),
    ("eperm", "--histogram ", set()),
    ("absent", "--histogram ", set()),
    ("paths", "--count ", set()),
]


class Bash:
    def __init__(self, folder, setup, environment):
        self.dump = os.path.join(folder, "line")
        self.screen = b""
        rc = os.path.join(folder, "rc")
        with open(rc, "w", encoding="ascii") as f:
            f.write("PS1='ready> '\nHISTFILE=\n"
                    "bind 'set completion-query-items 0'\n"
                    "bind 'set bell-style none'\n"
                    "bind '\"\\C-x*\": insert-completions'\n"
                    "show() { printf '%%s|' \"$READLINE_LINE\" > '%s.new';"
                    " mv '%s.new' '%s'; }\n"
                    "bind -x '\"\\C-xp\": show'\n%s\n"
                    % (self.dump, self.dump, self.dump, setup))
        pid, self.fd = pty.fork()
        if not pid:
            os.chdir(HERE)
            os.execvpe("bash", ["bash", "--noprofile", "--rcfile", rc, "-i"],
                       dict(os.environ, TERM="dumb", INPUTRC="/dev/null",
                            **environment))
        while b"ready> " not in self.screen:
            self.screen += os.read(self.fd, 65536)

    def run(self, command):
        self.screen = b""
        os.write(self.fd, (command + "\n").encode())
        while not self.screen.endswith(b"\nready> "):
            self.screen += os.read(self.fd, 65536)

    def line(self, text, key):
        self.screen = b""
        os.write(self.fd, (text + key + DUMP).encode())
        for _ in range(600):
            if os.path.exists(self.dump):
                break
            os.set_blocking(self.fd, False)
            try:
                self.screen += os.read(self.fd, 65536)
            except BlockingIOError:
                pass
            os.set_blocking(self.fd, True)
            time.sleep(0.05)
        with open(self.dump, encoding="utf-8") as f:
            line = f.read()[:-1]
        os.remove(self.dump)
        os.write(self.fd, CLEAR.encode())
        return line

    def end(self):
        os.close(self.fd)


bad = 0


def expect(what, typed, got, wanted):
    global bad
    if got != wanted:
        print("%s: '%s' became %s, not %s" % (what, typed, got, wanted))
        bad = 1


def try_all(what, bash, ones, each):
    now = ""
    for machine, typed, wanted in ones:
        if machine != now:
            bash.run("export LW_FAKE=" + machine)
            now = machine
        got = bash.line("latwatch-report " + typed, TAB)
        expect(what, typed, got, "latwatch-report " + wanted)
        said = bash.screen.replace(b"\r", b"").decode(errors="replace")
        if machine == "eperm" and re.search("latwatch-report:", said):
            expect(what, typed, said, "silence")
    for machine, typed, wanted in each:
        if machine != now:
            bash.run("export LW_FAKE=" + machine)
            now = machine
        words = bash.line("latwatch-report " + typed, ALL).split(" ")
        before = ("latwatch-report " + typed).split(" ")[:-1]
        last = typed.split(" ")[-1]
        got = {word.split("=")[-1] for word in words[len(before):] if word}
        expect(what, typed, words[:len(before)], before)
        expect(what, typed, got, wanted or {w for w in [last.split("=")[-1]] if w})


reporter = os.path.abspath(sys.argv[1])
path = os.path.dirname(reporter) + ":" + os.environ["PATH"]
with tempfile.TemporaryDirectory() as scratch:
    shell = Bash(scratch, "source '%s'" % SCRIPT, {"PATH": path})
    try_all("bash", shell, ONE, EACH)
    shell.end()
    # Names of files are readline's, which takes --read=FILE for one then.
    shell = Bash(scratch, "COMP_WORDBREAKS=${COMP_WORDBREAKS//=}\nsource '%s'"
                 % SCRIPT, {"PATH": path})
    try_all("without = in COMP_WORDBREAKS", shell,
            [row for row in ONE if row[1] != "--read=gol"], EACH)
    shell.end()
    if len(sys.argv) > 2 and os.path.exists(LOADER):
        shell = Bash(scratch, "source " + LOADER,
                     {"PATH": path, "XDG_DATA_DIRS": sys.argv[2] + "/share"})
        try_all("bash-completion", shell, ONE, [])
        shell.end()
sys.exit(bad)
