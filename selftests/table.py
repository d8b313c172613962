#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Make one table of the measurements of "table": text, CSV and JSON.

table.py FOLDER BUILD [ROW...]: FOLDER has a folder for each row; those that are
named come first, those of another build of the module are left out. A figure that was not measured is absent; a row or condition without
a measurement carries the reason, from its log or from its report.
"""

import csv
import json
import os
import re
import sys

WAYS = ("rx", "device", "reader")
CONDITIONS = ("idle", "load", "steered")
EMULATED = ("Times under emulation mean nothing in absolute terms; the same "
            "command on\nhardware gives real figures: selftests/table --here.")
# What the lab says of a run that is no reason for anything.
CHATTER = re.compile(r"lab: (status|ready after|\S+ \(\S+\), )")
# What a line may be about other than packets from a NIC's interrupt on: figures of
# these are not to be held against those.
SPANS = {
    ("rx", "end to end local"):
        "begins where this host sends, as a switch in a process does, not at "
        "the NIC's interrupt",
    ("rx", "end to end process"): "an upper bound: a process sends it on",
    ("rx", "end to end from VM"): "begins where another VM sends",
    ("device", "end to end"):
        "is of interrupts of the device; the host does not see its packets",
    ("reader", "end to end from VM"): "ends with the process's copy",
    ("reader", "end to end"):
        "is of wakes of readers, in the lab the sender's too",
}
FIGURES = ("count", "min_ns", "avg_ns", "max_ns", "stddev_ns")


def read(*path):
    """A file's text, or nothing."""
    try:
        with open(os.path.join(*path), encoding="utf-8",
                  errors="replace") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def last_words(text):
    """Why something failed, as its log ends."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    lines = [line for line in lines if not CHATTER.match(line)]
    return "; ".join(lines[-3:])


def sum_of(ledger, way):
    """The books of a path in a few words."""
    books = ((ledger or {}).get("paths") or {}).get(way)
    if not books:
        return "no books"
    heads = ("opened", "delivered", "suppressed", "dropped", "elsewhere",
             "lost", "in_flight")
    return ", ".join(f"{head.replace('_', ' ')} {books[head]}"
                     for head in heads if books.get(head) is not None)


def stages_of(report, owner, way):
    """The stages on a way, in its order: the host's, then the owner's."""
    host = [stage for stage in report["host"]["stages"]
            if stage["path"] == "rx" and stage["shared"] and way != "device"]
    own = [stage for stage in owner["stages"] if stage["path"] == way]
    return host + own


def blind(stages):
    """Stages that could not see anything."""
    return [stage["stage"] for stage in stages
            if stage["blind"] and not stage["count"]]


def lines_of(report, way):
    """What was measured from end to end: one line per VM, or for the host.

    A process that takes packets and runs no vCPU is no VM: a user-space switch.
    """
    if way == "reader":
        owners = [("host", report["host"])]
    else:
        owners = [(f"VM {vm['id']}", vm) for vm in report["vms"]
                  if not vm["gone"] and vm["vcpus"] != 0]
    for name, owner in owners:
        stages = stages_of(report, owner, way)
        totals = [stage for stage in stages
                  if stage["total"] and stage["count"]]
        line = {"of": name, "way": way}
        if totals:
            total = totals[0]
            line["total"] = total["stage"]
            line["per"] = total["per"]
            if total["stage"] != "end to end":
                stages = [stage for stage in stages if not stage["shared"]]
            line.update({key: total[key] for key in FIGURES})
            books = (owner["ledger"] or {}).get("paths", {}).get(way) or {}
            line["unaccounted"] = books.get("unaccounted")
            line["stages"] = [
                {"stage": stage["stage"], "shared": stage["shared"],
                 "nested": stage["nested"],
                 "after": stage["after"], "count": stage["count"],
                 "max_ns": stage["max_ns"]}
                for stage in stages if stage["count"] and not stage["total"]]
        else:
            line["reason"] = "nothing was measured from end to end: " + \
                sum_of(owner["ledger"], way)
            if blind(stages):
                line["reason"] += "; blind: " + ", ".join(blind(stages))
        yield line
    if not owners:
        yield {"way": way, "reason": "no VM was seen: host " +
               sum_of(report["host"]["ledger"], way)}


def measurements(folder, row):
    """Each condition of a row."""
    place = os.path.join(folder, row)
    facts = dict(line.split("=", 1)
                 for line in read(place, "row").splitlines())
    log = read(place, "log")
    machine = re.search(r"^lab: \S+ \((\S+)\), (.*), (\d+) CPU", log, re.M)
    for condition in CONDITIONS:
        base = {"row": row, "title": facts["title"], "condition": condition,
                "emulated": bool(machine) and "TCG" in machine[2],
                "kernel": machine[1] if machine else None,
                "machine": machine[2] if machine else None,
                "cpus": int(machine[3]) if machine else None,
                "build": facts.get("build") or None,
                "sent": read(place, condition + ".sent").split("\n")[:-1],
                "steered": read(place, condition + ".did").split("\n")[:-1]}
        text = read(place, condition + ".json")
        if not text:
            why = read(place, condition + ".why") or log
            yield {**base, "way": facts["way"],
                   "reason": last_words(why) or "was not run"}
            continue
        report = json.loads(text)
        base["kernel"] = report["info"]["kernel"]
        base["preempt_rt"] = report["info"]["preempt_rt"]
        for line in lines_of(report, facts["way"]):
            yield {**base, **line}


def micros(nanoseconds):
    """As people read it."""
    return "-" if nanoseconds is None else f"{nanoseconds / 1000:,.1f}"


def table_of(titles, rows, left=3):
    """Columns under each other, some of them to the left."""
    widths = [max(len(row[i]) for row in [titles] + rows)
              for i in range(len(titles))]
    for row in [titles] + rows:
        yield "  ".join(cell.ljust(width) if i < left else cell.rjust(width)
                        for i, (cell, width) in enumerate(zip(row, widths))
                        ).rstrip()


def names_of(lines, way):
    """The stages that any line of a way has, in the order of the way."""
    names = []
    for line in lines:
        at = 0
        for stage in line.get("stages", []) if line["way"] == way else []:
            if stage["nested"] or stage["after"]:
                continue
            if stage["stage"] in names:
                at = names.index(stage["stage"]) + 1
            else:
                names.insert(at, stage["stage"])
                at += 1
    return names


def stage_tables(lines):
    """The maximum of each stage: a table for each way."""
    for way in WAYS:
        measured = [line for line in lines
                    if line["way"] == way and "stages" in line]
        names = names_of(measured, way)
        rows = []
        for line in measured:
            top = {stage["stage"]: stage["max_ns"]
                   for stage in line["stages"] if not stage["after"]}
            rows.append([line["row"], line["condition"], line["of"]] +
                        [micros(top.get(name)) for name in names])
        if rows:
            yield ""
            yield f"{way}: maximum of each stage, in us"
            yield from table_of(["path", "condition", "of"] + names, rows)


def text_of(lines):
    """For people."""
    kernels = sorted({line["kernel"] for line in lines if line["kernel"]})
    machines = sorted({f"{line['machine']}, {line['cpus']} CPUs"
                       for line in lines if line["machine"]})
    yield "kernel " + ", ".join(kernels) + \
        ("; " + "; ".join(machines) if machines else "")
    if any(line["emulated"] for line in lines):
        yield EMULATED
    yield ""
    yield "from end to end, in us"
    yield from table_of(
        ["path", "condition", "of", "span", "per", "count", "min", "avg",
         "max", "stddev", "unaccounted"],
        [[line["row"], line["condition"], line.get("of", "-"),
          line.get("total", "-"), line.get("per") or "-",
          f"{line['count']:,}" if "count" in line else "-"] +
         [micros(line.get(key)) for key in FIGURES[1:]] +
         ["-" if line.get("unaccounted") is None else
          str(line["unaccounted"])] for line in lines], 5)
    for line_way, total in sorted({(line["way"], line["total"])
                                   for line in lines if "total" in line}):
        if (line_way, total) in SPANS:
            rows = ", ".join(dict.fromkeys(
                line["row"] for line in lines
                if (line["way"], line.get("total")) == (line_way, total)))
            yield f"  {rows}: {total} {SPANS[line_way, total]}"
    yield from stage_tables(lines)
    yield "  up to the softirq, stages are of all NICs and all that they " \
        "received, the streams too"
    yield ""
    yield "paths"
    for row, title in dict((line["row"], line["title"])
                           for line in lines).items():
        yield f"  {row}: {title}"
    for title, key in (("steered", "steered"), ("not measured", "reason")):
        said = [(line, line.get(key)) for line in lines if line.get(key)]
        if said:
            yield ""
            yield title
        for line, words in said:
            words = words if isinstance(words, str) else "; ".join(words)
            yield f"  {line['row']}, {line['condition']}: {words}"


def write_csv(lines, file):
    """For spreadsheets: times in ns, a maximum per stage in a column."""
    names = {way: [] for way in WAYS}
    for line in lines:
        for stage in line.get("stages", []):
            if stage["stage"] not in names[line["way"]]:
                names[line["way"]].append(stage["stage"])
    stages = [(way, name) for way, of in names.items() for name in of]
    plain = ["row", "title", "condition", "kernel", "machine", "cpus",
             "build", "emulated", "way", "of", "total", "per", *FIGURES,
             "unaccounted"]
    out = csv.writer(file, lineterminator="\n")
    out.writerow(plain + [f"{way}/{name.replace(' ', '_')}_max_ns"
                          for way, name in stages] +
                 ["sent", "steered", "reason"])
    for line in lines:
        top = {(line["way"], stage["stage"]): stage["max_ns"]
               for stage in line.get("stages", [])}
        out.writerow([line.get(key) for key in plain] +
                     [top.get(stage) for stage in stages] +
                     ["; ".join(line["sent"]), "; ".join(line["steered"]),
                      line.get("reason")])


def is_of(folder, row, build):
    """Figures of different modules are not one table."""
    facts = read(folder, row, "row").splitlines()
    return bool(facts) and f"build={build}" in facts


def main(folder, build, names):
    """Read, write the three, show one."""
    there = [name for name in sorted(os.listdir(folder))
             if read(folder, name, "row")]
    rows = [name for name in there if is_of(folder, name, build)]
    rows.sort(key=lambda name: names.index(name) if name in names
              else len(names))
    others = [name for name in there if name not in rows]
    lines = [line for row in rows for line in measurements(folder, row)]
    text = "\n".join(text_of(lines)) + "\n"
    if others:
        text += "\nleft out, as another build of the module measured them: " \
            + ", ".join(others) + "\n"
    with open(os.path.join(folder, "table.txt"), "w",
              encoding="utf-8") as file:
        file.write(text)
    with open(os.path.join(folder, "table.csv"), "w",
              encoding="utf-8") as file:
        write_csv(lines, file)
    with open(os.path.join(folder, "table.json"), "w",
              encoding="utf-8") as file:
        json.dump({"schema": 1, "note": EMULATED.replace("\n", " "),
                   "lines": lines}, file, indent="\t")
        file.write("\n")
    print(text, end="")
    if not any("count" in line for line in lines):
        sys.exit("table: nothing was measured")


main(sys.argv[1], sys.argv[2], sys.argv[3:])
