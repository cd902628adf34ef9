#!/usr/bin/env python3
"""Renders golden files and compares them with the approved ones.

golden.py render DIR COMMAND…     empties DIR and runs COMMAND… DIR
golden.py compare DIR APPROVED    each file of DIR must equal its namesake in APPROVED, and none may be missing;
                                  with PLIMSOLL_APPROVE=1 APPROVED becomes a copy of DIR instead
"""
import difflib
import os
import pathlib
import shutil
import subprocess
import sys


def files_below(folder):
    return {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}


def render(folder, command):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    subprocess.run([*command, str(folder)], check=True)
    if not files_below(folder):
        sys.exit(f"{command[0]} wrote nothing into {folder}")


def show_difference(name, approved, rendered):
    before = approved.decode("utf-8", "backslashreplace").splitlines()
    after = rendered.decode("utf-8", "backslashreplace").splitlines()
    lines = list(difflib.unified_diff(before, after, f"approved/{name}", f"rendered/{name}", lineterm="", n=1))
    for line in lines[:60]:
        print(line[:400])
    if len(lines) > 60:
        print(f"… {len(lines) - 60} more lines of difference")


def approve(rendered, approved):
    for name, path in files_below(approved).items():
        if name not in rendered:
            path.unlink()
            print(f"removed {path}")
    for name, path in rendered.items():
        target = approved / name
        if target.is_file() and target.read_bytes() == path.read_bytes():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        print(f"approved {target}")


def compare(folder, approved):
    rendered = files_below(folder)
    if not rendered:
        sys.exit(f"nothing was rendered into {folder}")
    if os.environ.get("PLIMSOLL_APPROVE") == "1":
        approve(rendered, approved)
        return
    known = files_below(approved)
    good = True
    for name in sorted(rendered.keys() | known.keys()):
        if name not in known:
            print(f"{name} is new and was never approved")
        elif name not in rendered:
            print(f"{name} is approved but was not rendered")
        elif rendered[name].read_bytes() == known[name].read_bytes():
            continue
        else:
            show_difference(name, known[name].read_bytes(), rendered[name].read_bytes())
        good = False
    if not good:
        sys.exit("If the difference is meant: scripts/approve, then review it like code.")


def main():
    verb, folder, *rest = sys.argv[1:]
    if verb == "render":
        render(pathlib.Path(folder), rest)
    elif verb == "compare":
        compare(pathlib.Path(folder), pathlib.Path(rest[0]))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
