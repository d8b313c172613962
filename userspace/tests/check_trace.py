#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Traces against the reports that they are of: check_trace.py TRACE REPORT ...

The rules are those of Chrome's "Trace Event Format": which keys an event of each phase
has, that each slice of a thread ends within the one that it began in, that each process
and thread has a name.  The flights have to be those of the report, to the nanosecond.
"""
import json
import sys
from decimal import Decimal

KEYS = {
    "M": {"args"},
    "B": {"cat", "ts", "args"},
    "E": {"cat", "ts"},
    "i": {"cat", "ts", "s", "args"},
}


def check_events(events):
    """Each event by itself; what has a name."""
    processes, threads = set(), set()
    for event in events:
        assert set(event) == {"ph", "name", "pid", "tid"} | KEYS[event["ph"]], event
        assert isinstance(event["name"], str) and event["name"]
        if event["ph"] != "M":
            assert isinstance(event["ts"], Decimal) and event["ts"] >= 0
        elif event["name"] == "process_name":
            processes.add(event["pid"])
        elif event["name"] == "thread_name":
            threads.add((event["pid"], event["tid"]))
        assert event["ph"] != "i" or event["s"] == "t"
    for event in events:
        assert event["pid"] in processes, event
        assert event["name"] == "process_name" or \
            (event["pid"], event["tid"]) in threads, event


def slices_of(events):
    """By thread, in the order of their begin; each end is that of the last begin."""
    slices, stacks = {}, {}
    for event in events:
        thread = (event["pid"], event["tid"])
        stack = stacks.setdefault(thread, [])
        if event["ph"] == "B":
            assert not stack or event["ts"] >= stack[-1]["ts"], event
            stack.append(event)
            slices.setdefault(thread, []).append(event)
        elif event["ph"] == "E":
            begin = stack.pop()
            assert begin["name"] == event["name"], event
            begin["dur"] = event["ts"] - begin["ts"]
            assert begin["dur"] >= 0, event
    assert not any(stacks.values())
    return slices


def check_spans(thread):
    """Stages follow each other or lie in one another, and are as long as they say."""
    for event in thread:
        said = Decimal(event["args"]["us"].replace(",", ""))
        assert event is thread[0] or said == event["dur"], event
    for one, other in zip(thread[1:], thread[2:]):
        assert other["ts"] >= one["ts"] + one["dur"] or \
            other["ts"] + other["dur"] <= one["ts"] + one["dur"], other


def check_flights(slices, report):
    """The first slice of a thread is the flight; each watermark has one."""
    seen = sorted((e[0]["args"]["stage"], e[0]["args"]["us"], len(e) - 1)
                  for e in slices.values())
    owners = [report["host"]] + report["vms"]
    totals = {s["id"] for o in owners for s in o["stages"] if s["total"]}
    marks = [w for o in owners for w in o["watermarks"]]
    assert seen or not marks
    us = {w["stage"]: set() for w in marks}
    for mark in marks:
        us[mark["stage"]].add("{:,.3f}".format(Decimal(mark["value_ns"]) / 1000))
    for stage, value, _ in seen:
        assert value in us[stage], (stage, value)
    for mark in marks:
        if mark["id"] not in totals or mark["time_ns"] is None:
            continue
        value = Decimal(mark["value_ns"]) / 1000
        ends = [e[0] for e in slices.values() if e[0]["args"]["stage"] == mark["stage"]
                and e[0]["ts"] + e[0]["dur"] == Decimal(mark["time_ns"]) / 1000]
        assert ends, mark["stage"]
        assert any(e["dur"] == value for e in ends) or not mark["marks"], mark["stage"]


def main():
    """Pairs of files."""
    for trace_name, report_name in zip(sys.argv[1::2], sys.argv[2::2]):
        with open(trace_name, encoding="utf-8") as file:
            trace = json.load(file, parse_float=Decimal)
        with open(report_name, encoding="utf-8") as file:
            report = json.load(file)
        assert trace["displayTimeUnit"] == "ns"
        check_events(trace["traceEvents"])
        slices = slices_of(trace["traceEvents"])
        for thread in slices.values():
            check_spans(thread)
        check_flights(slices, report)


main()
