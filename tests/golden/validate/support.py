"""What the validators share: where the schemas are, how to skip, how to complain."""
import json
import os
import pathlib
import sys

SKIPPED = 77  # ctest's SKIP_RETURN_CODE
ROOT = pathlib.Path(__file__).resolve().parents[3]


def skip(reason):
    print(f"SKIP: {reason}")
    sys.exit(SKIPPED)


def schema(name):
    """The path of a public schema. They are not part of this repository: PLIMSOLL_SCHEMAS names their folder."""
    folder = pathlib.Path(os.environ.get("PLIMSOLL_SCHEMAS", ROOT.parent / "shared" / "reference" / "schemas"))
    path = folder / name
    if not path.is_file():
        skip(f"{path} is not there; set PLIMSOLL_SCHEMAS to the folder that holds {name}")
    return path


def results(folder):
    return json.loads((folder / "plimsoll.results.json").read_text(encoding="utf-8"))


def events(path):
    text = path.read_text(encoding="utf-8")
    assert text.endswith("\n"), f"{path.name}: the last event has no line end"
    return [json.loads(line) for line in text.split("\n")[:-1]]


class Findings:
    """Collects complaints, so that one run shows all of them."""

    def __init__(self):
        self.count = 0
        self.checked = 0

    def expect(self, holds, text):
        self.checked += 1
        if not holds:
            self.count += 1
            print(text)

    def equal(self, actual, expected, what):
        self.expect(actual == expected, f"{what}: {actual!r}, expected {expected!r}")

    def finish(self):
        if self.checked == 0:
            sys.exit("nothing was checked")
        if self.count:
            sys.exit(f"{self.count} of {self.checked} expectations do not hold")
        print(f"{self.checked} expectations hold")
