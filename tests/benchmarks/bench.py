#!/usr/bin/env python3
"""Measures plimsoll beside its floors and its peers, in one run, on this machine.

Prints medians of user+system time, wall time, peak memory and system calls. It never fails a build: figures are for
people, and counters that must not drift are tests.

    tests/benchmarks/bench.py BUILD_DIR [--runs N] [--quick]
"""

import argparse
import glob
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import dnf_lists

LAUNCHER = ""
SOURCE = pathlib.Path(__file__).resolve().parents[2]
# What costs as much as there is to look at, and is measured by itself: the walk, and the lists of all packages.
LARGE = re.compile(r"^ *(?:- )?probe: (?:tree|privileged_program)$|\bprobe: apt\.update\b", re.M)


def rows_without_walk():
    """Which recommendations of cis-debian-12 need neither a walk of the file system nor package lists: as few numbers
    as name just these."""
    walking = set()
    for path in pathlib.Path(SOURCE, "checks").rglob("*.yaml"):
        for text in re.split(r"^- id: ", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
            if LARGE.search(text):
                walking.add(text.split(None, 1)[0])
    rows = re.findall(r'^  - \{ id: "([\d.]+)".*?(?:checks: \[(.*?)\]|\}$)',
                      pathlib.Path(SOURCE, "profiles/cis/debian-12-1.1.0.yaml").read_text(encoding="utf-8"), re.M)
    left_out = {number for number, checks in rows if walking & set(re.split(r", *", checks))}
    inner = {number.rsplit(".", depth)[0] for number in left_out for depth in range(1, number.count(".") + 1)}
    chosen = []
    for number, _ in rows:
        parts = number.split(".")
        prefixes = (".".join(parts[:count]) for count in range(1, len(parts) + 1))
        prefix = next((one for one in prefixes if one not in inner), number)
        if number not in left_out and prefix not in chosen:
            chosen.append(prefix)
    return chosen


def run_once(command, stdin=None):
    """One run: (user+sys seconds, wall seconds, peak KiB). Output is thrown away."""
    with tempfile.NamedTemporaryFile("r", suffix=".cost") as cost:
        subprocess.run([LAUNCHER, cost.name, stdin or "/dev/null", *command], check=True)
        user, system, wall, peak = (int(word) for word in cost.read().split())
    return (user + system) / 1e6, wall / 1e6, peak


def measure(name, command, runs, stdin=None):
    run_once(command, stdin)
    results = [run_once(command, stdin) for _ in range(runs)]
    cpu, wall, peak = (statistics.median(column) for column in zip(*results))
    print(f"{name:<46} {cpu * 1000:>10.2f} {wall * 1000:>10.2f} {peak / 1024:>9.1f}", flush=True)
    return {"cpu": cpu, "wall": wall, "peak": peak}


def question_of(call):
    """What a traced call wants to know, as tests/benchmarks/floor_read.cpp is asked it; None for other calls."""
    found = re.match(r'(\w+)\((?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)+)"(.*)', call)
    if not found:
        return None
    name, base, path, rest = found.groups()
    path = path if base is None else os.path.join(base, path)
    if name in ("open", "openat", "openat2"):
        if "O_PATH" in rest or re.search(r"\.so(\.|\b)", path):
            return None
        opened = re.search(r"= \d+<([^>]*)>$", rest)
        path = opened.group(1) if opened else path
        return ("l" if "O_DIRECTORY" in rest else "r"), path
    if name in ("statx", "newfstatat", "stat", "lstat"):
        return ("S" if "NOFOLLOW" in rest or name == "lstat" else "s"), path
    if name in ("readlink", "readlinkat"):
        return "t", path
    return ("x", path) if name == "getxattr" else None


def system_calls(command, stdin=None):
    """(all system calls, programs run besides the first, questions asked) of one run, by strace."""
    if not shutil.which("strace"):
        return None
    with tempfile.TemporaryDirectory() as directory:
        # One file for each thread: no call is torn in two lines.
        with open(stdin or "/dev/null", "rb") as source:
            subprocess.run(["strace", "-ff", "-y", "-qq", "-s", "4096", "-o", f"{directory}/trace", *command],
                           stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        calls, programs, questions = 0, -1, {}
        for name in sorted(glob.glob(f"{directory}/trace.*")):
            with open(name, encoding="utf-8", errors="replace") as trace:
                for call in trace:
                    if call.startswith(("+++", "---")):
                        continue
                    calls += 1
                    programs += call.startswith(("execve(", "execveat("))
                    question = question_of(call.rstrip("\n"))
                    if question:
                        questions[question] = True
    return calls, programs, [f"{kind} {path}" for kind, path in questions]


OSCAP_PROFILE = "xccdf_org.ssgproject.content_profile_anssi_np_nt28_high"
OSCAP_WALKING_RULE = "xccdf_org.ssgproject.content_rule_dir_perms_world_writable_sticky_bits"


def with_rule(content, profile, rule):
    """The content, with one more rule selected by a profile."""
    pattern = rf'(<([\w.:-]*)Profile id="{re.escape(profile)}".*?)(</\2Profile>)'
    return re.sub(pattern, rf'\1<\2select idref="{rule}" selected="true"/>\3', content, count=1, flags=re.S)


def measure_oscap():
    """oscap with Debian's own content, without and with a rule for which it walks the file system. It answers "not
    applicable" to everything on a release that the content does not name, so the content is copied without that
    condition, and only rules that come out pass or fail are counted."""
    contents = sorted(glob.glob("/usr/share/xml/scap/ssg/content/ssg-debian*-ds.xml"))
    if not shutil.which("oscap") or not contents:
        print("oscap with Debian's ssg content is not installed: not measured")
        return None
    with open(contents[-1], encoding="utf-8") as content:
        text = re.sub(r'<[\w.:-]*platform idref="cpe:/o:debian:[^"]*"/>', "", content.read())
    walking = with_rule(text, OSCAP_PROFILE, OSCAP_WALKING_RULE)
    return measure_oscap_with(text, "", 3), measure_oscap_with(walking, ", one of them by a walk", 1)


def measure_oscap_with(content, label, runs):
    with tempfile.NamedTemporaryFile("w", suffix=".xml", encoding="utf-8") as copy:
        copy.write(content)
        copy.flush()
        command = ["oscap", "xccdf", "eval", "--profile", OSCAP_PROFILE, copy.name]
        printed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        evaluated = len(re.findall(r"^Result\s+(?:pass|fail)", printed, re.M))
        figures = measure(f"oscap, {evaluated} rules truly evaluated{label}", command, runs)
    figures["rules"] = evaluated
    return figures


def truly_evaluated(audit):
    """How many checks of an audit come out pass or fail: what its cost is shared by."""
    done = subprocess.run([*audit, "--report", "json=-", "--fail-on", "never"], capture_output=True, check=False)
    if done.returncode not in (0, 3):  # 3: some checks could not be decided
        raise RuntimeError(f"the audit ended with {done.returncode}: {done.stderr.decode(errors='replace')}")
    printed = done.stdout
    return sum(check["verdict"] in ("pass", "fail") for check in json.loads(printed)["checks"])


def measure_catalog_of_user(plimsoll, runs):
    """(wall seconds, checks) of loading a catalog from YAML: the shipped checks as a user's own, who replaces them all."""
    with tempfile.TemporaryDirectory() as directory:
        shutil.copytree(SOURCE / "checks", pathlib.Path(directory, "checks"))
        command = [plimsoll, "list", "checks", "--ids", "--catalog", directory]
        count = len(subprocess.run(command, capture_output=True, check=True).stdout.splitlines())
        return measure(f"plimsoll list --ids, {count} checks from YAML", command, runs)["wall"], count


def measure_dnf_lists(plimsoll, runs):
    """The updates of a root of rpm packages, beside what unpacking its list alone costs."""
    with tempfile.TemporaryDirectory() as directory:
        packed, unpacked = dnf_lists.make(directory)
        audit = [plimsoll, "audit", "--root", directory, "--check", "dnf-updates-applied", "--fail-on", "never", "--quiet"]
        pending = measure(f"plimsoll, updates from a list of {unpacked >> 20} MiB", audit, runs)
        floor = measure("floor: gzip -dc of that list", ["gzip", "-dc", str(packed)], runs)
    return pending, floor


def measure_apt_lists(plimsoll, runs):
    """The updates that apt's lists on this machine tell, beside what reading the lists alone costs; empty without any."""
    lists = sorted(map(str, pathlib.Path("/var/lib/apt/lists").glob("*_Packages*")))
    helper = "/usr/lib/apt/apt-helper"
    if not lists or not os.access(helper, os.X_OK):
        print("there are no lists of apt: what they cost is not measured")
        return None
    audit = [plimsoll, "audit", "--check", "apt-updates-applied", "--fail-on", "never", "--quiet"]
    size = len(subprocess.run([helper, "cat-file", *lists], capture_output=True, check=True).stdout)
    pending = measure(f"plimsoll, updates from lists of {size >> 20} MiB", audit, runs)
    return pending, measure("floor: apt-helper cat-file of those lists", [helper, "cat-file", *lists], runs)


def ratio(label, value, target, unit="times"):
    kept = "kept" if value <= target else "MISSED"
    print(f"  {label:<66} {value:>8.2f} {unit:<6} target {target:g}: {kept}")


def at_least(label, value, target):
    kept = "kept" if value >= target else "MISSED"
    print(f"  {label:<66} {value:>8.2f} times  target at least {target:g}: {kept}")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("build", help="a build directory of the preset bench")
    options.add_argument("--runs", type=int, default=11)
    options.add_argument("--quick", action="store_true", help="leave out lynis, which takes a minute a run")
    arguments = options.parse_args()

    plimsoll = os.path.join(arguments.build, "engine/cli/plimsoll")
    floors = os.path.join(arguments.build, "tests/benchmarks")
    global LAUNCHER
    LAUNCHER = os.path.join(floors, "measure")
    runs = arguments.runs
    profile = ["--profile", "cis-debian-12", "--quiet"]
    sections = [word for part in rows_without_walk() for word in ("--section", part)]
    no_walk = [plimsoll, "audit", *profile, *sections]
    whole = [plimsoll, "audit", *profile]

    print(f"{os.cpu_count()} processors, {runs} runs each after one warm-up; medians\n")
    print(f"{'':<46} {'cpu ms':>10} {'wall ms':>10} {'peak MiB':>9}")

    hello = measure("static hello-world", [os.path.join(floors, "hello")], runs)
    version = measure("plimsoll --version", [plimsoll, "--version"], runs)
    shipped = measure("plimsoll list --ids (catalog loaded)", [plimsoll, "list", "checks", "--ids"], runs)
    from_yaml, count = measure_catalog_of_user(plimsoll, runs)
    audit = measure("plimsoll audit, without walk and package lists", no_walk, runs)

    traced = system_calls(no_walk)
    read_floor = None
    if traced:
        with tempfile.NamedTemporaryFile("w", suffix=".paths", delete=False) as paths:
            paths.write("\n".join(traced[2]) + "\n")
        floor_command = [os.path.join(floors, "floor_read")]
        read_floor = measure("floor: learns the same facts", floor_command, runs, stdin=paths.name)
        floor_calls = system_calls(floor_command, stdin=paths.name)
        os.unlink(paths.name)
    else:
        print("strace is not installed: the read floor and system calls are not measured")

    walk_runs = max(3, runs // 3)
    walking = measure("plimsoll audit, whole", whole, walk_runs)
    walk_only = [plimsoll, "audit", *profile, "--section", "7.1.11", "--section", "7.1.12", "--section", "7.1.13"]
    one_thread = measure("plimsoll audit, the walk alone, one thread", [*walk_only, "--jobs", "1"], walk_runs)
    two_threads = measure("plimsoll audit, the walk alone", walk_only, walk_runs)
    walk_floor = measure("floor: walks the same tree, one thread", [os.path.join(floors, "floor_walk"), "/"], walk_runs)
    find_suid = measure("find / -xdev -type f -perm /6000", ["find", "/", "-xdev", "-type", "f", "-perm", "/6000"],
                        walk_runs)
    all_four = ["find", "/", "-xdev", "(", "-type", "f", "-perm", "/6000", "-o", "-type", "f", "-perm", "-0002", "-o",
                "-type", "d", "-perm", "-0002", "!", "-perm", "-1000", "-o", "-nouser", "-o", "-nogroup", ")"]
    find_all = measure("find with all four predicates", all_four, max(3, walk_runs // 2))

    pending, unpacking = measure_dnf_lists(plimsoll, walk_runs)
    apt = measure_apt_lists(plimsoll, walk_runs)

    oscap = measure_oscap()
    lynis = None
    if not arguments.quick and shutil.which("lynis"):
        lynis = measure("lynis audit system", ["lynis", "audit", "system", "--quick", "--quiet", "--no-colors"], 1)
    elif not arguments.quick:
        print("lynis is not installed: not measured")

    print("\nAgainst the targets")
    ratio("--version against a static hello-world (wall)", version["wall"] / hello["wall"], 2.5)
    ratio("the shipped catalog, above --version (cpu)", (shipped["cpu"] - version["cpu"]) * 1000, 1, "ms")
    ratio("500 checks of a user's catalog (wall)", (from_yaml - version["wall"]) * 1000 * 500 / count, 100, "ms")
    if read_floor:
        ratio("audit without the walk against its floor (cpu)", audit["cpu"] / read_floor["cpu"], 3)
        ratio("audit without the walk against its floor (system calls)", traced[0] / floor_calls[0], 2)
        ratio("programs run", traced[1], 0, "")
    ratio("peak memory without the walk", audit["peak"] / 1024, 16, "MiB")
    ratio("peak memory with the walk", walking["peak"] / 1024, 24, "MiB")
    ratio("the walk on one thread against the floor walker (cpu)", one_thread["cpu"] / walk_floor["cpu"], 1.25)
    at_least("find for set-id files against the walk (wall)", find_suid["wall"] / two_threads["wall"], 2)
    at_least("find with all predicates against the walk (wall)", find_all["wall"] / two_threads["wall"], 8)
    if apt:
        ratio("updates from apt's lists against reading them (cpu)", apt[0]["cpu"] / apt[1]["cpu"], 2)
        ratio("peak memory with apt's lists", apt[0]["peak"] / 1024, 64, "MiB")
    ratio("updates from dnf's lists against unpacking them (cpu)", pending["cpu"] / unpacking["cpu"], 4)
    ratio("peak memory with dnf's lists", pending["peak"] / 1024, 64, "MiB")
    if oscap and oscap[0]["rules"]:
        for name, rules, command, cost, target in (("without the walk", oscap[0], no_walk, audit, 100),
                                                   ("with the walk", oscap[1], whole, walking, 80)):
            checks = truly_evaluated(command)
            at_least(f"oscap per rule against plimsoll per check, {name} of {checks} (cpu)",
                     (rules["cpu"] / rules["rules"]) / (cost["cpu"] / max(checks, 1)), target)
    if lynis:
        at_least("lynis against the audit without the walk (cpu)", lynis["cpu"] / audit["cpu"], 500)
    return 0


if __name__ == "__main__":
    sys.exit(main())
