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
spoilt = read(sys.argv[2])
del spoilt["figures"][1]["noise"]
assert not validator.is_valid(spoilt)
spoilt = read(sys.argv[2])
spoilt["figures"][1]["verdict"] = "worse"
assert not validator.is_valid(spoilt)
