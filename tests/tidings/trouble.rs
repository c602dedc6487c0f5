//! What tidings says of mistakes: every text whole, as a snapshot beside the fixture that provokes it.

use std::path::Path;

use crate::site::{Site, simple};

/// Puts each fixture of `folder` where `place` says and compares what `check` says with the snapshot.
fn each(folder: &str, place: impl Fn(Site, &str, &str, Vec<u8>) -> Site) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder);
    let mut names: Vec<_> =
        root.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name.starts_with("err_") && !name.contains(".snap"));
    names.sort();
    assert!(!names.is_empty());
    for name in names {
        let (stem, extension) = name.split_once('.').unwrap();
        let site = place(
            Site::new().post("2026-11-20-good.md", simple("가")),
            stem,
            extension,
            std::fs::read(root.join(&name)).unwrap(),
        );
        let ran = site.run(&["check"]);
        assert_ne!(ran.stderr, "", "{name} provokes nothing");
        let text = format!("code {}\n{}", ran.code, ran.stderr);
        let shown = text.replace(&site.path("").display().to_string(), "SITE/");
        insta::with_settings!({ snapshot_path => root.clone(), prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(stem, shown);
        });
    }
}

#[test]
fn of_posts() {
    each("posts", |site, stem, _, bytes| site.post(&format!("2026-11-01-{stem}.md"), bytes));
}

#[test]
fn of_the_config() {
    each("config", |site, _, _, bytes| site.file("config/tidings.yaml", bytes));
}

#[test]
fn of_lists() {
    each("lists", |site, _, extension, bytes| {
        let config =
            crate::site::CONFIG.replace("select:", &format!("subscribers: list.{extension}, select:"));
        site.config(&config).file(&format!("config/list.{extension}"), bytes)
    });
}

#[test]
fn of_templates() {
    each("templates", |site, _, extension, bytes| site.file(&format!("templates/digest.{extension}"), bytes));
}
