#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Make the tables of what "bench" measured: text and JSON.

bench.py FOLDER: FOLDER has KERNEL/PART/..., as the scripts named PART left it. A
figure that was not measured is absent; what could not be switched on says why.
"""

import collections
import json
import os
import re
import statistics
import sys

KERNELS = ("6.12-rt", "6.1-rt", "6.12", "6.1")
TITLES = {
    "nothing": "nothing",
    "empty": "probes that do nothing",
    "latwatch": "latwatch, tasks that it does not follow",
    "schedstats": "kernel.sched_schedstats=1 (sums only)",
    "osnoise": "osnoise's probes",
    "bpf": "BPF, the least that does it (wake.bpf.c)",
    "perf-stat": "perf stat, counting only",
    "bpftrace-empty": "bpftrace, empty actions",
    "ftrace": "ftrace's ring buffer, nobody reads",
    "runqlat": "runqlat of libbpf-tools",
    "bpftrace": "bpftrace, histogram and maximum",
    "ftrace-hist": "ftrace's histograms, synthetic event, onmax",
    "perf-record": "perf record",
}
# who takes part in a packet's way, by the names that the lab's tasks have
CLASSES = (
    ("irq thread", re.compile(r"irq/")),
    ("vhost", re.compile(r"vhost-")),
    ("vCPU", re.compile(r"CPU \d+/KVM")),
)
OTHERS = "other tasks"


def read(*path):
    """A file's text, or nothing."""
    try:
        with open(os.path.join(*path), encoding="utf-8",
                  errors="replace") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def rows_of(text):
    """Lines with tabs between."""
    return [line.split("\t") for line in text.splitlines() if line]


def machine_of(log):
    """What the lab says it ran."""
    found = re.search(r"^lab: \S+ \((\S+)\), (.*), (\d+) CPU", log, re.M)
    return {"kernel": found[1], "machine": found[2],
            "cpus": int(found[3])} if found else {}


def ruler(text):
    """What lwbench counted: {(tracepoint, class of task): Counter of numbers}."""
    counts = collections.defaultdict(collections.Counter)
    totals = collections.Counter()
    for row in rows_of(text):
        if len(row) < 8 or not row[2].isdigit():
            continue
        point, count, total, comm = row[0], int(row[2]), int(row[3]), row[7]
        key = (point, class_of(comm))
        counts[key].update({int(n): int(times) for n, times in
                            (pair.split(":") for pair in row[6].split())})
        totals[key] += total
        if sum(counts[key].values()) < count:
            raise ValueError(f"{point}: {count} events, fewer are counted")
    return counts, totals


def class_of(comm):
    """What a task is on a packet's way."""
    for name, pattern in CLASSES:
        if pattern.match(comm):
            return name
    return OTHERS


def usual(counter):
    """The most frequent number; of several, the smallest."""
    return min(counter, key=lambda n: (-counter[n], n))


def between(nothing, tool):
    """Instructions that a tool's probes take, per tracepoint and class of task.

    With nothing between, the ruler's own are the same for each event of a
    tracepoint, whoever it is about.
    """
    empty = collections.defaultdict(collections.Counter)
    for (point, _), counter in ruler(nothing)[0].items():
        empty[point].update(counter)
    counts, totals = ruler(tool)
    for (point, of), counter in sorted(counts.items()):
        if point not in empty:
            continue
        own = usual(empty[point])
        count = sum(counter.values())
        yield {"tracepoint": point, "of": of, "count": count,
               "min": min(counter) - own, "usual": usual(counter) - own,
               "mean": totals[point, of] / count - own,
               "max": max(counter) - own}


def wakes(lines):
    """A wake of each class: its sched_waking and the sched_switch to it."""
    parts = {(line["tracepoint"], line["of"]): line for line in lines}
    for of in [name for name, _ in CLASSES] + [OTHERS]:
        both = [parts.get((point, of))
                for point in ("sched_waking", "sched_switch")]
        if all(both):
            yield {"of": of, "waking": both[0]["usual"],
                   "switch": both[1]["usual"],
                   "per_event": (both[0]["usual"] + both[1]["usual"]) / 2}


def events_per_operation(text):
    """Of the pipe's tasks alone."""
    rows = rows_of(text)
    operations = [int(row[1]) for row in rows if row[0] == "operations"]
    events = sum(int(row[2]) for row in rows
                 if len(row) > 7 and row[7] == "sched-pipe")
    return events / operations[0] if operations and events else None


