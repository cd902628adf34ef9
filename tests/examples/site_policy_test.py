#!/usr/bin/env python3
"""The example of a site's own policy, through the real program: site_policy_test.py PROGRAM DIRECTORY."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM, POLICY = sys.argv[1], pathlib.Path(sys.argv[2])


def plimsoll(*words):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=60, check=False)


class SitePolicy(unittest.TestCase):
    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="plimsoll-example-"))
        self.addCleanup(shutil.rmtree, self.scratch, True)

    def test_it_is_valid(self):
        run = plimsoll("validate", POLICY)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_a_misspelt_parameter_in_it_is_refused(self):
        copy = shutil.copytree(POLICY, self.scratch / "policy")
        profile = copy / "profiles" / "web-servers.yaml"
        profile.write_text(profile.read_text().replace("tries-few.limit", "tries-few.limmit"))
        run = plimsoll("validate", copy)
        self.assertEqual(run.returncode, 2, run.stdout + run.stderr)
        self.assertIn("did you mean `sshd-authentication-tries-few.limit`?", run.stdout + run.stderr)

    def test_its_limits_its_exclusions_and_its_own_check_reach_the_report(self):
        root = self.scratch / "root"
        (root / "etc/ssh").mkdir(parents=True)
        (root / "etc/os-release").write_text('ID=debian\nVERSION_ID="12"\n')
        (root / "etc/ssh/sshd_config").write_text("MaxAuthTries 4\n")
        (root / "var/lib/dpkg").mkdir(parents=True)
        (root / "var/lib/dpkg/status").write_text(
            "Package: openssh-server\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:9.2p1-2\n\n")
        (root / "srv/www").mkdir(parents=True)
        page = root / "srv/www/index.html"
        page.write_text("<title>example.org</title>\n")
        page.chmod(0o666)
        report = self.scratch / "results.json"
        run = plimsoll("audit", "--root", root, "--catalog", POLICY, "--profile", "example-web-servers",
                       "--report", f"json={report}")
        self.assertEqual(run.returncode, 1, run.stderr)
        text = report.read_text()
        json.loads(text)
        self.assertIn("these hosts serve web pages", text)
        self.assertIn("at most 3", text)
        self.assertIn("/srv/www/index.html", text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
