#!/usr/bin/env python3
"""What no schema sees: all formats tell the same results. agree.py DIR"""
import datetime
import pathlib
import sys
import unicodedata
import xml.etree.ElementTree as xml

import support

VERDICTS = ("pass", "fail", "manual", "not_applicable", "error")
SEVERITY_IDS = {"info": 1, "low": 2, "medium": 3, "high": 4, "critical": 5}
STATUS_IDS = {"pass": 1, "error": 2, "fail": 3, "manual": 99, "not_applicable": 99}

folder = pathlib.Path(sys.argv[1])
found = support.Findings()
results = support.results(folder)


def count(rows):
    totals = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in VERDICTS}
    return {**totals, "all": len(rows)}


def check_results():
    found.equal(next(iter(results)), "format_version", "the first key of results.json")
    rows = [row for profile in results["profiles"] for row in profile["recommendations"]]
    found.equal(results["totals"], count(rows), "totals")
    for profile in results["profiles"]:
        found.equal(profile["totals"], count(profile["recommendations"]), f"totals of {profile['id']}")
        for row in profile["recommendations"]:
            for check in row["checks"]:
                found.equal(results["checks"][check["index"]]["id"], check["id"], f"the check of row {row['id']}")
    for verdict in VERDICTS:
        found.expect(results["totals"][verdict] > 0, f"the fixed results hold no {verdict}")


def check_junit():
    suites = xml.parse(folder / "plimsoll.junit.xml").getroot()
    found.equal(len(suites), len(results["profiles"]), "number of suites")
    names = set()
    for suite, profile in zip(suites, results["profiles"]):
        totals = profile["totals"]
        cases = suite.findall("testcase")
        found.equal(int(suite.get("tests")), totals["all"], "tests")
        found.equal(len(cases), totals["all"], "test cases")
        found.equal(int(suite.get("failures")), totals["fail"], "failures")
        found.equal(int(suite.get("errors")), totals["error"], "errors")
        found.equal(int(suite.get("skipped")), totals["manual"] + totals["not_applicable"], "skipped")
        for case, row in zip(cases, profile["recommendations"]):
            what = f"test case {case.get('name')}"
            found.expect(case.get("name").startswith(f"[{row['id']}] "), f"{what} does not name {row['id']}")
            found.expect(case.get("name") not in names, f"{what} is there twice")
            names.add(case.get("name"))
            outcome = case[0] if len(case) else None
            message = "" if outcome is None else outcome.get("message")
            verdict = {None: "pass", "failure": "fail", "error": "error"}.get(outcome if outcome is None else outcome.tag)
            if verdict is None:
                verdict = "manual" if message.startswith("MANUAL: ") else "not_applicable"
            found.equal(verdict, row["verdict"], what)
            if verdict == "fail" and row["severity"]:
                found.equal(outcome.get("type"), row["severity"], f"severity of {what}")


def resolve(event, path):
    for part in path.replace("]", "").replace("[", ".").split("."):
        event = event[int(part)] if isinstance(event, list) else event[part]
    return event


def check_times(value, where):
    if isinstance(value, list):
        for item in value:
            check_times(item, where)
    if not isinstance(value, dict):
        return
    for key, item in value.items():
        check_times(item, f"{where}.{key}")
        if key + "_dt" in value:
            found.expect(10**12 < item < 10**14, f"{where}.{key} is not in milliseconds: {item}")
            moment = datetime.datetime.fromisoformat(value[key + "_dt"].replace("Z", "+00:00"))
            found.equal(round(moment.timestamp() * 1000), item, f"{where}.{key}_dt")


def expected_events():
    for profile in results["profiles"]:
        for row in profile["recommendations"]:
            for named in row["checks"]:
                check = results["checks"][named["index"]]
                verdict = check["verdict"]
                if row["assessment"] == "manual" and verdict == "pass":
                    verdict = "manual"
                for finding in check["findings"]:
                    yield profile, row, check, verdict, finding["id"], finding["resource"]
            if not row["checks"]:
                yield profile, row, None, row["verdict"], None, results["target"]["host_name"]


def check_ocsf(name, version):
    events = support.events(folder / name)
    expected = list(expected_events())
    found.equal(len(events), len(expected), f"number of events in {name}")
    for number, (event, (profile, row, check, verdict, uid, resource)) in enumerate(zip(events, expected), 1):
        what = f"{name}, event {number}"
        found.equal(event["metadata"]["version"], version, what)
        found.equal(event["metadata"]["sequence"], number, what)
        found.equal(event["compliance"]["control"], row["id"], what)
        found.expect(f"profile:{profile['id']}" in event["metadata"]["labels"], f"{what} names no profile")
        found.expect(f"recommendation_verdict:{row['verdict']}" in event["metadata"]["labels"], f"{what}: row's verdict")
        found.equal(event["status_code"], verdict, what)
        found.equal(event["compliance"]["status_id"], STATUS_IDS[verdict], what)
        severity = {"fail": check and check["severity"], "error": "low"}.get(verdict, "info")
        found.equal(event["severity_id"], SEVERITY_IDS[severity], what)
        found.equal(event["resources"][0]["name"], resource, what)
        if uid is not None:
            found.equal(event["finding_info"]["uid"], uid, what)
            found.equal(event["metadata"]["event_code"], check["id"], what)
        found.equal(event["time"], results["run"]["ended_ms"], what)
        check_times(event, what)
        for observable in event["observables"]:
            found.equal(resolve(event, observable["name"]), observable["value"], f"{what}, {observable['name']}")
    found.equal(len({event["metadata"]["uid"] for event in events}), len(events), f"distinct event ids in {name}")


def check_characters():
    """No file holds a raw character that acts on a terminal or reorders a page."""
    for path in sorted(folder.iterdir()):
        raw = {c for c in path.read_text(encoding="utf-8") if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")} - {"\n", "\t"}
        found.expect(not raw, f"{path.name} holds raw {sorted(hex(ord(c)) for c in raw)}")


check_results()
check_junit()
check_ocsf("plimsoll.ocsf.ndjson", "1.8.0")
check_ocsf("plimsoll.ocsf-1.6.0.ndjson", "1.6.0")
check_characters()
found.finish()
