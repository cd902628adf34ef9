#!/usr/bin/env python3
"""Command-line tests through the real program: cli_test.py PROGRAM [CLASS…]. Needs no root and no network."""
import fcntl
import json
import os
import pathlib
import pty
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
import unittest
import xml.etree.ElementTree

import world
from world import World


class Usage(World):
    """Version, help, wrong usage."""

    def test_version_is_one_line_however_it_is_asked(self):
        for word in ("version", "--version", "-V"):
            self.assertRegex(self.plimsoll(word).stdout, r"\Aplimsoll [0-9]+\.[0-9]+\.[0-9]+\n\Z")

    def test_alone_it_says_what_to_do_next(self):
        text = self.plimsoll().stdout
        self.assertIn("Start with `plimsoll audit`", text)
        self.assertEqual(text, self.plimsoll("--help").stdout)
        self.assertEqual(text, self.plimsoll("help").stdout)

    def test_every_subcommand_of_the_overview_has_help(self):
        commands = re.findall(r"^  ([a-z]+) {2,}", self.plimsoll().stdout, re.M)
        self.assertGreaterEqual(len(commands), 7)
        for command in commands:
            self.assertEqual(self.plimsoll(command, "--help").stdout, self.plimsoll("help", command).stdout)

    def test_help_of_audit_names_every_report_format(self):
        text = self.plimsoll("audit", "--help").stdout
        for name in self.plimsoll("list", "formats", "--ids").stdout.split():
            self.assertRegex(text, rf"(?m)^  {name} ")

    def test_wrong_usage_is_status_2_with_the_way_out(self):
        for words, complaint in [
            (["adit"], "plimsoll: unknown subcommand `adit`; did you mean `audit`?\nTry `plimsoll --help`.\n"),
            (["audit", "--levl", "1"], "plimsoll audit: unknown option `--levl`; did you mean `--level`?\n"
                                        "Try `plimsoll audit --help`.\n"),
            (["audit", "--level", "x"], "--level: `x` is no whole number"),
            (["audit", "--report", "jsn"], "did you mean `json`?"),
            (["audit", "--ocsf-version", "2"], "is none of 1.8.0, 1.6.0"),
            (["audit", "--check", "no-such-check-at-all"], "no-such-check-at-all"),
            (["audit", "--profile", "no-such-profile-at-all"], "no-such-profile-at-all"),
            (["audit", "--check", "x", "--level", "1"], "name one with --profile"),
            (["help", "adit"], "did you mean `audit`?"),
            (["explain", "no-such-thing-at-all"], "nothing is named `no-such-thing-at-all`"),
            (["probes", "sysctll"], "did you mean `sysctl`?"),
            (["list", "checks", "--profile", "no-such-profile"], "no profile is named `no-such-profile`"),
        ]:
            with self.subTest(words):
                done = self.plimsoll(*words, status=2)
                self.assertIn(complaint, done.stderr)
                self.assertEqual(done.stdout, "")

    def test_complaints_cannot_steer_the_terminal(self):
        done = self.plimsoll("explain", "\x1b[2Jx\nplimsoll: all is well", status=2)
        self.assertNotIn("\x1b", done.stderr)
        self.assertIn("\\x1b[2Jx\\nplimsoll", done.stderr)

    def test_a_pipe_that_nobody_reads_is_no_failure(self):
        for words in (["list"], ["version"], ["audit", "--help"]):
            read, write = os.pipe()
            os.close(read)
            try:
                self.assertEqual(self.plimsoll(*words, stdout=write).stderr, "")
            finally:
                os.close(write)

    def test_standard_output_that_is_full_is_told(self):
        for words in (["list", "formats"], ["version"], ["man"]):
            with open("/dev/full", "w") as full:
                done = self.plimsoll(*words, status=2, stdout=full)
            self.assertEqual(done.stderr, "plimsoll: cannot write to standard output: No space left on device\n")


