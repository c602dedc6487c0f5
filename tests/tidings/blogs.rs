//! Blogs as they are, made with any generator: the entries are those that the generator would have made.
//!
//! `tests/compare.sh` holds Jekyll's and Hugo's against the real programs; here stands what must not change unseen.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::site::Site;

fn blogs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/blogs")
}

/// A trial blog, every entry of it wanted, and its items as they are on a day in December 2026.
fn items(name: &str, more: &str) -> Vec<serde_json::Value> {
    let site =
        Site::copy_of(&blogs().join(name)).config(&format!("feeds: {{ limit: 0, formats: [json] }}\n{more}"));
    let ran = site.run(&["--now", "2026-12-01T08:00:00+09:00", "build"]);
    assert!(ran.code <= 1, "{}", ran.stderr);
    let feed: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    feed["items"].as_array().unwrap().clone()
}

fn decoded(address: &serde_json::Value) -> String {
    percent_encoding::percent_decode_str(address.as_str().unwrap()).decode_utf8_lossy().into_owned()
}

/// All that a reader sees of each entry, as a snapshot beside the trial blog.
fn snapshot(name: &str, more: &str) {
    let shown: String = items(name, more)
        .iter()
        .map(|item| {
            let tags: Vec<_> =
                item["tags"].as_array().into_iter().flatten().map(|tag| tag.as_str().unwrap()).collect();
            format!(
                "== {}\nid {}\n{} · {} · {}\n{}\n",
                decoded(&item["url"]),
                decoded(&item["id"]),
                item["title"].as_str().unwrap(),
                item["date_published"].as_str().unwrap(),
                tags.join(", "),
                item["content_html"].as_str().unwrap()
            )
        })
        .collect();
    insta::with_settings!({ snapshot_path => blogs(), prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, shown);
    });
}

#[test]
fn a_jekyll_blog() {
    snapshot("jekyll", "");
}

#[test]
fn a_jekyll_blog_in_another_zone_with_collections_and_defaults() {
    snapshot("jekyll-pretty", "");
}

#[test]
fn a_hugo_blog() {
    snapshot("hugo", "");
}

#[test]
fn a_hugo_blog_configured_by_a_folder() {
    snapshot("hugo-config", "");
}

#[test]
fn a_zola_blog() {
    snapshot("zola", "");
    as_expected("zola", &["content/about.md", "content/blog/not-rendered.md"]);
}

#[test]
fn an_eleventy_blog() {
    snapshot("eleventy", "");
    // The first is escaped for HTML by the template engine; the second is a draft, which a newsletter must not have.
    as_expected("eleventy", &["src/posts/Upper_Case & 부호!.md", "src/posts/draft.md"]);
}

#[test]
fn an_astro_blog() {
    snapshot("astro", "");
    as_expected("astro", &[]);
}

#[test]
fn a_plain_folder_in_many_encodings() {
    snapshot("plain", "site: { url: https://plain.example, timezone: Asia/Seoul }\n");
}

/// Addresses, dates and titles as the blog's generator gives them, `but` some posts.
fn as_expected(name: &str, but: &[&str]) {
    let expected = std::fs::read_to_string(blogs().join(name).join("expected.json")).unwrap();
    let expected: Vec<serde_json::Value> = serde_json::from_str(&expected).unwrap();
    let items = items(name, "");
    let moment =
        |value: &serde_json::Value| chrono::DateTime::parse_from_rfc3339(value.as_str().unwrap()).unwrap();
    for post in expected.iter().filter(|post| !post["url"].is_null()) {
        let source = post["source"].as_str().unwrap();
        if but.contains(&source) {
            continue;
        }
        let item = items.iter().find(|item| decoded(&item["url"]) == decoded(&post["url"]));
        let item = item.unwrap_or_else(|| panic!("{source} is not at {}", decoded(&post["url"])));
        assert_eq!(moment(&item["date_published"]), moment(&post["date"]), "{source}");
        if let Some(title) = post["title"].as_str() {
            assert_eq!(item["title"], title, "{source}");
        }
    }
}

