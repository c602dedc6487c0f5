"""Holds a feed of tidings beside the one that the blog's own generator writes: ids, titles, dates and categories must be equal.

usage: feeds_alike.py OURS THEIRS
One difference is meant: jekyll-feed makes one space of several in a title, tidings keeps them as the author set them.
"""
import calendar, html, sys

import feedparser


def words(entry):
    title = entry.title_detail
    text = html.unescape(title.value) if title.type == "text/html" else title.value
    return " ".join(text.split())


def entries(path):
    feed = feedparser.parse(path)
    if feed.bozo or not feed.entries:
        sys.exit(f"{path}: {feed.get('bozo_exception', 'no entry')!r}")
    return {
        entry.id: {
            "title": words(entry),
            "date": calendar.timegm(entry.published_parsed),
            "link": entry.link,
            "terms": sorted(tag.term for tag in entry.get("tags", [])),
        }
        for entry in feed.entries
    }


ours, theirs = entries(sys.argv[1]), entries(sys.argv[2])
# Hugo's own feed has no categories.
fields = ["title", "date", "link"] + ["terms"] * any(entry["terms"] for entry in theirs.values())
bad = [f"{id} is not among {whose}" for id, whose in
       [(id, "ours") for id in theirs.keys() - ours.keys()] + [(id, "theirs") for id in ours.keys() - theirs.keys()]]
for id in sorted(ours.keys() & theirs.keys()):
    bad += [f"{field} of {id}: {ours[id][field]!r}, theirs {theirs[id][field]!r}" for field in fields if ours[id][field] != theirs[id][field]]
if bad:
    sys.exit("\n".join(bad))
print(f"{len(ours)} entries of {len(theirs)}: {', '.join(fields)} equal")
