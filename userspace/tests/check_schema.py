#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Check documents against a JSON schema: check_schema.py SCHEMA FILE..."""

import json
import sys

import jsonschema


def read(name):
    """A file."""
    with open(name, encoding="utf-8") as file:
        return json.load(file)


schema = read(sys.argv[1])
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
for argument in sys.argv[2:]:
    validator.validate(read(argument))

# A schema that takes anything would prove nothing.
spoils = {
    "comparison": [
        lambda document: document["figures"][1].pop("noise"),
        lambda document: document["figures"][1].update(verdict="worse"),
    ],
    "bound": [
        lambda document: document["fit"].pop("xi"),
        lambda document: document["tests"][0].update(holds="yes"),
        lambda document: document["tests"].pop(),
        lambda document: document["without_model"].pop("largest_ns"),
    ],
}
for spoil in spoils[read(sys.argv[2])["kind"]]:
    spoilt = read(sys.argv[2])
    spoil(spoilt)
    assert not validator.is_valid(spoilt)