def events(folder):
    """The pipe's table: {tool: figures}."""
    rows = rows_of(read(folder, "events.tsv"))
    per_operation = events_per_operation(read(folder, "events.count"))
    runs = collections.defaultdict(list)
    tools = {}
    for tool, kind, value in rows:
        if kind == "absent":
            tools[tool] = {"reason": value}
        else:
            runs[tool].append(float(value) * 1000)
            tools.setdefault(tool, {})
    alone = runs.get("nothing")
    if not alone:
        return None
    base = statistics.median(alone)
    for tool, took in runs.items():
        tools[tool].update(runs=len(took),
                           per_operation=statistics.median(took),
                           spread=max(took) - min(took))
        if tool != "nothing" and per_operation:
            tools[tool]["per_event"] = \
                (statistics.median(took) - base) / per_operation
    lines = list(between(read(folder, "ruler.nothing"),
                         read(folder, "ruler.latwatch")))
    return {**machine_of(read(folder, "log")), "tools": tools,
            "events_per_operation": per_operation,
            "alone_per_operation": base,
            "alone_spread": max(alone) - min(alone),
            "probes": lines, "wakes": list(wakes(lines))}


def number(value, form=",.0f"):
    """As people read it."""
    return "-" if value is None else format(value, form)


def table_of(titles, rows, left=1):
    """Columns under each other, some of them to the left."""
    widths = [max(len(row[i]) for row in [titles] + rows)
              for i in range(len(titles))]
    for row in [titles] + rows:
        yield "  ".join(cell.ljust(width) if i < left else cell.rjust(width)
                        for i, (cell, width) in enumerate(zip(row, widths))
                        ).rstrip()


def events_text(parts):
    """The pipe's table, a column for each kernel."""
    yield "Wake-to-run latency with histogram and maximum: instructions per event"
    yield "of the scheduler, beyond those of the run alone (perf bench sched pipe)"
    yield ""
    kernels = [kernel for kernel in KERNELS if kernel in parts]
    rows = []
    for tool, title in TITLES.items():
        cells = [parts[kernel]["tools"].get(tool) for kernel in kernels]
        if tool != "nothing" and any(cells):
            rows.append([title] + [number((cell or {}).get("per_event"))
                                   for cell in cells])
    yield from table_of(["tool"] + kernels, rows)
    yield ""
    for kernel in kernels:
        part = parts[kernel]
        yield (f"  {kernel}: {part.get('kernel')}, {part.get('machine')}, "
               f"{part.get('cpus')} CPU; the run alone takes "
               f"{number(part['alone_per_operation'])} instructions per "
               "operation,")
        yield (f"    {number(part['events_per_operation'], '.2f')} events each; "
               f"the largest difference of {part['tools']['nothing']['runs']} "
               f"runs alone is {number(part['alone_spread'])} per operation")
        for tool, figures in part["tools"].items():
            if "reason" in figures:
                yield f"    {TITLES[tool]}: absent: {figures['reason']}"


def wakes_text(parts):
    """What latwatch takes for a wake, by who is woken."""
    yield "latwatch's probes of a wake, in instructions: the most frequent number"
    yield "(the ruler of lwbench.c: exact, without the call of the tracepoint)"
    yield ""
    rows = []
    for kernel in KERNELS:
        for line in parts.get(kernel, {}).get("wakes", []):
            rows.append([line["of"], kernel, number(line["waking"]),
                         number(line["switch"]),
                         number(line["per_event"], ".1f")])
    yield from table_of(["of", "kernel", "sched_waking", "sched_switch",
                         "per event"], sorted(rows), 2)


def probes_text(kernel, lines):
    """Every probe that was called, most expensive in all first."""
    yield f"latwatch's probes on {kernel}, in instructions"
    yield ""
    rows = [[line["tracepoint"], line["of"], number(line["count"]),
             number(line["min"]), number(line["usual"]),
             number(line["mean"], ",.1f"), number(line["max"])]
            for line in sorted(lines, key=lambda line: -line["mean"] *
                               line["count"])]
    yield from table_of(["tracepoint", "of", "events", "min", "usual", "mean",
                         "max"], rows, 2)


def text_of(parts, engine):
    """All tables."""
    if parts["events"]:
        yield from events_text(parts["events"])
        yield ""
        yield from wakes_text(parts["events"])
        for kernel, part in parts["events"].items():
            yield ""
            yield from probes_text(kernel, part["probes"])
    if engine:
        yield ""
        yield engine


def main(folder):
    """Read, write, show."""
    parts = {"events": {}}
    for kernel in KERNELS:
        found = events(os.path.join(folder, kernel, "events"))
        if found:
            parts["events"][kernel] = found
    engine = read(folder, "engine.txt").rstrip()
    text = "\n".join(text_of(parts, engine)) + "\n"
    with open(os.path.join(folder, "bench.txt"), "w",
              encoding="utf-8") as file:
        file.write(text)
    with open(os.path.join(folder, "bench.json"), "w",
              encoding="utf-8") as file:
        json.dump({"schema": 1, **parts, "engine": engine or None}, file,
                  indent="\t")
        file.write("\n")
    print(text, end="")
    if not any(parts.values()) and not engine:
        sys.exit("bench: nothing was measured")


main(sys.argv[1])
