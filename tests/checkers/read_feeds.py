"""Reads a feed with feedparser and with newsboat and prints what each saw, as JSON.

usage: read_feeds.py FEED_FILE
"""
import calendar, json, pathlib, sqlite3, subprocess, sys, tempfile

import feedparser

path = pathlib.Path(sys.argv[1]).resolve()
feed = feedparser.parse(str(path))
if feed.bozo:
    sys.exit(f"feedparser: {feed.bozo_exception!r}")

entries = [
    {
        "id": entry.id,
        "title": entry.title,
        "published": calendar.timegm(entry.published_parsed),
        "terms": [tag.term for tag in entry.get("tags", [])],
        "authors": [author.get("name") for author in entry.get("authors", [])],
    }
    for entry in feed.entries
]

with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    (folder / "urls").write_text(f"file://{path}\n")
    (folder / "config").write_text("")
    subprocess.run(
        ["newsboat", "-u", folder / "urls", "-c", folder / "cache.db", "-C", folder / "config", "-x", "reload"],
        check=True, capture_output=True,
    )
    rows = sqlite3.connect(folder / "cache.db").execute("SELECT guid, title, pubDate, author FROM rss_item ORDER BY id DESC")
    newsboat = [{"id": r[0], "title": r[1], "published": r[2], "author": r[3]} for r in rows]

json.dump({"title": feed.feed.title, "feedparser": entries, "newsboat": newsboat}, sys.stdout)
