//! What `check` finds, what its findings mean, and in which forms they come.

use std::collections::BTreeSet;
use std::path::Path;

use crate::site::{CONFIG, Site, simple};

fn codes_explained() -> BTreeSet<String> {
    Site::bare().run(&["explain"]).code(0).stdout.lines().map(str::to_owned).collect()
}

/// The text of every source file, without its tests.
fn sources(folder: &Path, all: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            all.push_str(text.split("#[cfg(test)]").next().unwrap());
        }
    }
}

#[test]
fn every_code_is_explained_and_none_that_is_no_more() {
    let mut text = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    let explained = codes_explained();
    let said = regex::Regex::new(r#"Diagnostic::(?:error|warning)\(\s*"([a-z-]+)""#).unwrap();
    for found in said.captures_iter(&text) {
        assert!(explained.contains(&found[1]), "`tidings explain {}` says nothing", &found[1]);
    }
    for code in &explained {
        assert!(text.contains(&format!("\"{code}\"")), "`{code}` is explained, and nothing has it");
    }
}

#[test]
fn a_code_is_explained_and_a_slip_is_told() {
    let site = Site::bare();
    site.run(&["explain", "no-date"]).code(0).prints("no-date\n").prints("date");
    site.run(&["explain", "nodate"]).code(2).says("did you mean `no-date`?");
}

#[test]
fn addresses_of_tasks_and_mistyped_ones_are_told_by_check_alone() {
    let site = Site::new().post("2026-11-20-one.md", simple("하나")).subscribers(
        "- { email: kim@gmial.com }\n- { email: webmaster@example.com }\n- { email: lee@gmial.com, status: unsubscribed }\n",
    );
    let checked = site.run(&["check"]).code(0);
    let checked =
        checked.says("subscriber-domain").says("subscriber-role").says("config/subscribers.yaml:1:");
    checked.says("config/subscribers.yaml:2:").says("`gmail.com`").never_says("lee@");
    site.run(&["run"]).code(0).never_says("subscriber-").never_says("gmial");
}

#[test]
fn the_owner_says_how_bad_a_finding_is() {
    let undated = "---\ntitle: 무제\n---\n\n글\n";
    let site = |check: &str| Site::new().config(&format!("{CONFIG}{check}")).post("untitled.md", undated);
    site("").run(&["check"]).code(0).says("warning[no-date]");
    site("check: { no-date: error }\n").run(&["check"]).code(1).says("error[no-date]");
    site("check: { no-date: allow }\n").run(&["check"]).code(0).says("nothing is wrong");
    site("check: { no-data: error }\n").run(&["check"]).code(0).says("did you mean `no-date`?");
    site("check: { no-date: fatal }\n").run(&["check"]).code(2).says("fatal");
}

#[test]
fn code_scanners_are_told_in_sarif() {
    let site = Site::new().post("2026-11-20-one.md", "---\ntitle: 하나: 둘\n---\n\n글\n");
    let sarif = site.run(&["check", "--sarif"]).code(1).json();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!((&result["ruleId"], &result["level"]), (&"front-matter".into(), &"error".into()));
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "posts/2026-11-20-one.md");
    assert_eq!((&place["region"]["startLine"], &sarif["version"]), (&2.into(), &"2.1.0".into()));
    site.run(&["check", "--sarif", "--json"]).code(2);
}

#[test]
fn editors_get_a_schema_that_knows_every_section() {
    let schema = Site::bare().run(&["config", "schema"]).code(0).json();
    for section in ["site", "posts", "feeds", "newsletters", "mail", "server", "webhooks", "check"] {
        assert!(schema["properties"][section].is_object(), "{section}");
    }
    assert_eq!(schema["additionalProperties"], false);
}

#[test]
fn a_list_in_which_a_quotation_mark_is_left_open_writes_to_nobody() {
    let list = "email,name,status\nkim@example.net,\"김,unsubscribed\nlee@example.net,이,active\n";
    let site = Site::new()
        .config(&CONFIG.replace("weekly: {", "weekly: { subscribers: list.csv,"))
        .file("config/list.csv", list)
        .post("2026-11-20-one.md", simple("하나"));
    site.run(&["send"]).code(1).never_says("sent");
    site.run(&["check"]).code(1).says("config/list.csv:2:").says("quotation mark");
    // A name on two lines is one.
    let site = site.file("config/list.csv", "email,name,status\nkim@example.net,\"김\n민지\",active\n");
    site.run(&["send"]).code(0).says("1 sent");
}

#[test]
fn front_matter_in_broken_json_does_not_publish_a_draft() {
    let site =
        Site::new().post("2026-11-20-one.md", "{\n  \"title\": \"하나\",\n  \"draft\": true,\n}\n\n글\n");
    site.run(&["build"]).code(1).says("error[front-matter]").says("posts/2026-11-20-one.md:4:");
    assert!(!site.read("public/atom.xml").contains("<entry"));
}

#[test]
fn a_draft_with_a_slip_is_kept_back_where_no_generator_would_publish_it() {
    for (file, text) in [
        ("zola.toml", "base_url = \"https://zola.example\"\ntitle = \"Zola\"\n"),
        ("astro.config.mjs", "export default { site: 'https://astro.example' };\n"),
    ] {
        let place = if file == "zola.toml" { "content/one.md" } else { "src/content/blog/one.md" };
        let post = "---\ntitle: 하나\ndate: 2026-11-20\npubDate: 2026-11-20\ndraft: ture\n---\n\n글\n";
        let site = Site::bare().file(file, text).file(place, post);
        site.run(&["check"]).code(0).says("warning[odd-truth]").says("kept back");
        site.run(&["build"]).code(0);
        assert!(!site.read("public/atom.xml").contains("<entry"), "{file}");
    }
}

#[test]
fn links_to_what_a_generator_makes_are_not_called_dead() {
    let site = Site::bare()
        .file("hugo.toml", "baseURL = \"https://hugo.example/blog/\"\n")
        .file("content/posts/new.md", "---\ntitle: 새\ndate: 2026-11-20\naliases: [/posts/old/]\n---\n글\n")
        .file("content/posts/faq.md", "---\ntitle: 물음\n---\n글\n")
        .file(
            "content/posts/links.md",
            "---\ntitle: 이음\ndate: 2026-11-21\n---\n[하나](/blog/posts/) [둘](/blog/posts/old/) [셋](/blog/posts/index.xml) [넷](/blog/posts/faq/) \
             [다섯](https://hugo.example/blog-assets/a.png) [여섯](/blog/posts/new/)\n\n[죽은 것](/blog/posts/nwe/)\n",
        );
    let found = site.run(&["check", "--json"]).json();
    let links: Vec<&str> = found
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["code"] == "link")
        .map(|one| one["message"].as_str().unwrap())
        .collect();
    assert_eq!(links.len(), 1, "{links:?}");
    assert!(links[0].contains("/posts/nwe/"), "{links:?}");
}
