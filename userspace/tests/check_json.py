#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Check that reports are JSON of the schema that a reader may rely on."""

import json
import sys

# Figures without a unit in their key: counts, names of things, yes and no.
PLAIN = {
    "schema", "epoch", "size", "used", "id", "place", "count", "cpu", "irq", "batch", "breaches",
    "pid", "policy", "kernel_prio", "vcpus", "backends", "workers", "opened",
    "delivered", "merged", "suppressed", "dropped", "elsewhere", "lost",
    "in_flight", "gap", "unaccounted", "missed", "calls", "from", "to", "or_to",
    "within", "vm", "mark", "flights",
}

PATHS = ("rx", "tx", "local", "reader", "device", "other")
HEADS = ("delivered", "merged", "suppressed", "dropped", "elsewhere", "lost",
         "in_flight")


def walk(value, path):
    """Every number is whole or a time, and its key says what it is."""
    if isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, (int, float)) and not isinstance(item, bool):
                unit = key.rsplit("_", 1)[-1]
                assert key in PLAIN or unit in ("ns", "ns2", "bytes"), \
                    f"{path}: no unit in {key}"
            walk(item, f"{path}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            walk(item, f"{path}[{index}]")


def check_ledger(ledger):
    """Each path's books add up, and those outside of paths are rx's."""
    for path, books in ledger["paths"].items():
        assert path in PATHS
        if books["gap"] is None:
            continue
        rest = sum(books[head] or 0 for head in HEADS)
        assert books["opened"] - rest == books["gap"], path
        assert books["unaccounted"] == (books["lost"] or 0) + abs(books["gap"])
    for key, value in ledger["paths"]["rx"].items():
        assert ledger[key] == value, key


def check(name):
    """One report."""
    with open(name, encoding="utf-8") as file:
        report = json.load(file)
    assert report["schema"] == 1
    walk(report, name)
    owners = [report["host"]] + report["vms"]
    for owner in owners:
        assert "ledger" in owner
        for stage in owner["stages"]:
            total = sum(bucket["count"] for bucket in stage["buckets"])
            assert total == (stage["count"] or 0), stage["stage"]
            if not stage["count"]:
                assert stage["max_ns"] is None and stage["avg_ns"] is None
            assert stage["path"] in PATHS
        check_ledger(owner["ledger"])
        for worst in owner["watermarks"]:
            if worst.get("residual_ns") is not None:
                assert worst["sum_ns"] + worst["residual_ns"] \
                    == worst["value_ns"], worst["stage"]
            # what came in between and the stage's own are all of it
            met = sum(c["time_ns"] for c in worst.get("culprits", []))
            assert met + worst.get("unknown_ns", 0) <= worst["value_ns"]
        for ranking in owner.get("rankings", []):
            met = sum(c["time_ns"] for c in ranking["culprits"])
            assert met + ranking["unknown_ns"] <= ranking["sum_ns"]
            for culprit in ranking["culprits"]:
                assert culprit["worst_ns"] <= culprit["time_ns"]
                assert culprit["flights"] <= ranking["flights"]
    for cost in report["costs"]:
        assert 0 < cost["calls"]
        assert cost["total_ns"] <= cost["calls"] * cost["worst_ns"]


for argument in sys.argv[1:]:
    check(argument)