#[test]
fn what_was_read_is_shown_with_its_origin() {
    let site = Site::copy_of(&blogs().join("jekyll")).config("site: { title: 다른 이름 }\n");
    site.run(&["config", "show"])
        .code(0)
        .prints("site.title: 다른 이름  # config/tidings.yaml")
        .prints("site.timezone: Asia/Seoul  # _config.yml")
        .prints("posts.permalink: /:categories/:title/  # _config.yml");
    let list = site.run(&["config", "show", "--json"]).code(0).json();
    assert!(
        list.as_array().unwrap().iter().any(|one| one["key"] == "posts.dialect" && one["value"] == "Jekyll")
    );
}

#[test]
fn oddities_are_one_line_of_a_build_and_counted_by_check() {
    let site = (1..=5).fold(Site::new(), |site, day| {
        site.post(&format!("2026-11-0{day}-a{day}.md"), format!("---\ntitle: {day}\ntitle: {day}0\n---\nx\n"))
    });
    let built = site.run(&["build"]).code(0);
    assert_eq!(
        built.stderr.lines().filter(|line| line.contains("repeated-key 5")).count(),
        1,
        "{}",
        built.stderr
    );
    assert!(!built.stderr.contains("stands in the front matter twice"), "{}", built.stderr);
    site.run(&["check"])
        .code(0)
        .says("stands in the front matter twice")
        .says("repeated-key: 2 more like these");
    assert_eq!(site.run(&["check", "--json"]).code(0).json().as_array().unwrap().len(), 5);
}

fn jekyll(body: &str) -> Site {
    Site::bare()
        .file("_config.yml", "title: a\nurl: https://a.example\n")
        .file("_posts/2026-11-01-a.md", format!("---\ntitle: a\n---\n{body}"))
}

fn content(site: &Site) -> String {
    let feed: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    feed["items"][0]["content_html"].as_str().unwrap().to_owned()
}

#[test]
fn an_unknown_tag_goes_and_what_it_encloses_stays() {
    let site =
        jekyll("{% tabs %}\n**안의 글**\n{% endtabs %}\n\n{{ \"x\" | shout }} {% include gone.html %}\n");
    site.run(&["build"]).code(0).says("template-code 3");
    assert_eq!(content(&site), "<p><strong>안의 글</strong></p>\n<p>x</p>\n");
    site.run(&["check"]).code(0).says("`{% tabs %}` is not known here").says("{% include gone.html %}");
}

#[test]
fn an_include_reads_no_file_outside_its_folder() {
    let site = jekyll(
        "a{% include ../secret.txt %}{% include /etc/passwd %}{% include_relative ../secret.txt %}b\n",
    )
    .file("secret.txt", "hunter2")
    .file("_includes/x.html", "x");
    site.run(&["build"]).code(0);
    assert_eq!(content(&site), "<p>ab</p>\n");
}

