"""What the comparisons share: asking the program for the fields of a probe, views of a root that may be written to, and
a list of differences to fail with.

Environment: PLIMSOLL (the program) and ROOTS (a directory with debian-12 and debian-13), as scripts/integration sets them.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

RELEASES = ("debian-12", "debian-13")


class Unreadable(str):
    """A field, or a whole fact, that the program could not observe; the text is its reason."""


def skip(reason):
    print(reason)
    sys.exit(77)


def program():
    path = os.environ.get("PLIMSOLL", "")
    if not os.access(path, os.X_OK):
        sys.exit("PLIMSOLL does not name the program; run scripts/integration")
    return path


def need(*programs):
    missing = [name for name in programs if shutil.which(name) is None]
    if missing:
        skip(f"not installed: {', '.join(missing)}")


def need_root():
    if os.geteuid() != 0:
        skip("chroot and mounts need root")


def roots():
    """Release → root, of those that could be made; what is missing is said."""
    base = pathlib.Path(os.environ.get("ROOTS", ""))
    found = {}
    for release in RELEASES:
        if (base / release / "var/lib/dpkg/status").exists():
            found[release] = base / release
        else:
            print(f"no root of {release} under {base}")
    if not found:
        skip(f"no debootstrap root under {base}")
    return found


def in_own_mount_namespace():
    """Starts the test again where its mounts are seen by nobody else and vanish with it."""
    if os.environ.get("COMPARISON_NAMESPACE") != "own":
        need("unshare")
        os.environ["COMPARISON_NAMESPACE"] = "own"
        os.execvp("unshare", ["unshare", "--mount", "--", sys.executable, *sys.argv])


class Scratch:
    """`with Scratch(root) as view`: the same tree, to write to; an overlay, or a copy where the kernel has none."""

    def __init__(self, root):
        self.root = pathlib.Path(root).resolve()

    def __enter__(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="plimsoll-scratch-"))
        view, upper, work = (self.directory / name for name in ("view", "upper", "work"))
        for each in (view, upper, work):
            each.mkdir()
        upper.chmod(0o755)
        options = f"lowerdir={self.root},upperdir={upper},workdir={work}"
        words = ["mount", "-t", "overlay", "overlay", "-o", options, str(view)]
        self.mounted = subprocess.run(words, capture_output=True, check=False).returncode == 0
        if not self.mounted:
            subprocess.run(["cp", "-a", "--reflink=auto", f"{self.root}/.", str(view)], check=True)
        self.view = view
        return view

    def __exit__(self, *_):
        if self.mounted:
            subprocess.run(["umount", "--lazy", str(self.view)], check=True)
        shutil.rmtree(self.directory, ignore_errors=True)


def put(root, path, text, mode=0o644):
    """Writes a file of the root; folders on the way are made."""
    file = pathlib.Path(f"{root}{path}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(mode)
    return file


def run(*words, **more):
    """Runs another program to its end; nothing is asked of its exit status."""
    environment = {**os.environ, "LC_ALL": "C", "LANG": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    done = subprocess.run([str(word) for word in words], capture_output=True, env=environment, stdin=subprocess.DEVNULL,
                          check=False, **more)
    # Not text=True, which would take carriage returns for line ends.
    done.stdout = done.stdout.decode(errors="surrogateescape")
    done.stderr = done.stderr.decode(errors="surrogateescape")
    return done


def output(*words):
    """What another program prints; it must succeed."""
    done = run(*words)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, words))}: exit status {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def fields_of(probe):
    """The names of a probe's fields, in its order."""
    lines = output(program(), "probes", probe).split("\nFields:\n")[1].splitlines()
    return [line.split()[0] for line in lines if line.startswith("  ")]


def audit(*words, timeout=300):
    """Runs an audit: (exit status, results or None, standard error)."""
    done = subprocess.run([program(), "audit", "--report", "json=-", *map(str, words)], capture_output=True, text=True,
                          timeout=timeout, stdin=subprocess.DEVNULL, check=False)
    try:
        return done.returncode, json.loads(done.stdout), done.stderr
    except json.JSONDecodeError:
        return done.returncode, None, done.stderr


