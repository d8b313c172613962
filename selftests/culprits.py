#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Was the first culprit of a stage who came in between, and for as long?

culprits.py REPORT PATH STAGE KIND NAME NS [WITHIN...]: in the worst flight of the stage,
KIND (and NAME, "-": any) is first and took NS, within a twentieth; the stage took no
less, and not much more; WITHIN are the stages that it is a part of, all others of VMs
on that path took less than half of it. Nothing of the worst is unknown.
"""

import json
import sys

PART = 0.05
# what the stage takes by itself, at most, in the emulator
OWN_NS = 1000000


def rows(report, kind):
    """Those of the host and of each VM."""
    for owner in [report["host"]] + report["vms"]:
        yield from owner.get(kind, [])


def main():
    """Say what is not so."""
    name, path, stage, kind, who, spent = sys.argv[1:7]
    spent = int(spent)
    contain = sys.argv[7:] + [stage]
    with open(name, encoding="utf-8") as file:
        report = json.load(file)
    bad = []
    # those of the host are of all its NICs, whose threads may wait as well
    for row in (s for vm in report["vms"] for s in vm["stages"]):
        if row["path"] != path or not row["count"] or row["total"]:
            continue
        if row["stage"] not in contain and row["max_ns"] > spent / 2:
            bad.append(f"{row['stage']} took {row['max_ns']} ns, too")
    worst = [w for w in rows(report, "watermarks")
             if w["path"] == path and w["stage"] == stage]
    worst.sort(key=lambda w: w["value_ns"])
    if not worst:
        sys.exit(f"{stage} was not measured")
    worst = worst[-1]
    if not spent <= worst["value_ns"] <= spent * (1 + PART) + OWN_NS:
        bad.append(f"{stage} took {worst['value_ns']} ns, not {spent} and a little")
    culprits = sorted(worst.get("culprits", []), key=lambda c: -c["time_ns"])
    if not culprits:
        bad.append("nobody is named")
    elif (culprits[0]["kind"] != kind or who not in ("-", culprits[0]["name"]) or
          abs(culprits[0]["time_ns"] - spent) > PART * spent):
        bad.append(f"the first is {culprits[0]}")
    if worst.get("unknown_ns") != 0:
        bad.append(f"unknown: {worst.get('unknown_ns')}")
    told = sum(c["time_ns"] for c in culprits)
    print(f"{stage}: {worst['value_ns']} ns, {kind} {spent} ns, told {told} ns, own "
          f"{worst['value_ns'] - told} ns")
    for c in culprits:
        print(f"  {c['time_ns']:>10} {c['kind']} {c['name']} cpu{c['cpu']} mark {c['mark']}")
    if bad:
        sys.exit("; ".join(bad))


main()
