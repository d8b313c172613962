#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""A recording, made up from one report: make_recording.py REPORT > RECORDING

Forty reports, a second apart.  In each second every stage is passed once, by turns in
each of its buckets; twice, in the 13th and in the 29th, the longest of all comes, and
after the 20th there is a reset.
"""
import copy
import json
import sys

SECONDS, RESET, RISES = 40, 20, (13, 29)


def add(stage, low, high, value):
    """One more in a bucket."""
    for bucket in stage["buckets"]:
        if bucket["low_ns"] == low:
            bucket["count"] += 1
            break
    else:
        stage["buckets"].append({"low_ns": low, "high_ns": high, "count": 1})
        stage["buckets"].sort(key=lambda b: b["low_ns"])
    stage["count"] += 1
    stage["sum_ns"] += value
    stage["sumsq_ns2"] += value * value
    stage["max_ns"] = max(stage["max_ns"], value)


def main():
    """One line each."""
    with open(sys.argv[1], encoding="utf-8") as file:
        report = json.load(file)
    fresh = copy.deepcopy(report)
    for second in range(SECONDS):
        if second == RESET:
            report = copy.deepcopy(fresh)
            report["info"]["epoch"] += 1
        report["info"]["now_ns"] = fresh["info"]["now_ns"] + second * 10 ** 9
        for owner in [report["host"]] + report["vms"]:
            for stage in owner["stages"]:
                if not stage["buckets"]:
                    continue
                if second in RISES:
                    value = stage["max_ns"] * 2
                    add(stage, value, value + value // 16, value)
                else:
                    bucket = stage["buckets"][second % (len(stage["buckets"]) - 1)]
                    add(stage, bucket["low_ns"], bucket["high_ns"], bucket["low_ns"])
        print(json.dumps(report))


main()
