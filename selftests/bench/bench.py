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
    "latwatch-off": "latwatch, loaded and switched off",
    "latwatch-self-cost": "latwatch, measuring its own cost as well",
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
WAY_TITLES = {
    "empty-all": "probes that do nothing, on latwatch's tracepoints",
    "latwatch": "latwatch",
    "latwatch-off": "latwatch, loaded and switched off",
    "trace-cmd": "trace-cmd record of the same events",
    "bpftrace-way": "bpftrace, the same breakdown (breakdown.bt)",
    "perf-way": "perf record of the same events",
}
DISTURB_TITLES = {
    "cyclictest": "cyclictest",
    "timerlat-irq": "timerlat, interrupt",
    "timerlat-thread": "timerlat, thread",
}
FLOODS = {"plain": "a flood", "fifo": "a flood by a sender of FIFO priority 10"}
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


def trips(folder, name):
    """Round trips in ns of all runs of a name; those that were lost are none."""
    found = {}
    for file in sorted(os.listdir(folder)):
        if re.fullmatch(re.escape(name) + r"\.\d+", file):
            words = read(folder, file).split()
            times = [int(word) for word in words if word.isdigit()]
            if times:
                found[int(file.rsplit(".", 1)[1])] = times
    return found


def medians(runs):
    """One for each run."""
    return {run: statistics.median(times) for run, times in runs.items()}


def compare(alone, with_tool):
    """Pairs A B A B: the ratio of each pair, and their median."""
    alone, with_tool = medians(alone), medians(with_tool)
    pairs = [with_tool[run] / alone[run] for run in sorted(with_tool)
             if run in alone]
    if not pairs:
        return {}
    return {"runs": len(pairs), "alone": statistics.median(alone.values()),
            "with": statistics.median(with_tool.values()),
            "ratio": statistics.median(pairs),
            "ratio_min": min(pairs), "ratio_max": max(pairs)}


def own_of(nothing, tool, count):
    """Instructions of a tool's probes per trip, and how many events that is."""
    lines = list(between(nothing, tool))
    return {"per_trip": sum(line["mean"] * line["count"] for line in lines) /
            count,
            "events_per_trip": sum(line["count"] for line in lines) / count}


def lost_latwatch(text):
    """By the ledger of the host, which has the VMs' packets too, and by kprobes
    that could not run.
    """
    report = json.loads(text)
    counts = collections.Counter()
    for entry in report["host"]["ledger"]["entries"]:
        counts[entry["category"]] += entry["count"]
    missed = sum(point.get("missed") or 0
                 for point in report["info"]["tracepoints"])
    return {"seen": counts["opened"], "lost": counts["lost"] + missed,
            "of": "packets"}


def lost_trace_cmd(text):
    """By the ring buffer's statistics."""
    stats = collections.Counter()
    for line in text.splitlines():
        name, _, value = line.partition(": ")
        if value.strip().isdigit():
            stats[name] += int(value)
    lost = sum(stats[name] for name in
               ("overrun", "commit overrun", "dropped events"))
    return {"seen": stats["entries"] + stats["read events"] + lost,
            "lost": lost, "of": "events"}


def lost_bpftrace(text):
    """Runs of its programs that the kernel skipped."""
    programs = [program for program in json.loads(text)
                if program["type"] == "tracepoint"]
    missed = sum(program.get("recursion_misses", 0) for program in programs)
    runs = sum(program.get("run_cnt", 0) for program in programs)
    return {"seen": runs + missed, "lost": missed, "of": "runs of programs"}


def lost_perf(text):
    """By its records, which perf script shows."""
    words = [line.split() for line in text.splitlines()]
    lost = sum(int(row[1]) for row in words if row[0] == "lost")
    seen = sum(int(row[1]) for row in words if row[0] == "events")
    return {"seen": seen + lost, "lost": lost, "of": "events"}


