#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""grammar: what may be said to the family, as tables for requests.c.

Takes the specification, prints C.
"""
import sys

import yaml

KINDS = {"flag", "u8", "u32", "s32", "uint", "string", "nest"}


def ident(*words):
    return "_".join(words).upper().replace("-", "_")


def attribute(of, sets, a):
    if a["type"] not in KINDS:
        sys.exit(f"grammar: requests.c knows no type {a['type']}")
    nested = list(sets).index(a["nested-attributes"]) \
        if a["type"] == "nest" else 0
    return (f"\t{{ LATWATCH_A_{ident(of, a['name'])}, "
            f"KIND_{ident(a['type'])}, {nested} }},")


def main():
    with open(sys.argv[1], encoding="ascii") as file:
        spec = yaml.safe_load(file)
    sets = {s["name"]: s["attributes"] for s in spec["attribute-sets"]}

    for name, attributes in sets.items():
        print(f"static const struct attribute {name.replace('-', '_')}[] = {{")
        print(*(attribute(name, sets, a) for a in attributes), sep="\n")
        print("};\n")
    print("static const struct set sets[] = {")
    for name in sets:
        array = name.replace("-", "_")
        print(f"\t{{ {array}, COUNT({array}) }},")
    print("};\n")
    print("static const struct operation operations[] = {")
    for o in spec["operations"]["list"]:
        if "event" in o:
            continue
        request = (o.get("do") or o.get("dump")).get("request", {})
        asked = [ident("LATWATCH_A", o["attribute-set"], a)
                 for a in request.get("attributes", [])]
        reply = (o.get("do") or o.get("dump")).get("reply")
        print(f"\t{{ LATWATCH_CMD_{ident(o['name'])}, "
              f"{'true' if 'dump' in o else 'false'}, "
              f"{'true' if reply else 'false'}, "
              f"{list(sets).index(o['attribute-set'])}, "
              f"{{ {', '.join(asked)} }} }},")
    print("};")


main()