class Catalog(World):
    """list, explain, validate, probes."""

    def test_bare_ids_are_those_of_the_tables(self):
        added = ["--catalog", self.scratch / "catalog"]
        lists = {}
        for kind in ("profiles", "checks", "formats"):
            lists[kind] = self.plimsoll("list", kind, "--ids", *added).stdout.split()
            table = [line.split()[0] for line in self.plimsoll("list", kind, *added).stdout.splitlines()]
            self.assertGreater(len(table), 0)
            self.assertEqual(lists[kind], table)
        self.assertEqual(self.plimsoll("list", "--ids", *added).stdout.split(), lists["profiles"] + lists["checks"])

    def test_every_check_profile_and_probe_explains_itself(self):
        for word in self.plimsoll("list", "--ids").stdout.split()[:40]:
            self.assertTrue(self.plimsoll("explain", word).stdout.startswith(word + ": "))
        for line in self.plimsoll("probes").stdout.splitlines():
            name = line.split()[0]
            self.assertIn("\nFields:\n", self.plimsoll("probes", name).stdout)
            self.assertIn(f"### `{name}`\n", self.plimsoll("probes", name, "--markdown").stdout)

    def test_a_catalog_of_ones_own_is_listed_and_explained(self):
        added = ["--catalog", self.scratch / "catalog"]
        self.assertIn("zz-policy", self.plimsoll("list", "profiles", "--ids", *added).stdout.split())
        rows = self.plimsoll("list", "checks", "--profile", "zz-policy", *added).stdout
        self.assertRegex(rows, r"(?m)^2\.1  level 2  automated  zz-issue-there: There is an issue file$")
        text = self.plimsoll("explain", "zz-passwd-there", *added).stdout
        for part in ("Why:         A rationale.", "Mend it:     Restore it.", "wanted (boolean), true unless set",
                     "zz-policy:1.2 (level 1, automated)", "checks/test.yaml:", "probe: file"):
            self.assertIn(part, text)
        for number in ("zz-policy:2.1", "2.1"):
            text = self.plimsoll("explain", number, *added).stdout
            self.assertIn("zz-policy:2.1 of A policy for tests 1 (level 2, automated)", text)
            self.assertIn("zz-issue-there: There is an issue file", text)

    def test_validate_says_what_it_found(self):
        self.assertRegex(self.plimsoll("validate").stdout, r"holds [0-9]+ checks? and [0-9]+ profiles?")
        self.assertRegex(self.plimsoll("validate", self.scratch / "catalog").stdout, r"\ANo mistakes\.")

    def test_every_mistake_is_told_with_its_place(self):
        self.put("catalog/checks/bad.yaml", "- id: zz-bad\n  title: T\n  severty: low\n  rationale: R\n  remediation: M\n"
                 "  check: { probe: file, path: /x, every: { mod: \"0600\" } }\n")
        for words in (["validate", self.scratch / "catalog"], ["list", "--catalog", self.scratch / "catalog"]):
            done = self.plimsoll(*words, status=2)
            self.assertEqual(done.stdout, "")
            self.assertRegex(done.stderr, r"bad\.yaml:3:3: error\[[a-z-]+\]:")
            self.assertRegex(done.stderr, r"bad\.yaml:6:[0-9]+: error\[unknown-field\]:")
            self.assertIn("did you mean `severity`?", done.stderr)
            self.assertIn("did you mean `mode`?", done.stderr)
        code = re.search(r"error\[([a-z-]+)\]", done.stderr)[1]
        self.assertTrue(self.plimsoll("explain", code).stdout.startswith(code + ": "))
        self.audit("--check", "zz-passwd-there", status=2)

    def test_a_catalog_that_is_not_there_is_told(self):
        done = self.plimsoll("validate", self.scratch / "nothing", status=2)
        self.assertIn(str(self.scratch / "nothing"), done.stderr)


