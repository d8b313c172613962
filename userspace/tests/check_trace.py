#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Traces against the reports that they are of: check_trace.py TRACE REPORT ...

The rules are those of Chrome's "Trace Event Format": which keys an event of each phase
has, that slices of a thread lie within each other or apart, that each process and thread
has a name.  The flights have to be those of the report, to the nanosecond.
"""
import json
import sys
from decimal import Decimal

KEYS = {
    "M": {"args"},
    "X": {"cat", "ts", "dur", "args"},
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
        assert event["ph"] != "X" or event["dur"] >= 0
        assert event["ph"] != "i" or event["s"] == "t"
    for event in events:
        assert event["pid"] in processes, event
        assert event["name"] == "process_name" or \
            (event["pid"], event["tid"]) in threads, event


def slices_of(events):
    """By thread, in the order in which a viewer stacks them."""
    slices = {}
    for event in events:
        if event["ph"] == "X":
            slices.setdefault((event["pid"], event["tid"]), []).append(event)
    for thread in slices.values():
        thread.sort(key=lambda e: (e["ts"], -e["dur"]))
    return slices


def check_nesting(thread):
    """No slice reaches out of the one that it begins in."""
    stack = []
    for event in thread:
        end = event["ts"] + event["dur"]
        while stack and stack[-1] <= event["ts"]:
            stack.pop()
        assert not stack or end <= stack[-1], event
        stack.append(end)


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
            check_nesting(thread)
        check_flights(slices, report)


main()
