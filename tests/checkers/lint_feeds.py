"""Looks for everything in a folder of feeds that a feed validator warns of, and walks every archive.

usage: lint_feeds.py FOLDER URL_OF_FOLDER
Prints {"documents": N, "problems": […], "walks": {"rss.xml": [ids…], …}} as JSON.
"""
import email.utils, html.parser, json, pathlib, re, sys, urllib.parse
import xml.etree.ElementTree as xml

folder, base = pathlib.Path(sys.argv[1]), sys.argv[2]
A, DC, MEDIA, FH = "{http://www.w3.org/2005/Atom}", "{http://purl.org/dc/elements/1.1/}", "{http://search.yahoo.com/mrss/}", "{http://purl.org/syndication/history/1.0}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffd-\uffff]")
problems = []


def say(path, what):
    problems.append(f"{path}: {what}")


class Markup(html.parser.HTMLParser):
    """HTML as a validator looks at it: nothing that runs, nothing relative, every element closed."""

    VOID = {"br", "hr", "img", "wbr", "col"}

    def __init__(self, path):
        super().__init__()
        self.path, self.open = path, []

    def handle_starttag(self, tag, attributes):
        if tag in {"script", "style", "iframe", "object", "embed", "form", "input", "meta", "link", "base", "svg"}:
            say(self.path, f"<{tag}> in the text")
        for name, value in attributes:
            if name.startswith("on") or name in {"style", "id", "srcset"}:
                say(self.path, f"{name}= in the text")
            if name in {"href", "src", "cite", "poster"} and not re.match(r"[a-z][a-z0-9+.-]*:", value or "", re.I):
                say(self.path, f"the relative address {value!r}")
            if (value or "").lower().strip().startswith(("javascript:", "data:", "vbscript:")):
                say(self.path, f"the address {value!r}")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID and (not self.open or self.open.pop() != tag):
            say(self.path, f"</{tag}> without a beginning")


def markup(path, text):
    parser = Markup(path)
    parser.feed(text or "")
    parser.close()
    if parser.open:
        say(path, f"{parser.open} never closed")


def unique(path, values, what):
    if len(set(values)) != len(values):
        say(path, f"two entries with one {what}")


def moment(path, text):
    """An RFC 822 date with the right weekday, four digits of a year and a numeric zone."""
    if not re.fullmatch(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}", text or ""):
        return say(path, f"the date {text!r}")
    date = email.utils.parsedate_to_datetime(text)
    if date.strftime("%a") != text[:3]:
        say(path, f"the weekday of {text!r}")


def place(path, links, is_archive, media_type):
    """The relations of a document: itself, the current one, its neighbours."""
    own = [link.get("href") for link in links if link.get("rel") == "self"]
    if own != [base + urllib.parse.quote(str(path), safe="/+!$&'()*,;=:@~")]:
        say(path, f"its own address is {own}")
    found = {}
    for link in links:
        rel, href = link.get("rel"), link.get("href")
        if rel in {"current", "prev-archive", "next-archive"}:
            found[rel] = href
            if link.get("type") != media_type:
                say(path, f"{rel} without its type")
            if not local(href).exists():
                say(path, f"{rel} leads nowhere: {href}")
        if rel is None:
            say(path, "a link without rel")
    if is_archive and "current" not in found:
        say(path, "an archive without current")
    return found


def local(url):
    return folder / urllib.parse.unquote(url.removeprefix(base))