class Audit(World):
    """Verdicts, exit statuses, what is chosen."""

    def test_the_exit_status_tells_the_worst(self):
        for words, status in [
            (["--check", "zz-passwd-there"], 0),
            (["--check", "zz-passwd-there", "--set", "wanted=false"], 1),
            (["--check", "zz-passwd-there", "--set", "zz-passwd-there.wanted=false"], 1),
            (["--check", "zz-motd-private"], 1),
            (["--check", "zz-motd-private", "--fail-on", "medium"], 1),
            (["--check", "zz-motd-private", "--fail-on", "high"], 0),
            (["--check", "zz-motd-private", "--fail-on", "never"], 0),
            (["--check", "zz-forwarding-off"], 3),
            (["--check", "zz-forwarding-off", "--fail-on", "never"], 3),
            (["--check", "zz-forwarding-off", "--check", "zz-motd-private"], 1),
            (["--profile", "zz-policy"], 1),
            (["--profile", "zz-policy", "--fail-on", "critical"], 3),
            (["--profile", "zz-policy", "--severity", "high"], 3),
            (["--profile", "zz-policy", "--section", "1.2"], 0),
            (["--profile", "zz-policy", "--section", "1.2,2"], 1),
            (["--profile", "zz-policy", "--section", "1.2,9"], 2),
            (["--profile", "zz-policy", "--section", "2", "--check", "zz-issue-there"], 1),
            (["--profile", "zz-policy", "--set", "wanted=maybe"], 2),
            (["--profile", "zz-policy", "--section", "9"], 2),
        ]:
            with self.subTest(words):
                self.audit(*words, status=status)

    def test_the_summary_says_what_where_and_next(self):
        text = self.policy().stdout
        self.assertIn("Debian GNU/Linux 12 (bookworm)", text)
        self.assertIn("zz-policy 1: asked for with --profile", text)
        self.assertRegex(text, r"FAIL   medium    zz-motd-private  The message of the day is for root only \[1\.1\]")
        self.assertRegex(text, r"/etc/motd: mode is 0644, expected .*0600")
        self.assertRegex(text, r"ERROR  high      zz-forwarding-off")
        self.assertIn("4 recommendations: = 1 pass, # 2 fail, ! 1 error", text)
        self.assertIn("Next: plimsoll explain zz-motd-private", text)
        self.assertNotIn("zz-passwd-there", text)
        self.assertIn("zz-passwd-there", self.policy("--all").stdout)
        self.assertNotIn("zz-issue-there", self.policy("--level", "1").stdout)

    def test_quiet_prints_nothing(self):
        done = self.policy("--quiet")
        self.assertEqual((done.stdout, done.stderr), ("", ""))

    def test_a_root_that_is_none_is_told(self):
        for path in (self.scratch / "missing", self.root / "etc/passwd"):
            done = self.plimsoll("audit", "--root", path, status=2)
            self.assertIn(str(path), done.stderr)
            self.assertEqual(done.stdout, "")

    def test_where_no_profile_can_be_chosen_it_stops_and_says_so(self):
        (self.root / "etc/os-release").unlink()
        done = self.plimsoll("audit", "--root", self.scratch / "out", status=2)
        self.assertIn("--profile", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_profiles_about_docker_are_taken_beside_the_host_s(self):
        def chosen():
            text = self.plimsoll("audit", "--root", self.root, "--section", "1.1", status=1).stdout
            return re.findall(r"^  (\S+) \S+(?:, role \w+)?: (.*)", text, re.M)
        self.assertEqual([profile for profile, _ in chosen()], ["cis-debian-12"])
        self.put("root/usr/bin/dockerd", "")
        found = dict(chosen())
        self.assertEqual(sorted(found), ["cis-debian-12", "cis-docker-1.8", "nist-sp800-190"])
        self.assertIn("/usr/bin/dockerd", found["cis-docker-1.8"])
        self.put("root/etc/os-release", "ID=other\n")
        found = dict(chosen())
        self.assertEqual(sorted(found), ["cis-docker-1.8", "linux-baseline", "nist-sp800-190"])
        self.assertIn("no profile is made for this host", found["linux-baseline"])

    def test_without_root_what_may_not_be_read_is_undecided_and_says_what_would_help(self):
        self.put("catalog/checks/secret.yaml", CHECK_OF_SECRET)
        secret = self.put("root/etc/secret/file", "x\n")
        secret.parent.chmod(0o700 if os.geteuid() == 0 else 0o000)
        self.addCleanup(secret.parent.chmod, 0o700)
        done = self.audit("--check", "zz-secret", status=3, **self.unprivileged())
        self.assertIn("ermission denied", done.stdout)
        self.assertIn("Run as root to decide 1 more check.", done.stdout)

    def test_two_runs_differ_in_time_and_run_only(self):
        def run():
            answer = json.loads(self.policy("--report", "json=-").stdout)
            text = json.dumps(answer["run"])
            self.assertRegex(text, "[0-9a-f]{8}-[0-9a-f]{4}-4")
            del answer["run"]
            return answer
        self.assertEqual(run(), run())


CHECK_OF_SECRET = """\
- id: zz-secret
  title: A secret is kept
  severity: low
  rationale: A rationale.
  remediation: Keep it.
  check: { probe: file, path: /etc/secret/file, every: { mode: { mode_within: "0600" } } }
"""


class Reports(World):
    """Report files: whole or not at all."""

    def formats(self):
        return [line.split()[:2] for line in self.plimsoll("list", "formats").stdout.splitlines()]

    def test_each_format_is_written_under_its_usual_name(self):
        words = [word for name, _ in self.formats() for word in ("--report", name)]
        self.policy(*words)
        self.assertEqual(self.names_in(self.out), sorted(file for _, file in self.formats()))
        for path in self.out.iterdir():
            self.assertGreater(path.stat().st_size, 0)
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)

    def test_a_report_on_standard_output_sends_the_summary_elsewhere(self):
        done = self.policy("--report", "json=-", "--report", "junit=here.xml")
        self.assertIn("checks", json.loads(done.stdout))
        self.assertIn("Next: plimsoll explain", done.stderr)
        xml.etree.ElementTree.parse(self.out / "here.xml")
        self.assertEqual(json.loads(self.policy("--quiet", "--report", "json=/dev/stdout").stdout)["checks"],
                         json.loads(done.stdout)["checks"])

    def test_the_command_line_stands_in_the_report_as_a_shell_would_take_it(self):
        answer = self.policy("--set", "wanted=true", "--section", "1.2", "--report=json=-", "--role", "", status=2)
        self.assertIn("`--role` needs a value", answer.stderr)
        text = self.policy("--section", "1.2", "--report=json=-", status=0).stdout
        self.assertIn("plimsoll audit --root", text)

    def test_places_that_cannot_be_written_end_the_run_before_it_starts(self):
        (self.out / "directory").mkdir()
        for place, reason in [("missing/r.json", "No such file or directory"), ("directory", "it is a directory")]:
            done = self.policy("--report", f"json={place}", "--report", "junit=j.xml", status=2)
            self.assertIn(reason, done.stderr)
            self.assertEqual(done.stdout, "")
            self.assertEqual(self.names_in(self.out), ["directory"])
        done = self.policy("--report", "json=r", "--report", "junit=r", status=2)
        self.assertIn("would both be written to", done.stderr)

    def test_a_directory_without_permission_keeps_the_old_report(self):
        self.put("out/r.json", "old")
        self.out.chmod(0o555)
        self.addCleanup(self.out.chmod, 0o755)
        done = self.policy("--report", "json=r.json", status=2, **self.unprivileged())
        self.assertIn("Permission denied", done.stderr)
        self.assertEqual((self.out / "r.json").read_text(), "old")
        self.assertEqual(self.names_in(self.out), ["r.json"])

    def test_a_full_device_is_status_2_and_the_other_reports_are_written(self):
        done = self.policy("--report", "json=/dev/full", "--report", "junit=j.xml", status=2)
        self.assertIn("report json: cannot write /dev/full: No space left on device", done.stderr)
        xml.etree.ElementTree.parse(self.out / "j.xml")
        self.assertIn("Next: plimsoll explain", done.stdout)

    def test_a_file_that_cannot_grow_keeps_the_old_report_and_leaves_no_other(self):
        self.put("out/r.html", "old")
        done = self.policy("--report", "html=r.html", status=2,
                           preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)))
        self.assertIn("File too large", done.stderr)
        self.assertEqual((self.out / "r.html").read_text(), "old")
        self.assertEqual(self.names_in(self.out), ["r.html"])

    def test_a_full_disk_keeps_the_old_report(self):
        if os.geteuid() != 0:
            self.skipTest("mounting a small tmpfs needs root")
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", self.out], stderr=subprocess.PIPE)
        if mounted.returncode != 0:
            self.skipTest(f"no tmpfs can be mounted here: {mounted.stderr.decode().strip()}")
        try:
            self.put("out/r.html", "old")
            done = self.policy("--report", "html=r.html", status=2)
            self.assertIn("No space left on device", done.stderr)
            self.assertEqual((self.out / "r.html").read_text(), "old")
            self.assertEqual(self.names_in(self.out), ["r.html"])
        finally:
            subprocess.run(["umount", self.out], check=True)

    def test_what_is_no_regular_file_is_written_directly(self):
        fifo = self.out / "fifo"
        os.mkfifo(fifo)
        reader = subprocess.Popen(["cat", fifo], stdout=subprocess.PIPE)
        self.policy("--report", "json=fifo", "--report", "junit=/dev/null")
        self.assertIn("checks", json.loads(reader.communicate(timeout=30)[0]))
        self.assertTrue(fifo.is_fifo())
        self.assertTrue(pathlib.Path("/dev/null").is_char_device())

    def test_a_pipe_that_nobody_reads_loses_its_report_but_not_the_others(self):
        read, write = os.pipe()
        os.close(read)
        try:
            self.policy("--report", "json=-", "--report", "junit=j.xml", status=2, stdout=write)
        finally:
            os.close(write)
        xml.etree.ElementTree.parse(self.out / "j.xml")