LOSSES = (("latwatch", "json", lost_latwatch),
          ("trace-cmd", "stats", lost_trace_cmd),
          ("bpftrace-way", "json", lost_bpftrace),
          ("perf-way", "lost", lost_perf))


def way(folder):
    """Round trips: {tool: figures}, and what each lost."""
    rows = rows_of(read(folder, "way.tsv"))
    if not rows:
        return None
    busy = collections.defaultdict(list)
    tools = {}
    for tool, kind, *values in rows:
        if kind == "absent":
            tools[tool] = {"reason": values[0]}
        else:
            busy[tool].append(int(values[0]) / int(values[1]))
    for tool in WAY_TITLES:
        figures = compare(trips(folder, tool + ".alone"),
                          trips(folder, tool + ".with"))
        if not figures:
            continue
        cpu = [busy[f"{tool}.{part}"] for part in ("alone", "with")]
        if all(cpu):
            figures["busy_alone"], figures["busy_with"] = \
                [statistics.median(times) for times in cpu]
        tools[tool] = figures
    before = medians(trips(folder, "before"))
    removed = medians({run: times for run, times in
                       trips(folder, "latwatch.alone").items() if run > 1})
    result = {**machine_of(read(folder, "log")), "tools": tools,
              "before": statistics.median(before.values()) if before else None}
    if before and removed:
        result["removed"] = {
            "before": result["before"],
            "after": statistics.median(removed.values()),
            "ratio": statistics.median(removed.values()) / result["before"]}
    texts = [read(folder, "ruler." + name) for name in ("nothing", "latwatch")]
    count = read(folder, "ruler.trips").strip()
    if all(texts) and count:
        result["probes"] = list(between(*texts))
        result["own"] = own_of(*texts, int(count))
        result["wakes"] = list(wakes(result["probes"]))
    result["floods"] = {}
    for kind in ("plain", "fifo"):
        for tool, suffix, parse in LOSSES:
            text = read(folder, f"flood.{kind}.{tool}.{suffix}")
            if text:
                result["floods"].setdefault(kind, {})[tool] = parse(text)
    return result


def counts_of(text):
    """"NUMBER HOW-OFTEN" lines."""
    return collections.Counter({int(row[0]): int(row[1]) for row in
                                (line.split() for line in text.splitlines())
                                if len(row) == 2})


def percentile(counts, percent):
    """The smallest number that so many percent of all do not exceed."""
    left = sum(counts.values()) * percent / 100
    for value in sorted(counts):
        left -= counts[value]
        if left <= 1e-9:
            return value
    return None


def latencies(folder, name):
    """The figures of each run: {run: {figure: ns}}."""
    return {int(file.rsplit(".", 1)[1]):
            {"p50": percentile(counts, 50), "p99.9": percentile(counts, 99.9),
             "max": max(counts)}
            for file in sorted(os.listdir(folder))
            if re.fullmatch(re.escape(name) + r"\.\d+", file)
            for counts in [counts_of(read(folder, file))] if counts}


def disturb(folder):
    """What a task of high priority saw: medians of runs, ratios of pairs."""
    if not os.path.isdir(folder):
        return None
    tests = {}
    for test in DISTURB_TITLES:
        alone, with_it = (latencies(folder, f"{test}.{part}")
                          for part in ("alone", "with"))
        pairs = sorted(set(alone) & set(with_it))
        if not pairs:
            continue
        tests[test] = {"runs": len(pairs), "alone": {}, "with": {},
                       "ratio": {}, "ratio_min": {}, "ratio_max": {}}
        for figure in ("p50", "p99.9", "max"):
            ratios = [with_it[run][figure] / alone[run][figure]
                      for run in pairs if alone[run][figure]]
            for part, runs in (("alone", alone), ("with", with_it)):
                tests[test][part][figure] = statistics.median(
                    runs[run][figure] for run in pairs)
            if ratios:
                tests[test]["ratio"][figure] = statistics.median(ratios)
                tests[test]["ratio_min"][figure] = min(ratios)
                tests[test]["ratio_max"][figure] = max(ratios)
    return {**machine_of(read(folder, "log")), "tests": tests}


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


