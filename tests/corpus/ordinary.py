"""Writes the same ordinary posts as a Jekyll and as a Hugo blog, which both generators can build. usage: ordinary.py DIR COUNT"""
import pathlib, random, sys

out, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
random.seed(4)
TITLES = ["강을 건너는 {n}가지 방법", "R&D 예산 & 사람 {n}", "5 < 6인 까닭 {n}", "AI News - “새벽” {n}호: 물값", "Weekly notes {n}", "한 줄로 쓰는 'C++' {n}", "  가  나 {n}", "👨‍👩‍👧 가족 {n}"]
WORDS = "강둑 새벽 철도 물값 **굵게(bold)**는 [링크](https://b.example/?a=1&b=2) `코드 < 1` 냉각수 데이터 *기울임* 지도 바람".split()
CATEGORIES, TAGS = ["일기", "AI_News", "여행 이야기"], ["강", "클라우드", "R&D", "C++", "새벽 배포"]


def write(path, matter, body):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{matter}---\n\n{body}\n", encoding="utf-8")


write(out / "jekyll/index.md", "title: 집\n", "글")
(out / "jekyll/_config.yml").write_text("title: 새벽 노트\nurl: https://a.example\nbaseurl: /blog\ntimezone: Asia/Seoul\nplugins: [jekyll-feed]\nfeed: { posts_limit: 100000 }\nauthor: 김민지\n")
(out / "hugo/layouts/_default").mkdir(parents=True)
for name in ("single", "list"):
    (out / f"hugo/layouts/_default/{name}.html").write_text("{{ .Content }}")
(out / "hugo/hugo.toml").write_text('baseURL = "https://a.example/blog/"\ntitle = "새벽 노트"\ntimeZone = "Asia/Seoul"\n')
for n in range(count):
    year, month, day = 2020 + n % 6, 1 + n % 12, 1 + n % 28
    title = TITLES[n % len(TITLES)].format(n=n).replace('"', '\\"')
    category, tags = CATEGORIES[n % 3], ", ".join(f'"{tag}"' for tag in random.sample(TAGS, n % 4))
    slug = f"post-{n}" if n % 5 else f"글-{n}"
    body = "\n\n".join(" ".join(random.choices(WORDS, k=30)) for _ in range(1 + n % 4))
    hour = f" {n % 24:02}:{n % 60:02}:00 +0900" if n % 3 else ""
    changed = f"last_modified_at: {year + 1}-01-02 03:04:05 +0900\n" if n % 7 == 0 else ""
    date = f"date: {year}-{month:02}-{day:02}{hour}\n" if hour else ""
    write(out / f"jekyll/_posts/{year}-{month:02}-{day:02}-{slug}.md", f'title: "{title}"\n{date}categories: ["{category}"]\ntags: [{tags}]\n{changed}', body)
    stamp = f"{year}-{month:02}-{day:02}T{n % 24:02}:{n % 60:02}:00+09:00"
    write(out / f"hugo/content/posts/{slug}.md", f'title: "{title}"\ndate: {stamp}\ncategories: ["{category}"]\ntags: [{tags}]\n', body)
