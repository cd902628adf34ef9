#!/usr/bin/env python3
"""The HTML report keeps its promises: html_report.py DIR [MAXIMUM_BYTES]

Self-contained, nothing that its content security policy forbids, hashes over the exact bytes, well nested, anchors
unique and resolved, as many results of each verdict as results.json has.
"""
import base64
import collections
import hashlib
import html.parser
import pathlib
import re
import sys

import support

VOID = {"meta", "link"}
LOADING = {"src", "srcset", "data", "poster", "background", "action", "formaction", "style"}


class Reader(html.parser.HTMLParser):
    def __init__(self, found):
        super().__init__(convert_charrefs=True)
        self.found = found
        self.open = []
        self.counts = collections.Counter()
        self.verdicts = collections.Counter()
        self.ids = []
        self.fragments = []
        self.policy = None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.counts[tag] += 1
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attributes.items():
            self.found.expect(not name.startswith("on") and name not in LOADING, f"<{tag} {name}={value!r}>")
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "details":
            self.verdicts[attributes["data-v"]] += 1
        if attributes.get("http-equiv") == "Content-Security-Policy":
            self.policy = attributes["content"]
        if "aria-labelledby" in attributes:
            self.fragments.append(attributes["aria-labelledby"])
        address = attributes.get("href")
        if address is None:
            return
        if address.startswith("#"):
            self.fragments.append(address[1:])
        elif tag == "link":
            self.found.equal(address, "data:,", "the only <link>")
        else:
            self.found.expect(tag == "a" and re.match(r"https?://[!-~]+$", address), f"<{tag} href={address!r}>")

    def handle_endtag(self, tag):
        self.found.expect(self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}, line {self.getpos()[0]}")
        if self.open:
            self.open.pop()


def policy_hash(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


folder = pathlib.Path(sys.argv[1])
found = support.Findings()
text = (folder / "plimsoll.html").read_bytes().decode("utf-8")
reader = Reader(found)
reader.feed(text)
reader.close()
found.equal(reader.open, [], "elements left open")
for tag in ("h1", "main", "style", "script", "title"):
    found.equal(reader.counts[tag], 1, f"number of <{tag}>")

style = re.search(r"<style>(.*?)</style>", text, re.DOTALL).group(1)
script = re.search(r"<script>(.*?)</script>", text, re.DOTALL).group(1)
policy = dict(part.strip().split(" ", 1) for part in reader.policy.split(";"))
found.equal(policy, {"default-src": "'none'", "style-src": policy_hash(style), "script-src": policy_hash(script),
                     "img-src": "data:", "base-uri": "'none'", "form-action": "'none'"}, "the content security policy")
found.expect("url(" not in style and "@import" not in style, "the style loads something")

duplicates = [name for name, count in collections.Counter(reader.ids).items() if count > 1]
found.equal(duplicates, [], "anchors that are there twice")
found.equal(sorted(set(reader.fragments) - set(reader.ids)), [], "anchors that lead nowhere")

totals = support.results(folder)["totals"]
found.equal({**reader.verdicts, "all": sum(reader.verdicts.values())},
            {verdict: count for verdict, count in totals.items() if count}, "results by verdict")
numbers = re.search(r'<tr class="sum">(.*?)</tr>', text, re.DOTALL).group(1)
shown = [int(number) for number in re.findall(r"<td[^>]*>(\d+)</td>", numbers)]
found.equal(shown, [totals[key] for key in ("fail", "error", "manual", "pass", "not_applicable", "all")], "the table of totals")
if len(sys.argv) > 2:
    found.expect(len(text.encode()) < int(sys.argv[2]), f"the report has {len(text.encode())} bytes, at most {sys.argv[2]}")
found.finish()
