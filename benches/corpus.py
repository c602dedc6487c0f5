"""Writes a Hugo site of COUNT posts, half of them Korean, of 1 to 8 KB with one of 50 KB in a hundred, for the benches.

usage: corpus.py DIR COUNT
Its only layout is a feed of all texts in RSS, so that Hugo does no more than it must."""
import pathlib, random, sys

site, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
random.seed(7)
KOREAN = "강둑을 따라 **걸었다(walked)**은 문장과 [링크](https://b.example/) 하나, 그리고 “따옴표”와 평범한 낱말이 이어진다. <br>\n"
ENGLISH = "A sentence with **emphasis**, a [link](https://b.example/?a=1&b=2), some `code < 1`, and plain words that go on for a while. <br>\n"
LIST = "- one **thing**\n- another\n\n```rust\nfn main() { println!(\"{}\", 1 < 2); }\n```\n\n"
CONFIG = """baseURL = "https://a.example/"
title = "새벽 노트"
timeZone = "Asia/Seoul"
disableKinds = ["section", "taxonomy", "term", "sitemap", "robotsTXT", "404"]
timeout = "600s"
[outputs]
home = ["RSS"]
[services.rss]
limit = LIMIT
[markup.goldmark.renderer]
unsafe = true
[markup.highlight]
codeFences = false
[[cascade]]
[cascade._target]
path = "/posts/**"
[cascade._build]
render = "link"
list = "always"
"""
RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>{{ .Site.Title }}</title><link>{{ .Permalink }}</link><description>all</description>
{{- $limit := .Site.Config.Services.RSS.Limit }}{{ $pages := .Site.RegularPages }}{{ if ge $limit 1 }}{{ $pages = first $limit $pages }}{{ end }}
{{- range $pages }}<item><title>{{ .Title }}</title><link>{{ .Permalink }}</link><guid>{{ .Permalink }}</guid><pubDate>{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" }}</pubDate>{{ range .Params.tags }}<category>{{ . }}</category>{{ end }}<description>{{ .Summary | html }}</description><content:encoded>{{ .Content | html }}</content:encoded></item>
{{ end }}</channel></rss>
"""
posts = site / "content/posts"
posts.mkdir(parents=True)
(site / "layouts").mkdir()
(site / "layouts/index.rss.xml").write_text(RSS)
(site / "hugo.toml").write_text(CONFIG.replace("LIMIT", "-1"))
(site / "limited.toml").write_text(CONFIG.replace("LIMIT", "20"))
for n in range(count):
    line = KOREAN if n % 2 else ENGLISH
    size = 50_000 if n % 100 == 99 else random.randint(1000, 8000)
    body = f"## Part {n}\n\n"
    while len(body.encode()) < size:
        body += line * random.randint(2, 5) + "\n" + (LIST if random.random() < 0.2 else "")
    matter = f'title: "{n}번째 글: R&D"\ndate: {2006 + n % 20}-{n % 12 + 1:02}-{n % 28 + 1:02}T10:00:00+09:00\nlastmod: {2007 + n % 20}-01-01\ntags: [산책, 강, "태그 {n % 50}"]\ncategories: [일기]\n'
    (posts / f"p{n}.md").write_text(f"---\n{matter}---\n\n{body}")
