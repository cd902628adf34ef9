#!/usr/bin/env python3
"""Every OCSF event is valid by the JSON Schema of its version: ocsf_schema.py DIR"""
import json
import pathlib
import sys

import support

try:
    import jsonschema
except ImportError:
    support.skip("python3-jsonschema is not installed")

folder = pathlib.Path(sys.argv[1])
found = support.Findings()
for version, name in (("1.8.0", "plimsoll.ocsf.ndjson"), ("1.6.0", "plimsoll.ocsf-1.6.0.ndjson")):
    schema = json.loads(support.schema(f"ocsf/compliance_finding-{version}.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    events = support.events(folder / name)
    found.expect(len(events) > 0, f"{name} holds no event")
    for number, event in enumerate(events, 1):
        errors = [f"{list(error.path)}: {error.message[:300]}" for error in validator.iter_errors(event)]
        found.expect(not errors, f"{name}, event {number}: {errors[:3]}")
    # A validator that accepts anything would prove nothing.
    broken = json.loads(json.dumps(events[0]))
    broken["compliance"]["no_such_attribute"] = 1
    found.expect(not validator.is_valid(broken), f"the schema of {version} accepts an unknown attribute")
found.finish()