def rss(path, text):
    root = xml.fromstring(text)
    channel = root.find("channel")
    for required in ("title", "link", "description", "language", "lastBuildDate"):
        if not channel.findtext(required):
            say(path, f"no {required}")
    moment(path, channel.findtext("lastBuildDate"))
    found = place(path, channel.findall(A + "link"), channel.find(FH + "archive") is not None, "application/rss+xml")
    items = channel.findall("item")
    for item in items:
        names = [child.tag for child in item]
        for one in ("title", "link", "guid", "pubDate", "enclosure", "description", "author", CONTENT):
            if names.count(one) > 1:
                say(path, f"{one} twice")
        if CONTENT in names and "description" in names and names.index("description") > names.index(CONTENT):
            say(path, "description behind content:encoded")
        if not item.findtext("title") and not item.findtext("description"):
            say(path, "an item without title and description")
        moment(path, item.findtext("pubDate"))
        guid, link = item.find("guid"), item.findtext("link")
        if (guid.get("isPermaLink") != "false") != (guid.text == link):
            say(path, f"isPermaLink of {guid.text}")
        if "@" not in (item.findtext("author") or "@"):
            say(path, "an author without an address")
        if item.find("author") is None and item.find(DC + "creator") is None:
            say(path, "an item by nobody")
        for enclosure in item.findall("enclosure"):
            if not (enclosure.get("url") and enclosure.get("length", "").isdigit() and "/" in enclosure.get("type", "")):
                say(path, "an enclosure that is not whole")
        terms = [category.text for category in item.findall("category")]
        unique(path, terms, "category") if terms else None
        markup(path, item.findtext("description"))
        markup(path, item.findtext(CONTENT))
    for title in re.findall(r"<title>(.*?)</title>", text, re.S):
        if "&amp;" in title or "&lt;" in title or "<![CDATA[" in title:
            say(path, f"the title {title!r} has no hex references")
    ids = [item.findtext("guid") for item in items]
    unique(path, ids, "guid")
    return ids, found.get("prev-archive")


def atom(path, text):
    feed = xml.fromstring(text)
    found = place(path, feed.findall(A + "link"), feed.find(FH + "archive") is not None, "application/atom+xml")
    if not any(link.get("rel") == "alternate" for link in feed.findall(A + "link")):
        say(path, "no alternate")
    if not feed.get("{http://www.w3.org/XML/1998/namespace}lang"):
        say(path, "no xml:lang")
    entries = feed.findall(A + "entry")
    for entry in entries:
        if not entry.findtext(f"{A}author/{A}name"):
            say(path, "an entry by nobody")
        if not any(link.get("rel") == "alternate" for link in entry.findall(A + "link")):
            say(path, "an entry without alternate")
        if entry.findtext(A + "updated") is None or entry.findtext(A + "published") is None:
            say(path, "an entry without dates")
        content = entry.find(A + "content")
        if content is not None:
            markup(path, content.text)
    tags = [child.tag for child in feed]
    if A + "entry" in tags and any(tag != A + "entry" for tag in tags[tags.index(A + "entry"):]):
        say(path, "metadata behind an entry")
    ids = [entry.findtext(A + "id") for entry in entries]
    unique(path, ids, "id")
    dates = [entry.findtext(A + "updated") for entry in entries]
    if dates and feed.findtext(A + "updated") not in dates:
        say(path, "updated is no entry's")
    return ids, found.get("prev-archive")


def json_feed(path, text):
    feed = json.loads(text)
    if feed["feed_url"] != base + urllib.parse.quote(str(path), safe="/+!$&'()*,;=:@~"):
        say(path, f"its own address is {feed['feed_url']}")
    if "author" in feed or any("author" in item for item in feed["items"]):
        say(path, "author, which is 1.0's")
    if feed.get("next_url") == feed["feed_url"]:
        say(path, "next_url is itself")
    if "next_url" in feed and not local(feed["next_url"]).exists():
        say(path, "next_url leads nowhere")
    for item in feed["items"]:
        if not isinstance(item["id"], str) or "<p>" in item.get("summary", ""):
            say(path, f"the item {item['id']!r}")
        markup(path, item.get("content_html"))
    ids = [item["id"] for item in feed["items"]]
    unique(path, ids, "id")
    return ids, feed.get("next_url")


READ = {"rss.xml": rss, "atom.xml": atom, "feed.json": json_feed}
seen = {}
for file in sorted(folder.rglob("*")):
    if file.name in READ:
        path, text = file.relative_to(folder), file.read_text(encoding="utf-8")
        if bad := REFUSED.search(text.encode("utf-16", "surrogatepass").decode("utf-16")):
            say(path, f"the character U+{ord(bad[0]):04X}")
        seen[base + urllib.parse.quote(str(path), safe="/+!$&'()*,;=:@~")] = READ[file.name](path, text)

walks = {}
for name in READ:
    ids, url = [], base + name
    while url:
        own, url = seen[url]
        ids += own
    unique(name, ids, "id in its archives")
    walks[name] = ids
json.dump({"documents": len(seen), "problems": problems, "walks": walks}, sys.stdout)