def value_of(evidence):
    if "error" in evidence:
        return Unreadable(evidence["error"]["what"])
    return {"not set": None, "(empty)": ""}.get(evidence["observed"], evidence["observed"])


def ask(questions, root="/"):
    """Answers, in order, to questions (probe, arguments, where, fields): each a map from field to text (lists are joined
    with ", "), None where absent, Unreadable where it could not be observed; a whole answer is Unreadable where the fact
    is, and None where there is no record."""
    checks = []
    for number, (probe, arguments, where, fields) in enumerate(questions):
        question = {"probe": probe, **arguments, **({"where": where} if where else {}), "show": list(fields)}
        checks.append({"id": f"question-{number}", "title": "A question", "severity": "info", "rationale": "Asked.",
                       "remediation": "None.", "check": question})
    with tempfile.TemporaryDirectory(prefix="plimsoll-questions-") as catalog:
        put(catalog, "/checks/questions.yaml", json.dumps(checks, indent=1))
        words = [word for check in checks for word in ("--check", check["id"])]
        status, results, complaint = audit("--catalog", catalog, "--root", root, *words)
    if results is None:
        raise SystemExit(f"plimsoll audit: exit status {status}: {complaint.strip()}")
    by_id = {check["id"]: check["evidence"] for check in results["checks"]}
    answers = []
    for check in checks:
        evidence = by_id[check["id"]]
        if any(not each["field"] and "error" in each for each in evidence):
            answers.append(Unreadable(evidence[0]["observed"]))
        else:
            answers.append({each["field"]: value_of(each) for each in evidence if each["field"]} or None)
    return answers


def records(probe, arguments, fields, root="/", where=None, partial=False):
    """Every record of a probe, each as a map like an answer of `ask`, in order of source; Unreadable where not all could
    be read, unless those that could be are asked for (`partial`)."""
    question = {"probe": probe, **arguments, **({"where": where} if where else {}), "show": list(fields)}
    check = {"id": "question", "title": "A question", "severity": "info", "rationale": "Asked.", "remediation": "None.",
             "check": question}
    with tempfile.TemporaryDirectory(prefix="plimsoll-questions-") as catalog:
        put(catalog, "/checks/questions.yaml", json.dumps([check], indent=1))
        status, results, complaint = audit("--catalog", catalog, "--root", root, "--check", "question")
    if results is None:
        raise SystemExit(f"plimsoll audit: exit status {status}: {complaint.strip()}")
    found = {}
    for each in results["checks"][0]["evidence"]:
        if not each["field"]:
            if "error" in each and not partial:
                return Unreadable(each["observed"])
            continue
        # Evidence does not say which record it is from: the n-th time that a field is told of one resource is the n-th.
        same = [key for key in found if key[0] == each["resource"] and each["field"] not in found[key]]
        key = same[0] if same else (each["resource"], len(found))
        found.setdefault(key, {})[each["field"]] = value_of(each)
    return list(found.values())


class Differences:
    """Counts what was compared and keeps what differed; `end` prints both and leaves with the test's exit status."""

    def __init__(self):
        self.compared = 0
        self.changes = 0  # states that a root was brought into and compared in
        self.lines = []

    def expect(self, what, ours, theirs):
        self.compared += 1
        if ours != theirs:
            def shown(value):
                return f"unreadable: {value}" if isinstance(value, Unreadable) else repr(value)
            self.lines.append(f"{what}:\n    plimsoll  {shown(ours)}\n    expected  {shown(theirs)}")

    def hold(self, what, truth, details=""):
        self.compared += 1
        if not truth:
            self.lines.append(f"{what}" + (f":\n    {details}" if details else ""))

    def end(self, at_least):
        """`at_least`: fewer comparisons than these mean that the test looked at the wrong place."""
        for line in self.lines:
            print(line)
        print(f"{self.compared} comparisons, {len(self.lines)} differences, {self.changes} state changes")
        if self.compared < at_least:
            print(f"that is fewer than the {at_least} that there must be")
        sys.exit(1 if self.lines or self.compared < at_least else 0)
