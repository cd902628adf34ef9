"""What the command-line tests share: the program, a small audited root, and a catalog of known verdicts."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

PROGRAM = None  # set by cli_test.py

CHECKS = """\
- id: zz-motd-private
  title: The message of the day is for root only
  severity: medium
  rationale: A rationale.
  remediation: Run chmod 0600.
  check: { probe: file, path: /etc/motd, every: { mode: { mode_within: "0600" } } }

- id: zz-issue-there
  title: There is an issue file
  severity: low
  rationale: A rationale.
  remediation: Write one.
  check: { probe: file, path: /etc/issue, every: { exists: true } }

- id: zz-passwd-there
  title: There is a table of accounts
  severity: high
  rationale: A rationale.
  remediation: Restore it.
  parameters: { wanted: { type: boolean, default: true } }
  check: { probe: file, path: /etc/passwd, every: { exists: $wanted } }

- id: zz-forwarding-off
  title: The host does not route packets
  severity: high
  rationale: A rationale.
  remediation: Turn it off.
  check: { probe: sysctl, name: net.ipv4.ip_forward, every: { runtime: 0 } }
"""

PROFILE = """\
profile: zz-policy
title: A policy for tests
version: "1"
recommendations:
  - { id: "1.1", level: 1, checks: [zz-motd-private] }
  - { id: "1.2", level: 1, checks: [zz-passwd-there] }
  - { id: "2.1", level: 2, checks: [zz-issue-there] }
  - { id: "2.2", level: 2, checks: [zz-forwarding-off] }
"""


class World(unittest.TestCase):
    """A root to audit in which zz-passwd-there holds, zz-motd-private (medium) and zz-issue-there (low) do not, and
    zz-forwarding-off cannot be decided, since no kernel runs under it."""

    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="plimsoll-cli-"))
        self.addCleanup(shutil.rmtree, self.scratch, True)
        self.scratch.chmod(0o755)
        self.root = self.scratch / "root"
        self.put("root/etc/os-release", 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n')
        self.put("root/etc/hostname", "test-host\n")
        self.put("root/etc/passwd", "root:x:0:0:root:/root:/bin/bash\n")
        self.put("root/etc/motd", "hello\n")
        self.put("catalog/checks/test.yaml", CHECKS)
        self.put("catalog/profiles/test.yaml", PROFILE)
        self.out = self.scratch / "out"
        self.out.mkdir()

    def put(self, name, text):
        path = self.scratch / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o644)
        return path

    def plimsoll(self, *words, status=0, program=None, env=None, **more):
        """Runs the program and checks its exit status; standard output and error are in the answer."""
        environment = {"PATH": os.environ["PATH"], "TERM": "xterm", **(env or {})}
        environment.update({k: v for k, v in os.environ.items() if k.startswith(("ASAN_", "UBSAN_", "TSAN_", "LSAN_"))})
        more.setdefault("cwd", self.out)
        if "stdout" not in more:
            more["stdout"] = subprocess.PIPE
        done = subprocess.run([str(program or PROGRAM), *map(str, words)], stdin=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True, env=environment, timeout=120, **more)
        self.assertEqual(done.returncode, status, f"{words}\n{done.stdout}\n{done.stderr}")
        return done

    def audit(self, *words, status=1, **more):
        return self.plimsoll("audit", "--root", self.root, "--catalog", self.scratch / "catalog", *words, status=status,
                             **more)

    def policy(self, *words, **more):
        return self.audit("--profile", "zz-policy", *words, **more)

    def names_in(self, folder):
        return sorted(path.name for path in folder.iterdir())

    def unprivileged(self):
        """A copy of the program that everyone may run, and the arguments of subprocess that make it run as nobody."""
        copy = self.scratch / "plimsoll"
        if not copy.exists():
            shutil.copy(PROGRAM, copy)
            copy.chmod(0o755)
        return {"program": copy, **({"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {})}