def way_text(kernel, part):
    """Round trips and losses."""
    yield (f"NIC > bridge > tap > vhost > VM and back, {part.get('kernel')}: "
           "round trips of UDP datagrams, in instructions")
    yield ""
    rows = []
    for tool, title in WAY_TITLES.items():
        line = part["tools"].get(tool, {})
        if "ratio" not in line:
            continue
        cpu = "busy_alone" in line
        rows.append([title, number(line["alone"]), number(line["with"]),
                     number(line["with"] - line["alone"]),
                     f"{line['ratio']:.3f}",
                     f"{line['ratio_min']:.3f}-{line['ratio_max']:.3f}",
                     number(line["busy_with"] - line["busy_alone"])
                     if cpu else "-",
                     f"{line['busy_with'] / line['busy_alone']:.3f}"
                     if cpu else "-"])
    yield from table_of(["tool", "median alone", "with", "more", "ratio",
                         "of pairs", "CPU more", "CPU ratio"], rows)
    yield ""
    for tool, line in part["tools"].items():
        if "reason" in line:
            yield f"  {WAY_TITLES[tool]}: absent: {line['reason']}"
    if "removed" in part:
        removed = part["removed"]
        yield ("  latwatch loaded and removed again: "
               f"{number(removed['after'])} against "
               f"{number(removed['before'])} before, ratio "
               f"{removed['ratio']:.3f}")
    if "own" in part:
        own = part["own"]
        yield (f"  latwatch's probes alone, by the ruler: "
               f"{number(own['per_trip'])} instructions in "
               f"{number(own['events_per_trip'], '.1f')} events per round trip")
    for kind, losses in part["floods"].items():
        yield ""
        yield f"lost at {FLOODS[kind]}"
        yield from table_of(
            ["tool", "of", "there were", "lost", "%"],
            [[WAY_TITLES[tool], line["of"], number(line["seen"]),
              number(line["lost"]),
              number(100 * line["lost"] / line["seen"]
                     if line["seen"] else None, ".2f")]
             for tool, line in losses.items()], 2)
    if "wakes" in part:
        yield ""
        yield from wakes_text({kernel: part})
        yield ""
        yield from probes_text(kernel, part["probes"])


def disturb_text(kernel, part):
    """Latencies of others."""
    yield (f"Latency of a task of priority 95 beside traffic to a VM on {kernel},"
           " in ns, without latwatch and with it")
    yield ""
    rows = []
    for test, line in part["tests"].items():
        for figure, ratio in line["ratio"].items():
            rows.append([DISTURB_TITLES[test], figure,
                         number(line["alone"][figure]),
                         number(line["with"][figure]), f"{ratio:.3f}",
                         f"{line['ratio_min'][figure]:.3f}-"
                         f"{line['ratio_max'][figure]:.3f}"])
    yield from table_of(["of", "figure", "without", "with", "ratio",
                         "of pairs"], rows, 2)


def text_of(parts, engine):
    """All tables."""
    if parts["events"]:
        yield from events_text(parts["events"])
        yield ""
        yield from wakes_text(parts["events"])
        for kernel, part in parts["events"].items():
            yield ""
            yield from probes_text(kernel, part["probes"])
    for kernel, part in parts["way"].items():
        yield ""
        yield from way_text(kernel, part)
    for kernel, part in parts["disturb"].items():
        yield ""
        yield from disturb_text(kernel, part)
    if engine:
        yield ""
        yield engine


def main(folder):
    """Read, write, show."""
    parts = {"events": {}, "way": {}, "disturb": {}}
    for kernel in KERNELS:
        for part, measured in (("events", events), ("way", way),
                               ("disturb", disturb)):
            found = measured(os.path.join(folder, kernel, part))
            if found:
                parts[part][kernel] = found
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
