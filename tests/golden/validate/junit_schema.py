#!/usr/bin/env python3
"""The JUnit report is valid by both public schemas: junit_schema.py DIR"""
import pathlib
import shutil
import subprocess
import sys

import support

if shutil.which("xmllint") is None:
    support.skip("xmllint (libxml2-utils) is not installed")

report = pathlib.Path(sys.argv[1]) / "plimsoll.junit.xml"
found = support.Findings()
for name in ("junit/windyroad-JUnit.xsd", "junit/jenkins-junit-10.xsd"):
    command = ["xmllint", "--nonet", "--noout", "--schema", str(support.schema(name))]
    done = subprocess.run([*command, str(report)], capture_output=True, text=True, check=False)
    found.expect(done.returncode == 0, f"{name}: {done.stderr[:2000]}")
    broken = report.read_text(encoding="utf-8").replace("<testcase ", "<testcase no_such_attribute='1' ", 1)
    done = subprocess.run([*command, "-"], input=broken, capture_output=True, text=True, check=False)
    found.expect(done.returncode != 0, f"{name} accepts an unknown attribute")
found.finish()