class Signals(World):
    """SIGINT and SIGTERM end the program at once."""

    def test_a_signal_ends_a_waiting_run_and_leaves_what_was_there(self):
        os.mkfifo(self.out / "fifo")
        self.put("out/r.json", "old")
        for number in (signal.SIGINT, signal.SIGTERM):
            run = subprocess.Popen([world.PROGRAM, "audit", "--root", self.root, "--catalog", self.scratch / "catalog",
                                    "--profile", "zz-policy", "--report", "json=r.json", "--report", "junit=fifo"],
                                   cwd=self.out, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.wait_until_it_opens_the_fifo(run.pid)
            run.send_signal(number)
            started = time.monotonic()
            run.communicate(timeout=30)
            self.assertLess(time.monotonic() - started, 5)
            self.assertEqual(run.returncode, -number)
            self.assertEqual((self.out / "r.json").read_text(), "old")
            self.assertEqual(self.names_in(self.out), ["fifo", "r.json"])

    def wait_until_it_opens_the_fifo(self, pid):
        """The run is asleep in open(2) of the FIFO, with the directory of the other report open already."""
        for _ in range(3000):
            links = []
            try:
                links = [os.readlink(entry) for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir()]
                asleep = "\nState:\tS" in pathlib.Path(f"/proc/{pid}/status").read_text()
            except OSError:
                asleep = False
            if asleep and str(self.out) in links:
                return
            time.sleep(0.01)
        self.fail("the run never came to the FIFO")


class Terminal(World):
    """What is printed where standard output or error is a terminal."""

    def on_terminal(self, *words, env=None, columns=80, rows=24):
        """Runs with output and error on a terminal of its own. Returns the exit status and all that was printed."""
        try:
            master, slave = pty.openpty()
        except OSError as problem:
            self.skipTest(f"no terminal can be had here (is a devpts mounted at /dev/pts?): {problem}")
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        sanitizers = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
        run = subprocess.Popen([world.PROGRAM, *map(str, words)], stdin=subprocess.DEVNULL, stdout=slave, stderr=slave,
                               cwd=self.out,
                               env={"PATH": os.environ["PATH"], "TERM": "xterm", **sanitizers, **(env or {})})
        os.close(slave)
        text = b""
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:
                break
            if not part:
                break
            text += part
        os.close(master)
        return run.wait(timeout=60), text.decode().replace("\r\n", "\n")

    def policy_words(self):
        return ["audit", "--root", self.root, "--catalog", self.scratch / "catalog", "--profile", "zz-policy"]

    def test_colour_is_for_terminals_that_want_it(self):
        for words, env, coloured in [
            ([], {}, True),
            (["--no-color"], {}, False),
            ([], {"NO_COLOR": "1"}, False),
            ([], {"NO_COLOR": ""}, True),
            ([], {"TERM": "dumb"}, False),
        ]:
            with self.subTest(words=words, env=env):
                status, text = self.on_terminal(*self.policy_words(), *words, env=env)
                self.assertEqual(status, 1)
                self.assertEqual("\x1b[1;31m" in text, coloured)
        self.assertNotIn("\x1b", self.policy().stdout)

    def test_lines_fit_the_terminal(self):
        for columns in (40, 60, 120):
            _, text = self.on_terminal(*self.policy_words(), columns=columns)
            plain = re.sub(r"\x1b\[[0-9;]*[mK]", "", text)
            self.assertLessEqual(max(len(line.split("\r")[-1]) for line in plain.split("\n")), columns)

    def test_no_progress_line_is_left_behind(self):
        _, text = self.on_terminal(*self.policy_words(), "--no-color")
        self.assertNotRegex(text.split("\x1b[K")[-1], r"reading [0-9]+/")
        self.assertNotIn("reading", self.policy().stderr)


class Pages(World):
    """Manual page and completions."""

    def test_the_manual_page_formats_without_a_warning(self):
        page = self.plimsoll("man").stdout
        self.assertTrue(page.startswith(".TH PLIMSOLL 1 "))
        if shutil.which("groff") is None:
            self.skipTest("groff is not installed")
        done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z"], input=page, text=True, capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def completed(self, line):
        """What bash offers for the last word of a command line."""
        script = self.out / "plimsoll.bash"
        script.write_text(self.plimsoll("completion", "bash").stdout)
        words = re.split(r"(=)| +", line)
        words = [word for word in words if word] + ([""] if line.endswith((" ", "=")) else [])
        shown = " ".join("'" + word + "'" for word in words)
        program = pathlib.Path(world.PROGRAM).parent
        done = subprocess.run(
            ["bash", "--norc", "-uec", f". {script}; COMP_WORDS=({shown}); COMP_CWORD={len(words) - 1}; set +e; _plimsoll; "
             "printf '%s\\n' \"${COMPREPLY[@]}\""],
            text=True, capture_output=True, env={"PATH": f"{program}:{os.environ['PATH']}"}, cwd=self.out)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_bash_completes_subcommands_options_and_values(self):
        formats = self.plimsoll("list", "formats", "--ids").stdout.split()
        profiles = self.plimsoll("list", "profiles", "--ids").stdout.split()
        self.assertIn("audit", self.completed("plimsoll "))
        self.assertEqual(self.completed("plimsoll ex"), ["explain"])
        self.assertEqual(self.completed("plimsoll audit --fa"), ["--fail-on"])
        self.assertEqual(self.completed("plimsoll audit --fail-on n"), ["never"])
        self.assertEqual(self.completed("plimsoll audit --profile "), profiles)
        self.assertEqual(self.completed("plimsoll audit -p "), profiles)
        self.assertEqual(self.completed("plimsoll audit --report "), formats)
        self.assertEqual(self.completed("plimsoll audit --report=j"), [name for name in formats if name[0] == "j"])
        self.assertEqual(self.completed("plimsoll list p"), ["profiles"])
        self.assertEqual(self.completed("plimsoll explain "), self.plimsoll("list", "--ids").stdout.split())
        self.assertIn("sysctl", self.completed("plimsoll probes sys"))
        self.assertEqual(self.completed("plimsoll help va"), ["validate"])

    def test_zsh_reads_its_script(self):
        script = self.put("out/_plimsoll", self.plimsoll("completion", "zsh").stdout)
        if shutil.which("zsh") is None:
            self.skipTest("zsh is not installed")
        done = subprocess.run(["zsh", "-f", "-n", script], text=True, capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_fish_completes_subcommands_options_and_values(self):
        script = self.put("out/plimsoll.fish", self.plimsoll("completion", "fish").stdout)
        if shutil.which("fish") is None:
            self.skipTest("fish is not installed")
        def offered(line):
            done = subprocess.run(["fish", "--no-config", "-c", f"source {script}; complete -C '{line}'"], text=True,
                                  capture_output=True, cwd=self.out, env={
                                      "PATH": f"{pathlib.Path(world.PROGRAM).parent}:{os.environ['PATH']}",
                                      "HOME": str(self.out)})
            self.assertEqual(done.stderr, "")
            return [entry.split("\t")[0] for entry in done.stdout.splitlines()]
        self.assertIn("audit", offered("plimsoll "))
        self.assertEqual(offered("plimsoll audit --fail-on n"), ["never"])
        self.assertEqual(offered("plimsoll audit --profile "), self.plimsoll("list", "profiles", "--ids").stdout.split())


if __name__ == "__main__":
    if len(sys.argv) < 2 or not os.access(sys.argv[1], os.X_OK):
        sys.exit("usage: cli_test.py PROGRAM [CLASS…]")
    world.PROGRAM = os.path.abspath(sys.argv[1])
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[2:]])
