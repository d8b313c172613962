#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""stages: what is written of the stages, against the table that they are made from.

Takes kmod/model/stage.h, the table in Documentation/stages.rst and the specification;
says in KTAP whether all three say the same of where each stage begins and ends.
"""
import re
import sys

import yaml

TABLE = "kmod/model/stage.h"
PAGE = "Documentation/stages.rst"
SPEC = "Documentation/netlink/specs/latwatch.yaml"

ROW = re.compile(r'X\((\w+), "([^"]*)", (\w+), (\w+), (\w+?)(?:\((\w+)\))?, '
                 r'((?:LW_\w+\(\w+\)(?:, )?)+)\)')
BOUND = re.compile(r"LW_(\w+)\((\w+)\)")
BY_TASK = "by ..."


class Stage:
    """A row of the table, in words."""

    def __init__(self, row, marks):
        ident, self.name, unit, path, kind, within, bounds = row
        self.ident = ident.lower().replace("_", "-")
        self.unit = unit.lower()
        self.of = f"{path.lower()}, {'host' if kind.startswith('HOST') else 'VM'}"
        self.by_task = kind.endswith("BY_TASK")
        self.nested = bool(within)
        self.bounds = {}
        for key, mark in BOUND.findall(bounds):
            if not key.startswith("ALSO"):
                key = "WITHOUT" if key == "NOR" else key
                self.bounds.setdefault(key, []).append(marks[mark])

    def one(self, key):
        """The mark that it begins or ends with, or None."""
        return self.bounds.get(key, [None])[0]

    def begins(self):
        """What a line of it begins with."""
        text = f"{self.one('FROM') or 'first mark'} to "
        if self.one("TO"):
            text += self.one("TO")
        if self.one("OR_TO"):
            text += f", or to {self.one('OR_TO')}"
        return text

    def conditions(self):
        """What it goes on with, in any order."""
        return [f"{word.lower()} a {mark} mark"
                for word in ("WITH", "WITHOUT") for mark in self.bounds.get(word, ())]


def read_table(name):
    """The stages, in the order of their rows, and the names of marks."""
    with open(name, encoding="ascii") as file:
        text = file.read()

    def rows(macro):
        body = text.split(f"#define {macro}(X) \\\n")[1].split("\n\n")[0]
        return " ".join(body.replace("\\\n", " ").split())

    marks = dict(re.findall(r'X\((\w+), "([^"]*)"\)', rows("LW_MARKS")))
    found = ROW.findall(rows("LW_STAGES"))
    if len(found) != rows("LW_STAGES").count("X("):
        sys.exit(f"stages: not all rows of {name} are understood")
    return [Stage(row, marks) for row in found], marks


def read_page(name):
    """The cells of each row of the page's table of stages."""
    with open(name, encoding="ascii") as file:
        lines = file.read().split("\n")
    rules = [i for i, line in enumerate(lines)
             if line.startswith("====") and " " in line]
    head = next(i for i in rules if lines[i + 1].startswith("stage "))
    first, last = [i for i in rules if i > head][:2]
    columns = [m.span() for m in re.finditer("=+", lines[head])]
    rows = []
    for line in lines[first + 1:last]:
        cells = [line[begin:end if end < columns[-1][1] else None].rstrip()
                 for begin, end in columns]
        if cells[0]:
            rows.append(cells)
        else:
            rows[-1] = [f"{a} {b}".strip() if i else a
                        for i, (a, b) in enumerate(zip(rows[-1], cells))]
    return rows


def check_text(stage, text):
    """What is wrong with what is written of a stage."""
    begins = stage.begins()
    rest = text[len(begins):]
    if not text.startswith(begins) or \
            (stage.one("TO") and not re.match(r"$|[,;:]| where ", rest)):
        yield f"'{text}' does not begin with '{begins}'"
    wanted = stage.conditions()
    said = re.findall(r"with(?:out)? an? [\w ]+? mark\b", text)
    if sorted(wanted) != sorted(w.replace(" an ", " a ") for w in said):
        yield f"'{text}' does not say '{', '.join(wanted)}'"


def check_page(stages, rows):
    """What is wrong with the page's table."""
    wanted = []
    for stage in stages:
        name = "  " * stage.nested + (BY_TASK if stage.by_task else stage.name)
        if not wanted or wanted[-1][0] != name:
            wanted.append((name, stage))
    if [name for name, _ in wanted] != [row[0] for row in rows]:
        missing = [n for n, _ in wanted if n not in [row[0] for row in rows]]
        yield f"its rows are not those of {TABLE}, in that order: {missing}"
        return
    for (name, stage), (_, text, unit, of) in zip(wanted, rows):
        for fault in check_text(stage, text):
            yield f"{name.strip()} ({stage.ident}): {fault}"
        if (unit, of) != (stage.unit, stage.of):
            yield f"{name.strip()}: it counts {unit} of {of}, " \
                  f"not {stage.unit} of {stage.of}"


def check_spec(stages, marks, spec):
    """What is wrong with the specification's words, where they name marks."""
    names = "|".join(sorted((m.replace(" ", "-") for m in marks.values()),
                            key=len, reverse=True))
    line = re.compile(rf"({names}) to ({names})\b(?:, or to ({names})\b)?")
    entries = next(d["entries"] for d in spec["definitions"] if d["name"] == "stage")
    docs = {e["name"]: " ".join(e["doc"].split()) for e in entries}
    for stage in stages:
        found = line.match(docs[stage.ident])
        if not found:
            continue
        wanted = tuple(m and m.replace(" ", "-") for m in
                       (stage.one("FROM"), stage.one("TO"), stage.one("OR_TO")))
        if found.groups() != wanted:
            yield f"{stage.ident}: '{docs[stage.ident]}'"


def missed(stages):
    """Of forged rows, those that go unnoticed."""
    rows = read_page(PAGE)
    for stage in stages:
        true = stage.bounds
        for key, mark in (("FROM", "copy"), ("TO", "copy"), ("OR_TO", "irq"),
                          ("WITH", "steer"), ("WITHOUT", "steer")):
            stage.bounds = dict(true, **{key: [mark]})
            if true.get(key) != [mark] and not list(check_page(stages, rows)) and \
                    not stage.by_task:
                yield f"{stage.ident}: {key} {mark}"
        stage.bounds = true


def report(name, faults):
    """One line of KTAP, after what is wrong."""
    faults = list(faults)
    for fault in faults:
        print(f"# {fault}")
    print(f"{'not ok' if faults else 'ok'} - {name}")
    return not faults


def main():
    stages, marks = read_table(TABLE)
    with open(SPEC, encoding="ascii") as file:
        spec = yaml.safe_load(file)
    good = report(f"{PAGE} has the stages of {TABLE}",
                  check_page(stages, read_page(PAGE)))
    good &= report(f"{SPEC} has their marks", check_spec(stages, marks, spec))
    good &= report("a row that differs is noticed", missed(stages))
    sys.exit(not good)


main()
