#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""Messy Jekyll blogs, for comparing: python3 gen.py OUT_DIR [NAME...] writes OUT_DIR/NAME/, one blog for each configuration.
POSTS=n for more posts, SEED=s for others."""
import os, random, shutil, sys, unicodedata
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bank, blocks, sections
POSTS = int(os.environ.get("POSTS", "150"))
SEED = os.environ.get("SEED", "0")
ALL = blocks.parse()
# How much of each kind a post has
WEIGHT = dict(head=5, para=8, list=6, toc=0.4, code=4, table=2, quote=2, html=5, img=2.5, math=1, hr=1, ext=1.5)
SECTS = sections.parse()
PER = {}
for k, b in ALL: PER.setdefault(k, []).append(b)

CONF = {
 "mm": """
title: 한밤의 코드
url: https://kim.example.io
baseurl: ""
timezone: Asia/Seoul
locale: ko-KR
remote_theme: mmistakes/minimal-mistakes
permalink: /:categories/:title/
paginate: 5
author: {name: 김민지, bio: 백엔드, email: a@example.com}
markdown: kramdown
highlighter: rouge
kramdown:
  input: GFM
  hard_wrap: false
  auto_ids: true
  footnote_nr: 1
  entity_output: as_char
  toc_levels: 1..6
  smart_quotes: lsquo,rsquo,ldquo,rdquo
  enable_coderay: false
plugins: [jekyll-paginate, jekyll-sitemap, jekyll-gist, jekyll-feed, jekyll-include-cache]
defaults:
  - scope: {path: "", type: posts}
    values: {layout: single, author_profile: true, read_time: true}
exclude: ["*.sublime-project", Gemfile]
""",
 "chirpy": """
theme: jekyll-theme-chirpy
title: 지호의 기록
url: 'https://jiho.example.dev'
baseurl: ''
lang: ko
timezone: Asia/Seoul
kramdown:
  footnote_backlink: "&#8617;&#xfe0e;"
  syntax_highlighter: rouge
  syntax_highlighter_opts:
    css_class: highlight
    span:
      line_numbers: false
    block:
      line_numbers: true
      start_line: 1
collections: {tabs: {output: true, sort_by: order}}
defaults:
  - scope: {path: '', type: posts}
    values: {layout: post, comments: true, toc: true, permalink: /posts/:title/}
  - scope: {path: _drafts}
    values: {comments: false}
plugins: [jekyll-paginate, jekyll-redirect-from, jekyll-seo-tag, jekyll-archives, jekyll-sitemap]
""",
 "plain": """
title: Plain
url: http://plain.example.com
baseurl: /blog/
timezone: Asia/Seoul
""",
 "hardwrap": """
title: 줄바꿈
url: https://wrap.example.com
permalink: pretty
timezone: Asia/Seoul
excerpt_separator: "<!--more-->"
author: 서연
kramdown:
  input: GFM
  hard_wrap: true
""",
 "oldkram": """
name: 옛날 블로그
url: https://old.example.com
permalink: ordinal
timezone: Asia/Seoul
markdown: kramdown
kramdown:
  input: kramdown
  auto_ids: true
""",
 "noquotes": """
title: 따옴표 없음
url: https://nq.example.com
permalink: /:year/:month/:title
timezone: Asia/Seoul
kramdown:
  auto_ids: false
  smart_quotes: ["apos", "apos", "quot", "quot"]
  math_engine: null
  syntax_highlighter: rouge
  syntax_highlighter_opts: {disable: true}
""",
 "quirks": """
title: 퀴크
url: https://quirks.example.com
permalink: none
timezone: UTC
kramdown:
  gfm_quirks: [no_auto_typographic]
  gfm_emojis: true
  syntax_highlighter_opts: {default_lang: java, guess_lang: true}
  footnote_nr: 3
""",
 "blockhtml": """
title: 블록
url: https://bh.example.com/
baseurl: sub
permalink: weekdate
timezone: Asia/Tokyo
kramdown:
  parse_block_html: true
  parse_span_html: true
  entity_output: numeric
  toc_levels: 2..3
""",
 "typo": """
title: 활자
url: https://typo.example.com
permalink: /글/:categories/:y_day/:slug:output_ext
timezone: Asia/Seoul
kramdown:
  input: GFM
  typographic_symbols: {hellip: "...", mdash: "---", ndash: "--", laquo: "<<", raquo: ">>", laquo_space: "<< ", raquo_space: " >>"}
  header_offset: 1
  auto_id_prefix: "s-"
  math_engine: mathjax
  entity_output: symbolic
""",
 "english": """
title: Notes
url: https://notes.example.com
baseurl: /n
permalink: /blog/:year/:month/:day/:slug.html
timezone: America/New_York
kramdown:
  input: GFM
  parse_span_html: false
  html_to_native: true
  remove_span_html_tags: true
  smart_quotes: "laquo,raquo,bdquo,ldquo"
  link_defs: {ref1: ["https://example.com/conf", "conf"]}
