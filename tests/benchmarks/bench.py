#!/usr/bin/env python3
"""Measures plimsoll beside its floors and its peers, in one run, on this machine.

Prints medians of user+system time, wall time, peak memory and system calls. It never fails a build: figures are for
people, and counters that must not drift are tests.

    tests/benchmarks/bench.py BUILD_DIR [--runs N] [--quick]
"""

import argparse
import glob
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

PARTS_WITHOUT_WALK = ["1", "2", "3", "4", "5", "6", "7.2"] + [f"7.1.{n}" for n in range(1, 11)]


def run_once(command, stdin=None):
    """One run: (user+sys seconds, wall seconds, peak KiB). Output is thrown away."""
    source = open(stdin, "rb") if stdin else subprocess.DEVNULL
    start = time.perf_counter()
    process = subprocess.Popen(command, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = 0
    if stdin:
        source.close()
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss


def measure(name, command, runs, stdin=None):
    run_once(command, stdin)
    results = [run_once(command, stdin) for _ in range(runs)]
    cpu, wall, peak = (statistics.median(column) for column in zip(*results))
    print(f"{name:<46} {cpu * 1000:>10.2f} {wall * 1000:>10.2f} {peak / 1024:>9.1f}", flush=True)
    return {"cpu": cpu, "wall": wall, "peak": peak}


def system_calls(command, stdin=None):
    """(all system calls, programs run besides the first, opened paths) of one run, by strace."""
    if not shutil.which("strace"):
        return None
    with tempfile.NamedTemporaryFile(mode="r", suffix=".strace") as trace:
        source = open(stdin, "rb") if stdin else subprocess.DEVNULL
        subprocess.run(["strace", "-f", "-qq", "-s", "4096", "-o", trace.name, *command], stdin=source,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        calls, programs, opened = 0, -1, []
        for line in trace:
            call = re.sub(r"^\d+ +", "", line)
            if call.startswith(("<...", "+++", "---")):
                continue
            calls += 1
            if call.startswith(("execve(", "execveat(")):
                programs += 1
            found = re.match(r'open(?:at2?)?\((?:[^,"]+, )?"([^"]*)", (.*)= (\d+)', call)
            if found:
                path = found.group(1)
                path = path if path.startswith("/") else "/" + path
                opened.append(path.rstrip("/") + "/" if "O_DIRECTORY" in found.group(2) else path)
    return calls, programs, opened


def measure_oscap():
    """oscap with Debian's own content. It answers "not applicable" to everything on a release that the content does not
    name, so the content is copied without that condition, and only rules that come out pass or fail are counted."""
    contents = sorted(glob.glob("/usr/share/xml/scap/ssg/content/ssg-debian*-ds.xml"))
    if not shutil.which("oscap") or not contents:
        print("oscap with Debian's ssg content is not installed: not measured")
        return None
    with open(contents[-1], encoding="utf-8") as content:
        text = re.sub(r'<[\w.:-]*platform idref="cpe:/o:debian:[^"]*"/>', "", content.read())
    with tempfile.NamedTemporaryFile("w", suffix=".xml", encoding="utf-8") as copy:
        copy.write(text)
        copy.flush()
        profile = "xccdf_org.ssgproject.content_profile_anssi_np_nt28_high"
        command = ["oscap", "xccdf", "eval", "--profile", profile, copy.name]
        printed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        evaluated = len(re.findall(r"^Result\s+(?:pass|fail)", printed, re.M))
        figures = measure(f"oscap, {evaluated} rules truly evaluated", command, 3)
    figures["rules"] = evaluated
    return figures


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
    runs = arguments.runs
    profile = ["--profile", "cis-debian-12", "--quiet"]
    sections = [word for part in PARTS_WITHOUT_WALK for word in ("--section", part)]
    no_walk = [plimsoll, "audit", *profile, *sections]
    whole = [plimsoll, "audit", *profile]

    print(f"{os.cpu_count()} processors, {runs} runs each after one warm-up; medians\n")
    print(f"{'':<46} {'cpu ms':>10} {'wall ms':>10} {'peak MiB':>9}")

    hello = measure("static hello-world", [os.path.join(floors, "hello")], runs)
    version = measure("plimsoll --version", [plimsoll, "--version"], runs)
    measure("plimsoll list --ids (catalog loaded)", [plimsoll, "list", "checks", "--ids"], runs)
    audit = measure("plimsoll audit, without the walk", no_walk, runs)

    traced = system_calls(no_walk)
    read_floor = None
    if traced:
        with tempfile.NamedTemporaryFile("w", suffix=".paths", delete=False) as paths:
            paths.write("\n".join(traced[2]))
        floor_command = [os.path.join(floors, "floor_read")]
        read_floor = measure("floor: reads the same files", floor_command, runs, stdin=paths.name)
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

    oscap = measure_oscap()
    lynis = None
    if not arguments.quick and shutil.which("lynis"):
        lynis = measure("lynis audit system", ["lynis", "audit", "system", "--quick", "--quiet", "--no-colors"], 1)
    elif not arguments.quick:
        print("lynis is not installed: not measured")

    print("\nAgainst the targets")
    ratio("--version against a static hello-world (wall)", version["wall"] / hello["wall"], 2.5)
    if read_floor:
        ratio("audit without the walk against its floor (cpu)", audit["cpu"] / read_floor["cpu"], 3)
        ratio("audit without the walk against its floor (system calls)", traced[0] / floor_calls[0], 2)
        ratio("programs run", traced[1], 0, "")
    ratio("peak memory without the walk", audit["peak"] / 1024, 16, "MiB")
    ratio("peak memory with the walk", walking["peak"] / 1024, 24, "MiB")
    ratio("the walk on one thread against the floor walker (cpu)", one_thread["cpu"] / walk_floor["cpu"], 1.25)
    at_least("find for set-id files against the walk (wall)", find_suid["wall"] / two_threads["wall"], 2)
    at_least("find with all predicates against the walk (wall)", find_all["wall"] / two_threads["wall"], 8)
    if oscap and oscap["rules"]:
        rules = int(subprocess.run([plimsoll, "list", "checks", "--ids"], capture_output=True, text=True,
                                   check=False).stdout.count("\n"))
        at_least("oscap per rule against plimsoll per check (cpu)",
                 (oscap["cpu"] / oscap["rules"]) / (audit["cpu"] / max(rules, 1)), 100)
    if lynis:
        at_least("lynis against the audit without the walk (cpu)", lynis["cpu"] / audit["cpu"], 500)
    return 0


if __name__ == "__main__":
    sys.exit(main())