#[test]
fn templates_that_would_never_end_do() {
    let loops = "{% for a in (1..10000) %}{% for b in (1..10000) %}{% for c in (1..10000) %}x{% endfor %}{% endfor %}{% endfor %}";
    let site = jekyll(&format!("{loops}{{% include self.html %}}끝\n"))
        .file("_includes/self.html", "y{% include self.html %}");
    let start = Instant::now();
    site.run(&["build"]).code(0);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn nesting_without_end_is_no_trouble_to_kramdown() {
    for body in [
        "[".repeat(100_000),
        "![".repeat(50_000),
        "*a ".repeat(30_000),
        "<b>".repeat(1_900),
        "<T>*".repeat(1_900),
        "- ".repeat(190) + "x",
        "> ".repeat(190) + "x",
        "{: .a}\n".repeat(10_000),
        "|a".repeat(50_000),
        "`".repeat(100_001),
        "\"'".repeat(50_000),
        (0..400).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect(),
    ] {
        let site = jekyll(&body);
        let start = Instant::now();
        site.run(&["build"]).code(0);
        assert!(start.elapsed() < Duration::from_secs(20), "{:?} for {}", start.elapsed(), &body[..12]);
    }
}

#[test]
fn shortcodes_are_the_sites_templates_or_leave_what_they_enclose() {
    let post = "---\ntitle: a\ndate: 2026-11-01\n---\n{{< box 색=\"x\" title=\"제목 & 글\" >}}안{{< /box >}}\n\n{{< gone >}}**밖**{{< /gone >}}\n\n{{< youtube dQw4w9WgXcQ >}}\n\n{{</* box */>}}\n";
    let site = Site::bare()
        .file("hugo.toml", "baseURL = 'https://a.example/'\ntitle = 'a'\n")
        .file("content/posts/a.md", post)
        .file("templates/shortcodes/box.html", "<div>{{ title }}: {{ inner }}</div>");
    site.run(&["build"]).code(0).says("template-code 1");
    let html = content(&site);
    for part in [
        "<div>제목 &amp; 글: 안</div>",
        "<strong>밖</strong>",
        "href=\"https://www.youtube.com/watch?v=dQw4w9WgXcQ\"",
        "{{&lt; box &gt;}}",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
}

#[test]
fn a_shortcode_template_may_make_markdown_and_a_broken_one_is_named() {
    let post = "+++\ntitle = \"a\"\ndate = 2026-11-01\n+++\n{{ note(words=\"**말**\") }}\n\n{% broken() %}*안*{% end %}\n";
    let site = Site::bare()
        .file("config.toml", "base_url = \"https://a.example\"\ntitle = \"a\"\n")
        .file("content/a.md", post)
        .file("templates/shortcodes/note.md", "{{ words }}은")
        .file("templates/shortcodes/broken.html", "<p>{{ body | shout }}</p>");
    site.run(&["build"]).code(0).says("template-code 1");
    assert_eq!(content(&site), "<p><strong>말</strong>은</p>\n<p><em>안</em></p>\n");
    site.run(&["check"]).code(0).says("cannot be run: unknown filter").says("broken.html:1");
}

#[test]
fn a_tera_template_runs_as_it_is() {
    let template = "{{ name | default(value='없음') }} {{ 'a-b' | replace(from='-', to='+') }} {{ ['x', 'y'] | join(sep='·') }} {{ 'abc' | truncate(length=2) }} {{ '2026-11-24' | date(format='%Y년') }} {{ get_url(path='@/blog/a.md') }} {% if 'abc' is starting_with('ab') %}{{ '**b**' | markdown(inline=true) }}{% endif %} {{ 'a,b' | split(pat=',') | concat(with=['c']) | length }}";
    let site = Site::bare()
        .file("config.toml", "base_url = \"https://a.example\"\ntitle = \"a\"\ntheme = \"moss\"\n")
        .file("content/a.md", "+++\ntitle = \"a\"\ndate = 2026-11-01\n+++\n{{ all() }}\n")
        .file("themes/moss/templates/shortcodes/all.html", template);
    site.run(&["build"]).code(0);
    let expected = "없음 a+b x·y ab… 2026년 https://a.example/blog/a <strong>b</strong> 3";
    assert_eq!(content(&site), expected);
}

#[test]
fn a_post_and_its_translations_know_each_other() {
    let post = |title: &str| format!("---\ntitle: {title}\ndate: 2026-11-01\n---\nx\n");
    let site = Site::bare()
        .file("hugo.toml", "baseURL = 'https://a.example/'\ntitle = 'a'\ndefaultContentLanguage = 'ko'\n[languages.ko]\nweight = 1\n[languages.en]\nweight = 2\n")
        .file("content/posts/a.md", post("가"))
        .file("content/posts/a.en.md", post("a"));
    site.run(&["build"]).code(0).says("2 new");
    let atom = site.read("public/atom.xml");
    for link in [
        "href=\"https://a.example/posts/a/\" rel=\"alternate\" hreflang=\"ko\" type=\"text/html\"",
        "href=\"https://a.example/en/posts/a/\" rel=\"alternate\" hreflang=\"en\" type=\"text/html\"",
    ] {
        assert_eq!(atom.matches(link).count(), 2, "{link} in {atom}");
    }
    crate::checkers::feeds_are_valid(&site.path("public"));
}

#[test]
fn an_address_is_found_out_where_the_blog_does_not_say() {
    let site = jekyll("x\n").file("_config.yml", "title: a\n").file("CNAME", "blog.example\n");
    site.run(&["config", "show"]).code(0).prints("site.url: https://blog.example/  # CNAME");
}

fn summary(site: &Site) -> String {
    let feed: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    feed["items"][0]["summary"].as_str().unwrap().to_owned()
}

#[test]
fn a_blogs_own_feed_says_how_many_entries_and_whether_they_are_whole() {
    let site = jekyll("둘째\n\n더\n")
        .file("_config.yml", "url: https://a.example\nfeed: { posts_limit: 1, excerpt_only: true }\n")
        .file("_posts/2026-10-01-b.md", "---\ntitle: b\n---\n첫째\n");
    site.run(&["build"]).code(0);
    let feed: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    assert_eq!(feed["items"].as_array().unwrap().len(), 1);
    assert!(!site.read("public/atom.xml").contains("<content"));
    assert_eq!(summary(&site), "둘째");
    site.run(&["config", "show"])
        .code(0)
        .prints("feeds.limit: 1  # _config.yml")
        .prints("feeds.content: summary  # _config.yml");
    let site = site.config("feeds: { limit: 0, content: full }\n");
    site.run(&["build"]).code(0);
    let feed: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    assert_eq!(feed["items"].as_array().unwrap().len(), 2);
    assert_eq!(content(&site), "<p>둘째</p>\n<p>더</p>\n");
}

#[test]
fn an_excerpt_ends_where_a_jekyll_site_says() {
    let settings = "url: https://a.example\nexcerpt_separator: <!--끝-->\nfeed: { excerpt_only: true }\n";
    let site =
        jekyll("첫 [글][a]\n\n둘째 {% if true %}글{% endif %}\n<!--끝-->\n셋째\n\n[a]: https://b.example/\n");
    let site = site.file("_config.yml", settings);
    site.run(&["build"]).code(0);
    assert_eq!(summary(&site), "첫 글 둘째 글");
    let own = "---\ntitle: a\nexcerpt_separator: ~~~~\n---\n가\n\n나\n\n~~~~\n\n다\n";
    let site = site.file("_posts/2026-11-01-a.md", own);
    site.run(&["build"]).code(0);
    assert_eq!(summary(&site), "가 나");
}

#[test]
fn an_odd_date_is_pointed_at_under_its_own_key() {
    let site = Site::bare()
        .file("hugo.toml", "baseURL = 'https://a.example/'\ntitle = 'a'\n")
        .file("content/posts/2026-07-07.md", "---\ntitle: 2026-07의 일\ndate: 2026-07\n---\nx\n");
    site.run(&["check"]).code(0).says(" --> content/posts/2026-07-07.md:3:7");
}

#[test]
fn tags_that_only_look_like_html_leave_the_text_around_them() {
    let body = "가 vector<int>에 대해\n\n- list<set> 뒤\n\n<int main> 글\n\n<math><mi>x</mi></math> 끝\n\n글 <figure>그림</figure> 뒤\n";
    let site = jekyll(body);
    site.run(&["build"]).code(0);
    let html = content(&site);
    let words: String = html.replace("<figure>", "").replace("</figure>", "");
    for part in ["<p>가 vector에 대해", "list 뒤", "글", "x 끝", "글 그림 뒤"] {
        assert!(words.contains(part), "{part} is not in {html}");
    }
}

#[test]
fn other_posts_and_data_are_known_to_liquid_as_jekyll_knows_them() {
    let body = "{% for p in site.posts %}{{ p.url }} {{ site.baseurl }}{{ p.id }} {% endfor %};{{ page.slug }};{{ page.previous.url | relative_url }};{{ page.next.title }};{{ site.data.rows[1].name }};{% link about.md %};{{ page.date | date: '%Z' }}";
    let site = jekyll(body)
        .file(
            "_config.yml",
            "url: https://a.example\nbaseurl: /b\npermalink: /p/:title/\ntimezone: Asia/Seoul\n",
        )
        .file("_posts/2026-11-02-한글 글.md", "---\n---\ny\n")
        .file("_posts/2026-10-01-old.md", "---\n---\nz\n")
        .file("_data/rows.csv", "name,age\n가,1\n나,2\n")
        .file("about.md", "---\npermalink: /me/\n---\nx\n");
    site.run(&["build"]).code(0);
    let feed: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    let expected = "<p>/p/%ED%95%9C%EA%B8%80-%EA%B8%80/ /b/p/한글 글 /p/a/ /b/p/a /p/old/ /b/p/old ;a;/b/p/old/;한글 글;나;/b/me/;KST</p>\n";
    assert_eq!(feed["items"][1]["content_html"], expected);
}

#[test]
fn a_zone_that_ruby_does_not_know_is_passed_over() {
    let site = jekyll("x\n").file("_posts/2026-11-01-a.md", "---\ndate: 2026-11-01 10:00:00 KST\n---\nx\n");
    site.run(&["build"]).code(0);
    let feed: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    assert_eq!(feed["items"][0]["date_published"], "2026-11-01T10:00:00+00:00");
}

#[test]
fn what_stands_behind_a_number_sign_in_a_name_is_no_part_of_the_id() {
    let site = jekyll("x\n").file("_posts/2026-11-03-C#.md", "---\n---\nx\n");
    site.run(&["build"]).code(0);
    let feed: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    assert_eq!(feed["items"][0]["id"], "https://a.example/2026/11/03/C");
}

#[test]
fn notes_are_posts_by_whatever_date_their_names_begin_with() {
    let names = [
        "2026-11-20 주간 회고.md",
        "2026-11-15.md",
        "2026-11-06_밑줄.md",
        "20261110 compact.md",
        "2026.11.09 점.md",
        "2026년 11월 8일.md",
        "2026-1-5-x.md",
    ];
    let site = names.iter().fold(Site::bare().config("site: { url: https://a.example }\n"), |site, name| {
        site.file(name, "# 제목\n\n글\n")
    });
    let site = site.file("README.md", "x\n").file("My note.md", "---\ndate: 2026-11-01\n---\n# 제목\n\n글\n");
    site.run(&["build"]).code(0).says("8 new");
    assert_eq!(content(&site), "<p>글</p>\n", "the title is not said twice");
}

#[test]
fn a_permalink_of_words_that_mean_nothing_is_refused() {
    let site = jekyll("x\n").config("posts: { permalink: '/:categories/:titel/' }\n");
    site.run(&["build"])
        .code(2)
        .says("`:titel` is no part of a permalink here")
        .says("did you mean `:title`?");
    let hugo = Site::bare().file("hugo.toml", "baseURL = 'https://a.example/'\n");
    let hugo = hugo.config("posts: { permalink: '/:categories/:title/' }\n");
    hugo.run(&["build"]).code(2).says("`:categories` is no part of a permalink here");
}

#[test]
fn the_starter_of_eleventy_needs_no_config() {
    let site = Site::bare()
        .file(
            "eleventy.config.js",
            "export default function (c) { return { dir: { input: \"content\" } }; }\n",
        )
        .file(
            "_data/metadata.js",
            "export default {\n\ttitle: \"제목\",\n\turl: \"https://a.example/\",\n\tlanguage: \"ko\",\n};\n",
        )
        .file(
            "content/blog/blog.11tydata.js",
            "export default {\n\ttags: [\n\t\t\"posts\"\n\t],\n\t\"layout\": \"x.njk\",\n};\n",
        )
        .file("content/blog/fourth/fourth.md", "---\ntitle: 넷\ndate: 2026-11-04\n---\nx\n")
        .file("content/blog/no-date.md", "---\ntitle: 없음\n---\nx\n");
    site.run(&["build"]).code(0).says("no-date 1");
    let feed: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    assert_eq!(feed["items"].as_array().unwrap().len(), 1);
    assert_eq!(feed["items"][0]["url"], "https://a.example/blog/fourth/");
}

#[test]
fn a_reference_leads_to_the_page_of_its_own_language() {
    let post = |body: &str| format!("---\ntitle: a\ndate: 2026-11-01\n---\n{body}\n");
    let site = Site::bare()
        .file("hugo.toml", "baseURL = 'https://a.example/'\ndefaultContentLanguage = 'en'\n[languages.en]\nweight = 1\n[languages.ko]\nweight = 2\n")
        .file("content/posts/b.md", post("x"))
        .file("content/posts/b.ko.md", post("x"))
        .file("content/posts/a.ko.md", "---\ntitle: a\ndate: 2026-11-02\n---\n[r]({{< ref \"b\" >}}) [e]({{< ref path=\"b\" lang=\"en\" >}})\n");
    site.run(&["build"]).code(0);
    let html = content(&site);
    assert!(
        html.contains("\"https://a.example/ko/posts/b/\"") && html.contains("\"https://a.example/posts/b/\""),
        "{html}"
    );
}

#[test]
fn astros_pages_say_where_a_collection_is_shown() {
    let page = "---\nconst posts = await getCollection('blog');\n---\n<Content />\n";
    let site = Site::bare()
        .file("astro.config.ts", "export default defineConfig({ site: SITE.website });\n")
        .file("src/config.ts", "export const SITE = {\n  website: \"https://a.example/\",\n  title: \"밤\",\n  timezone: \"Asia/Seoul\",\n};\n")
        .file("src/pages/posts/[...slug]/index.astro", page)
        .file("src/pages/posts/[...slug].astro", page)
        .file("src/pages/tags/[tag].astro", "getCollection('blog')")
        .file("src/data/blog/adding.md", "---\ntitle: 글\npubDatetime: 2026-11-01T00:00:00Z\n---\nx\n")
        .file("src/content/authors/hana.md", "---\ntitle: 하나\ndate: 2026-11-01\n---\nx\n");
    let site = site.config("posts: { dir: src/data/blog }\n");
    site.run(&["build"]).code(0).says("1 new");
    let feed: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    assert_eq!(feed["items"][0]["url"], "https://a.example/posts/adding/");
    assert_eq!(feed["title"], "밤");
    let other = Site::bare()
        .file("astro.config.mjs", "export default { site: 'https://a.example' };\n")
        .file("src/pages/posts/[...slug].astro", page)
        .file("src/content/blog/a.md", "---\ntitle: 글\npubDate: 2026-11-01\n---\nx\n")
        .file("src/content/authors/hana.md", "---\ntitle: 하나\ndate: 2026-11-01\n---\nx\n");
    other.run(&["build"]).code(0).says("1 new");
    other.run(&["config", "show"]).code(0).prints("astro.routes: blog at /posts  # astro.config.mjs");
}

#[test]
fn a_picture_or_code_in_an_unknown_shortcode_stays() {
    let post = "---\ntitle: a\ndate: 2026-11-01\n---\n{{< img src=\"a.png\" alt=\"가\" >}}\n\n{{< mermaid >}}\nA-->B\n{{< /mermaid >}}\n\n```rust {linenos=true}\nx\n```\n";
    let site =
        Site::bare().file("hugo.toml", "baseURL = 'https://a.example/'\n").file("content/posts/a.md", post);
    site.run(&["build"]).code(0).says("template-code 2");
    let html = content(&site);
    for part in [
        "<img src=\"https://a.example/posts/a/a.png\" alt=\"가\">",
        "<pre><code>A--&gt;B</code></pre>",
        "<code class=\"language-rust\">",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
}

#[test]
fn a_link_to_a_page_of_zola_that_is_no_post_follows_its_path() {
    let site = Site::bare()
        .file("config.toml", "base_url = \"https://a.example\"\n")
        .file("content/about.md", "+++\ntitle = \"b\"\npath = \"me\"\n+++\nx\n")
        .file("content/a.md", "+++\ntitle = \"a\"\ndate = 2026-11-01\n+++\n[m](@/about.md#x)\n");
    site.run(&["build"]).code(0);
    assert_eq!(content(&site), "<p><a href=\"https://a.example/me/#x\">m</a></p>\n");
}

#[test]
fn an_include_of_a_theme_elsewhere_leaves_its_picture() {
    let site = jekyll(
        "{% include figure image_path=\"/a.png\" alt=\"가\" caption=\"나\" %}\n\n{% include video id=\"dQw4w9WgXcQ\" provider=\"youtube\" %}\n",
    );
    site.run(&["build"]).code(0).says("template-code 2");
    let html = content(&site);
    assert!(
        html.contains("<img src=\"https://a.example/a.png\" alt=\"가\">") && html.contains("나"),
        "{html}"
    );
    assert!(html.contains("https://www.youtube.com/watch?v=dQw4w9WgXcQ"), "{html}");
}
