"""A root with an rpm database and the lists of a repository as large as those of a distribution."""

import gzip
import pathlib
import sqlite3
import struct

INSTALLED = 600
LISTED = 18_000
# About as long, and as hard to pack, as createrepo_c's entry of a package with some thirty dependencies.
ENTRY = """<package type="rpm">
  <name>{name}</name>
  <arch>x86_64</arch>
  <version epoch="0" ver="{version}" rel="{release}.el9"/>
  <checksum type="sha256" pkgid="YES">{digest}</checksum>
  <summary>Summary of {name}, version {version}</summary>
  <description>{name} does what its name says, and some {number} things besides.</description>
  <packager>Example &lt;packages@example.org&gt;</packager>
  <url>https://example.org/{name}</url>
  <time file="17{number:08}" build="16{number:08}"/>
  <size package="{number}37" installed="{number}91" archive="{number}77"/>
  <location href="Packages/{name}-{version}-{release}.el9.x86_64.rpm"/>
  <format>
    <rpm:license>MIT</rpm:license>
    <rpm:sourcerpm>{name}-{version}-{release}.el9.src.rpm</rpm:sourcerpm>
    <rpm:provides>
{provides}    </rpm:provides>
    <rpm:requires>
{requires}    </rpm:requires>
    <file>/usr/bin/{name}</file>
  </format>
</package>
"""
PROVIDES = '      <rpm:entry name="{name}(part-{part})" flags="EQ" epoch="0" ver="{version}" rel="{release}.el9"/>\n'
REQUIRES = '      <rpm:entry name="lib{number}.so.{part}()(64bit)"/>\n'


def header(name, version, release):
    """A header as the rpm database keeps it: five tags, and a file list that a reader steps over."""
    texts = [(1000, name), (1001, version), (1002, release), (1004, "x" * 30_000), (1022, "x86_64")]
    index, data = b"", b""
    for tag, text in texts:
        index += struct.pack(">IIII", tag, 6, len(data), 1)
        data += text.encode() + b"\0"
    return struct.pack(">II", len(texts), len(data)) + index + data


def put_database(path):
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE Packages(hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)")
        database.execute("CREATE TABLE Name(key TEXT NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL)")
        for number in range(INSTALLED):
            name = f"package-{number * 30}"
            database.execute("INSERT INTO Packages VALUES(?, ?)", (number + 1, header(name, "1.0", "1.el9")))
            database.execute("INSERT INTO Name VALUES(?, ?, 0)", (name, number + 1))


def put_lists(folder):
    folder.mkdir(parents=True)
    unpacked = 0
    with gzip.open(folder / "primary.xml.gz", "wt", compresslevel=6, encoding="utf-8") as primary:
        unpacked += primary.write('<?xml version="1.0" encoding="UTF-8"?>\n<metadata xmlns="http://linux.duke.edu/metadata/common" '
                                  f'xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="{LISTED}">\n')
        for number in range(LISTED):
            words = {"name": f"package-{number}", "number": number, "version": f"1.{number % 7}", "release": number % 13,
                     "digest": f"{number * 2654435761 % 2 ** 64:016x}" * 4}
            provides = "".join(PROVIDES.format(part=part, **words) for part in range(number % 12))
            requires = "".join(REQUIRES.format(part=part, **words) for part in range(number % 40))
            unpacked += primary.write(ENTRY.format(provides=provides, requires=requires, **words))
        unpacked += primary.write("</metadata>\n")
    (folder / "repomd.xml").write_text('<repomd><data type="primary"><location href="repodata/primary.xml.gz"/></data></repomd>')
    return unpacked


def make(directory):
    """Makes the root; (the packed list, its size unpacked)."""
    root = pathlib.Path(directory)
    put_database(root / "var/lib/rpm/rpmdb.sqlite")
    (root / "etc/yum.repos.d").mkdir(parents=True)
    (root / "etc/yum.repos.d/site.repo").write_text("[baseos]\nbaseurl=https://mirror.example.org/\n")
    folder = root / "var/cache/dnf/baseos-0123456789abcdef/repodata"
    unpacked = put_lists(folder)
    return folder / "primary.xml.gz", unpacked
