#!/usr/bin/env python3
"""Documentation that a program can write is compared with what it writes.

    docs_test.py PLIMSOLL            compare
    docs_test.py PLIMSOLL --approve  write it anew

- docs/writing-probes.md holds the tables of `plimsoll probes --markdown`.
- docs/coverage.md holds the table of how many recommendations of each benchmark have checks.
- README.md holds the transcript of an audit of a small root, made here.
"""

import os
import re
import subprocess
import sys
import tempfile

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# A Debian 12 root with one good setting, and one that a drop-in file undoes.
ROOT = {
    "etc/os-release": 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
    "etc/hostname": "web01\n",
    "etc/passwd": "root:x:0:0:root:/root:/bin/bash\nsshd:x:100:65534::/run/sshd:/usr/sbin/nologin\n",
    "etc/group": "root:x:0:\nshadow:x:42:\nnogroup:x:65534:\n",
    "var/lib/dpkg/status": "Package: openssh-server\nStatus: install ok installed\nArchitecture: amd64\n"
                           "Version: 1:9.2p1-2+deb12u7\n\n",
    "etc/ssh/sshd_config": "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin no\nMaxAuthTries 4\n",
    "etc/ssh/sshd_config.d/10-cloud.conf": "PermitRootLogin yes\n",
}
AUDIT = ["audit", "--root", "/mnt/web01", "--section", "5.1.16,5.1.19,5.1.20", "--no-color"]


def transcript(plimsoll):
    with tempfile.TemporaryDirectory() as folder:
        for path, content in ROOT.items():
            full = os.path.join(folder, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as out:
                out.write(content)
        command = [folder if word == "/mnt/web01" else word for word in AUDIT]
        environment = {**os.environ, "COLUMNS": "100", "LC_ALL": "C.UTF-8"}
        done = subprocess.run([plimsoll, *command], capture_output=True, text=True, env=environment, check=False)
        text = done.stdout.replace(folder, "/mnt/web01")
    text = re.sub(r"in \d+(\.\d+)? m?s", "in 2 ms", text)
    text = re.sub(r"audited as [^,;]*?(?= in )", "audited as root (uid 0)", text)
    shown = " ".join(word for word in AUDIT if word != "--no-color")
    return f"```console\n$ plimsoll {shown}\n{text}```\n"


def coverage(plimsoll):
    environment = {**os.environ, "COLUMNS": "500", "LC_ALL": "C.UTF-8"}
    listed = subprocess.run([plimsoll, "list", "profiles"], capture_output=True, text=True, env=environment, check=True).stdout
    lines = ["| benchmark | version | recommendations | automated | with a check | not covered | covered | manual | with a check |\n",
             "| --- | --- | --: | --: | --: | --: | --: | --: | --: |\n"]
    row = re.compile(r"(cis-\S+) +(\S+) +(\d+) recommendations? +checks for (\d+) of (\d+) automated(?:, (\d+) of (\d+) manual)? +(.*)")
    for line in listed.splitlines():
        if not line.startswith("cis-"):
            continue
        profile, version, rows, checked, automated, manual_checked, manual, title = row.fullmatch(line).groups()
        cells = [f"{title} (`{profile}`)", version, rows, automated, checked, str(int(automated) - int(checked)),
                 f"{100 * int(checked) / int(automated):.1f} %", manual or "0", manual_checked or "0"]
        lines.append(f"| {' | '.join(cells)} |\n")
    return "".join(lines)


def generated(plimsoll):
    tables = subprocess.run([plimsoll, "probes", "--markdown"], capture_output=True, text=True, check=True).stdout
    return {
        "docs/writing-probes.md": ("plimsoll probes --markdown", tables),
        "docs/coverage.md": ("coverage", coverage(plimsoll)),
        "README.md": ("transcript", transcript(plimsoll)),
    }


def main():
    plimsoll, approve = sys.argv[1], "--approve" in sys.argv[2:]
    wrong = 0
    for name, (mark, text) in generated(plimsoll).items():
        path = os.path.join(SOURCE, name)
        with open(path, encoding="utf-8") as document:
            old = document.read()
        begin, end = f"<!-- begin: {mark} -->\n", "<!-- end -->\n"
        if begin not in old or end not in old:
            print(f"{name}: the marks around `{mark}` are gone")
            wrong += 1
            continue
        head, rest = old.split(begin, 1)
        _, tail = rest.split(end, 1)
        new = head + begin + text + end + tail
        if new == old:
            continue
        if approve:
            with open(path, "w", encoding="utf-8") as document:
                document.write(new)
            print(f"{name}: written")
        else:
            print(f"{name}: differs from what the program prints; run tests/docs/docs_test.py PLIMSOLL --approve")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
