"""Holds the entries of a feed of tidings against those that the blog's own generator made.

    python3 same_entries.py FEED.json ENTRIES.json [--show N] [--least 0.98] [--letters]

With --letters, marks between words do not count. With --loose, a few posts may be missing or extra, and one date in a hundred differ.

ENTRIES.json comes from jekyll_entries.rb or hugo_entries.py. Compared are the set of posts, ids, addresses, titles, instants,
terms, and the texts word by word. Ends with 1 where a set, id, address or instant differs, or fewer texts than the least agree.
"""

import difflib
import html.parser
import json
import re
import sys
import unicodedata
import urllib.parse
from datetime import datetime


class Words(html.parser.HTMLParser):
    """The words that a reader sees: no scripts, no tables of contents, no arrows back from footnotes."""

    HIDDEN = {"script", "style", "template", "noscript", "svg", "video", "audio", "object"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.text, self.hidden = [], []
        self.drop = 0
        self.playing = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in self.HIDDEN:
            self.hidden.append(tag)
        source = attrs.get("src") or attrs.get("data")
        if tag in ("video", "audio"):
            self.playing = attrs
        if tag in ("iframe", "video", "audio", "object", "embed", "source") and source and not self.drop:
            if tag != "source" or (self.playing is not None and not self.playing.get("src")):
                whole = {**(self.playing or {}), "src": source} if tag == "source" else {**attrs, "src": source}
                self.text.append(" " + embed(whole) + " ")
                self.playing = None if tag == "source" else self.playing
        if self.drop or (tag in ("ul", "ol") and attrs.get("id") == "markdown-toc") or "gutter" in (attrs.get("class") or "") \
                or {"lineno", "lnt", "ln"} & set((attrs.get("class") or "").split()) or attrs.get("class") == "reversefootnote":
            if tag not in ("br", "img", "hr", "input", "wbr", "source"):
                self.drop += 1
        self.text.append(" " if tag in ("br", "p", "li", "td", "th", "tr", "div", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd") else "")

    def handle_endtag(self, tag):
        if self.hidden and self.hidden[-1] == tag:
            self.hidden.pop()
        if self.drop:
            self.drop -= 1
        self.text.append(" " if tag in ("p", "li", "td", "th", "tr", "div", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6") else "")

    def handle_data(self, data):
        if not self.hidden and not self.drop:
            self.text.append(data)


def embed(attrs):
    """The words of the link that takes a frame's place; a video of YouTube is a picture."""
    source = attrs["src"].strip()
    if re.search(r"(youtube(-nocookie)?\.com/(embed/|watch\?v=)|youtu\.be/)(?!videoseries)[\w-]{6}", source):
        return ""
    if attrs.get("poster"):
        return ""
    if attrs.get("title"):
        return attrs["title"]
    place = source.split("//", 1)[-1] if "//" in source else source
    place = re.split(r"[?#]", place)[0]
    return (place.split("/")[0] if "//" in source else place.rstrip("/").split("/")[-1]) or source


def words(markup):
    parser = Words()
    parser.feed(markup or "")
    parser.close()
    text = "".join(parser.text)
    for mark in "☐☑↩\ufe0e":
        text = text.replace(mark, " ")
    return re.findall(r"\w+|[^\w\s]", text)


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def address(text):
    return urllib.parse.unquote(text)


def main():
    args = [a for a in sys.argv[1:] if not a.startswith("--")]
    option = lambda name, default: type(default)(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default
    show, least = option("--show", 0), option("--least", 0.98)
    args = args[:2]
    letters = "--letters" in sys.argv
    ours = json.load(open(args[0]))["items"]
    # A page without a date is no entry; one without an address cannot be one.
    theirs = [e for e in json.load(open(args[1])) if e.get("date") and e.get("url")]
    key = lambda entry: address(entry["url"])
    mine = {key(item): item for item in ours}
    failed = False
    # blog, what differs, which post (a file, or the address of one that is only here), why
    known, used = {}, set()
    if "--known" in sys.argv:
        blog = option("--blog", "")
        for line in open(option("--known", ""), encoding="utf-8"):
            parts = line.rstrip("\n").split("\t")
            if len(parts) == 4 and parts[0] == blog:
                known[parts[1], parts[2]] = parts[3]

    def deliberate(what, which):
        which = unicodedata.normalize("NFC", which)
        used.add((what, which))
        return (what, which) in known

    missing = [e for e in theirs if key(e) not in mine and not deliberate("missing", e["source"])]
    theirs_by_address = {key(e) for e in theirs}
    extra = [i for i in ours if key(i) not in theirs_by_address and not deliberate("extra", key(i))]
    for what, some in (("missing", missing), ("extra", extra)):
        if some:
            failed = True
            print(f"{what}: {len(some)}")
            for entry in some[: max(show, 5)]:
                print("   ", entry.get("source", ""), address(entry["url"]), entry.get("date") or entry.get("date_published"))
    counts = dict.fromkeys(("id", "title", "date", "updated", "terms", "text"), 0)
    same = 0
    for entry in theirs:
        item = mine.get(key(entry))
        if item is None:
            continue
        same += 1
        terms = entry.get("terms")
        if isinstance(terms, dict):
            terms = [term for name in ("categories", "tags") for term in terms.get(name) or []]
        differ = {
            "id": "id" in entry and address(entry["id"]) != address(item["id"]),
            "title": bool(entry.get("title")) and words(entry["title"]) != words(item["title"].replace("&", "&amp;").replace("<", "&lt;")) and entry["title"] != item["title"],
            "date": instant(entry["date"]) != instant(item["date_published"]),
            "updated": bool(entry.get("updated")) and instant(entry["updated"]) != instant(item["date_modified"]),
            "terms": terms is not None and {t.strip() for t in terms if t and t.strip()} != set(item.get("tags", [])),
        }
        one, two = words(entry["html"]), words(item["content_html"])
        if letters:
            one, two = ([w for w in side if re.match(r"\w", w)] for side in (one, two))
        differ["text"] = one != two
        for name, value in differ.items():
            if value and not deliberate(name, entry["source"]):
                counts[name] += 1
                if counts[name] <= show:
                    print(f"{name}: {entry['source']}")
                    if name == "text":
                        for line in list(difflib.unified_diff(one, two, "theirs", "ours", lineterm="", n=2))[2:24]:
                            print("     ", line)
                    else:
                        print("      theirs:", entry.get(name), terms if name == "terms" else "")
                        print("      ours:  ", {"id": item["id"], "title": item["title"], "date": item["date_published"], "updated": item["date_modified"], "terms": item.get("tags")}[name])
    share = 1 - counts["text"] / same if same else 1
    print(f"{same} of {len(theirs)} entries; differing: " + ", ".join(f"{n} {c}" for n, c in counts.items()) + f"; texts equal: {share:.1%}")
    for what, which in sorted(set(known) - used):
        failed = True
        print(f"no such difference any more: {what} {which}")
    # With --loose, a few posts may have been stopped at, or have an address by another rule.
    if "--loose" in sys.argv:
        failed = len(missing) + len(extra) > 0.05 * max(len(theirs), 40)
    few = 0.02 * same if "--loose" in sys.argv else 0
    if failed or counts["id"] or counts["date"] > few or counts["updated"] > few or share < least:
        sys.exit(1)


main()