""",
}

CONF["calm"] = CONF["mm"].replace("한밤의 코드", "차분한 블로그")            # everyday posts only
CONF["calm2"] = CONF["chirpy"].replace("지호의 기록", "차분한 기록")

def front(rng, fill, i):
    title = rng.choice(["§n §n §n", "[§n] §n", "§n(§e) 정리", "\"§n\" 그리고 '§n'", "§n: §n", "§d일차 -- §n...", "§n & §n", "<b>§n</b> §n", "§n `§c`", "§e §n #§d", "§n *§n*", "§n - §n"])
    title = fill(title).replace("\\", "")
    quoted = rng.random()
    if quoted < .4: title = '"' + title.replace('"', '\\"') + '"'
    elif quoted < .5: title = "'" + title.replace("'", "''") + "'"
    elif any(c in title for c in "[]:#&*`<>{}'\"-%|!@"): title = '"' + title.replace('"', '\\"') + '"'
    out = ["title: " + title] if rng.random() < .95 else []
    if rng.random() < .6: out.insert(0, "layout: " + rng.choice(["post", "single", '"post"']))
    y, m, d = 2016 + i % 10, 1 + i % 12, 1 + i % 28
    date = rng.choice([None, None, None, f"{y}-{m:02}-{d:02}", f"{y}-{m:02}-{d:02} 10:{i%60:02}:00", f"{y}-{m:02}-{d:02} 23:{i%60:02}:00 +0900", f"{y}-{m:02}-{d:02}T08:00:00+09:00",
                       f"{y}-{m:02}-{d:02} 9:05", f"'{y}-{m:02}-{d:02} 01:02:03'", f"{y}.{m:02}.{d:02}", f"{y}-{m}-{d} 1:2:3 +0900", f"{y}/{m:02}/{d:02} 12:00", f"{y}-{m:02}-{d:02} 12:00:00 -0400"])
    if date: out.append("date: " + date)
    n = lambda: fill(rng.choice(["§n", "§n", "§e", "§n §n", "§n/§n"])).replace("#", "").replace(":", "").replace("[", "").replace("null", "널").replace("true", "참").replace("undefined", "u").replace("/", "" if rng.random() < .7 else "/")
    c = rng.random()
    if c < .2: out.append("categories: " + n())
    elif c < .4: out += ["categories:", *("  - " + n() for _ in range(rng.choice([1, 2])))]
    elif c < .5: out.append(f"categories: [{n()}, {n()}]")
    elif c < .6: out.append("category: " + n())
    elif c < .65: out += ["categories:", "- " + n(), "- " + n()]
    elif c < .7: out.append("categories:")
    t = rng.random()
    if t < .3: out.append("tags: [" + ", ".join(n() for _ in range(rng.choice([1, 2, 3]))) + "]")
    elif t < .5: out += ["tags:", *("  - " + n() for _ in range(rng.choice([1, 2, 4])))]
    elif t < .7: out.append("tags: " + " ".join(n() for _ in range(2)))
    elif t < .75: out.append("tags: " + n() + ", " + n())
    elif t < .8: out.append("tag: " + n())
    if rng.random() < .1: out.append("last_modified_at: " + f"{y+1}-{m:02}-{d:02}T10:00:00+09:00")
    if rng.random() < .1: out.append(fill("excerpt: \"§n '§n' **§n**\"").replace("\\", ""))
    if rng.random() < .1: out.append("description: " + fill("§n §n"))
    if rng.random() < .2: out += ["toc: true", "toc_sticky: true"]
    if rng.random() < .1: out += ["header:", "  teaser: /assets/t.png"]
    if rng.random() < .05: out.append("author: " + fill("§k"))
    if rng.random() < .03: out.append("published: false")
    if rng.random() < .03: out.append("permalink: /p/" + str(i) + rng.choice(["", "/", ".html", "/:title/"]))
    if rng.random() < .03: out.append("use_math: true")
    return out

def indent(text, by):
    return "\n".join(by + line if line else line for line in text.split("\n"))

def block(rng, fill, calm):
    if rng.random() < (.3 if calm else .05):
        text = fill(rng.choice(SECTS))
        r = rng.random() * (6 if calm else 2)
    else:
        kind = rng.choices(list(WEIGHT), weights=list(WEIGHT.values()))[0]
        text = fill(rng.choice(PER[kind]))
        r = rng.random() * (4 if calm else 1)
    tricky = "{% highlight" in text or "{% capture" in text
    if r < .04 and not tricky:
        by = rng.choice(["  ", "   ", "    ", "\t", "  ", "    "])
        gap = rng.choice(["\n", "\n\n", "\n\n"])
        text = rng.choice(["- ", "* ", "1. ", "-   "]) + fill("§s") + gap + indent(text, by) + (rng.choice(["\n", "\n\n"]) + fill("- §s") if rng.random() < .5 else "")
    elif r < .05 and not tricky:
        text = rng.choice(["- ", "1. ", "* "]) + indent(text, "  ").lstrip()
    elif r < .075 and not tricky:
        text = "\n".join(("> " + line).rstrip() if line or rng.random() < .7 else line for line in text.split("\n"))
    elif r < .09:
        text = rng.choice(["<div>", "<div class=\"notice\" markdown=\"1\">", "<details><summary>x</summary>", "<details markdown=\"1\">", "<center>"]) + rng.choice(["\n", "\n\n"]) + text + rng.choice(["\n", "\n\n"]) + rng.choice(["</div>", "</div>", "</details>", "</details>", "</center>"])
    elif r < .11 and not tricky: text = indent(text, rng.choice([" ", "  ", "   ", "\t", "    "]))
    elif r < .13: text = "\n".join(line + rng.choice(["", "  ", " ", "\t", "   "]) for line in text.split("\n"))
    elif r < .14: text = text.replace(". ", "。").replace(",", "，").replace("(", "（").replace(")", "）") if "{" not in text else text
    elif r < .145: text = unicodedata.normalize("NFD", text) if "{" not in text else text
    elif r < .155 and "\n" in text:   # a line lost, or doubled blank
        lines = text.split("\n")
        if not any("{%" in l for l in lines): del lines[rng.randrange(len(lines))]
        text = "\n".join(lines)
    elif r < .165: text = text.replace("\n", "\n\n", 1)
    return text

def post(rng, i, which):
    calm = rng.random() < (1 if which.startswith('calm') else .55)             # with only the everyday inline bits, few accidents, and longer
    fill = bank.make(rng, calm)
    parts = []
    clean = rng.random() < .35            # a third of the posts are tidy: blank lines between everything
    for _ in range(rng.choice([3, 5, 8, 12, 18, 25] if calm else [2, 3, 4, 5, 6, 8, 10, 14])):
        parts.append(block(rng, fill, calm))
        parts.append("\n\n" if clean else rng.choices(["\n\n", "\n", "\n\n\n", "\n \n", "\n\n\n\n"], weights=[70, 14, 9, 4, 3])[0])
    if rng.random() < .1: parts.append("\nHTML, CSS는 §n이다.\n\n*[HTML]: Hyper \"Text\"\n*[CSS]: §n\n".replace("§n", fill("§n")))
    if rng.random() < .1: parts.append("\n[ref1]: https://example.com/end\n")
    if rng.random() < .15: parts.append("\n[^1]: " + fill("§s") + "\n[^note]: " + fill("§s"))
    if rng.random() < .02: parts.append("\n```java\n" + "int unclosed;")
    body = "".join(parts)
    if rng.random() < .1: body = body.rstrip("\n")
    fm = front(rng, fill, i)
    text = "---\n" + "\n".join(fm) + "\n---" + rng.choice(["\n", "\n", "\n\n", "  \n", "\n\n\n"]) + body
    if rng.random() < .07: text = text.replace("\n", "\r\n")
    if rng.random() < .02: text = "\ufeff" + text
    return text

def name(rng, i):
    fill = bank.make(rng)
    slug = rng.choice(["§n-§n", "§n", "§n §n", "§e-§d", "[§n] §n", "§n(§e)", "§n_§n", "§n-&-§n", "§n, §n", "§n+§n", "§e", "§d-§n", "§n~§n", "§n!", "§n.§n", "§n-§n-"])
    slug = fill(slug).replace("/", "-")
    if rng.random() < .05: slug = unicodedata.normalize("NFD", slug)
    y, m, d = 2016 + i % 10, 1 + i % 12, 1 + i % 28
    return f"{y}-{m:02}-{d:02}-{slug}-{i}." + rng.choice(["md"] * 12 + ["markdown", "md", "html"])

def site(which):
    root = os.path.join(sys.argv[1], which)
    shutil.rmtree(root, ignore_errors=True)
    os.makedirs(root + "/_includes")
    open(root + "/_config.yml", "w").write(CONF[which].lstrip("\n"))
    inc = {
     "figure.html": '<figure>\n  <img src="{{ include.src | relative_url }}">{% if include.caption %}\n  <figcaption>{{ include.caption | markdownify | remove: "<p>" | remove: "</p>" }}</figcaption>{% endif %}\n</figure>\n',
     "video.html": '{% capture src %}https://example.com/v/{{ include.id }}{% endcapture %}\n<div class="video"><iframe src="{{ src }}"></iframe></div>\n',
     "toc": '<nav class="toc">목차</nav>\n',
     "notice.html": '<div class="notice">{{ include.text | markdownify }}</div>',
    }
    for k, v in inc.items(): open(f"{root}/_includes/{k}", "w").write(v)
    rng = random.Random(f"{SEED}-{which}")
    for i in range(POSTS):
        sub = rng.choice(["_posts"] * 6 + ["_posts/" + rng.choice(["java", "일상", "알고리즘"]), rng.choice(["study", "생각"]) + "/_posts"])
        os.makedirs(f"{root}/{sub}", exist_ok=True)
        with open(f"{root}/{sub}/{name(rng, i)}", "w", newline="", encoding="utf-8") as f: f.write(post(random.Random(f"{SEED}-{which}-{i}"), i, which))

if __name__ == "__main__":
    for which in sys.argv[2:] or list(CONF): site(which)
