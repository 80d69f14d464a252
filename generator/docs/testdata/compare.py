#!/usr/bin/env python3
"""Compares Callboard's pages with Python-Markdown's, for developers.

    CALLBOARD_COMPARE=/tmp/ours.json go test ./generator/docs -run Comparison
    python3 generator/docs/testdata/compare.py /tmp/ours.json ../shared/corpus/techdocs

Needs the packages markdown and pymdown-extensions. Prints how many heading
ids, words, tables and code blocks are the same, and the pages that differ.
"""
import collections
import html.parser
import json
import re
import sys

import markdown

EXTENSIONS = ["toc", "admonition", "pymdownx.details", "pymdownx.tabbed", "pymdownx.caret", "pymdownx.tilde", "pymdownx.mark",
              "pymdownx.critic", "pymdownx.inlinehilite", "pymdownx.magiclink", "pymdownx.smartsymbols", "pymdownx.highlight",
              "pymdownx.extra", "pymdownx.tasklist"]
OPTIONS = {"toc": {"permalink": False}, "pymdownx.tabbed": {"alternate_style": True}, "pymdownx.betterem": {"smart_enable": "all"},
           "pymdownx.tasklist": {"custom_checkbox": True}, "pymdownx.highlight": {"use_pygments": False}}


class Facts(html.parser.HTMLParser):
    def __init__(self, source):
        super().__init__()
        self.ids, self.text, self.tables, self.code, self.skip = [], [], 0, 0, 0
        self.feed(source)
        self.words = re.sub(r"\W+", " ", "".join(self.text)).split()

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if re.fullmatch("h[1-6]", tag) and attrs.get("id"):
            self.ids.append(attrs["id"])
        self.tables += tag == "table"
        self.code += tag == "pre"
        if tag == "a" and (self.skip or "headerlink" in (attrs.get("class") or "")):
            self.skip += 1
        self.text.append(" ")

    def handle_endtag(self, tag):
        if tag == "a" and self.skip:
            self.skip -= 1
        self.text.append(" ")

    def handle_data(self, data):
        if not self.skip:
            self.text.append(data)


def main(ours, corpus):
    total, different, pages = collections.Counter(), [], 0
    for page in json.load(open(ours, encoding="utf-8")):
        try:
            raw = open(f"{corpus}/{page['Source']}/{page['File']}", encoding="utf-8", errors="replace").read()
        except OSError:
            continue
        if len(raw) > 200_000:
            continue
        raw = raw.replace("\r\n", "\n")
        head = re.match(r"^---[ \t]*\n.*?\n(---|\.\.\.)[ \t]*\n", raw, re.S)
        theirs = Facts(markdown.markdown(raw[head.end():] if head else raw, extensions=EXTENSIONS, extension_configs=OPTIONS))
        mine = Facts(page["HTML"])
        if page["TitleID"]:
            mine.ids.insert(0, page["TitleID"])
        pages += 1
        row = []
        for name in "ids", "words":
            a, b = collections.Counter(getattr(theirs, name)), collections.Counter(getattr(mine, name))
            total[name] += sum(a.values())
            total[name, "same"] += sum((a & b).values())
            if name == "ids" and a - b:
                row += [f"ids {list(a - b)[:4]} are {list(b - a)[:4]}"]
        for name in "tables", "code":
            a, b = getattr(theirs, name), getattr(mine, name)
            total[name] += a
            total[name, "same"] += min(a, b)
            if a != b:
                row += [f"{name} {a} are {b}"]
        if row:
            different.append((page["Source"] + "/" + page["File"], row))
    print(pages, "pages;", "; ".join(f"{n}: {100 * total[n, 'same'] / max(1, total[n]):.2f} % of {total[n]}" for n in ("ids", "words", "tables", "code")))
    for name, row in different:
        print(name, *row, sep="\n    ")


main(*sys.argv[1:])
