//! What tidings says of mistakes: every text whole, as a snapshot beside the fixture that provokes it. A fixture is one file, or a
//! folder that is laid over the site, where the mistake takes more than one.

use std::path::Path;

use crate::site::{Ran, Site, simple};

/// Puts each fixture of `folder` where `place` says and compares what `check` says with the snapshot.
fn each(folder: &str, place: impl Fn(Site, &str, &str, Vec<u8>) -> Site) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder);
    let mut names: Vec<_> =
        root.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name.starts_with("err_") && !name.contains(".snap"));
    names.sort();
    assert!(!names.is_empty());
    for name in names {
        let (stem, extension) = name.split_once('.').unwrap_or((&name, ""));
        let site = Site::new().post("2026-11-20-good.md", simple("가"));
        let fixture = root.join(&name);
        let site = if fixture.is_dir() {
            laid_over(site, &fixture)
        } else {
            place(site, stem, extension, std::fs::read(fixture).unwrap())
        };
        // What SpamAssassin thinks of a mail is its own, and not every machine has it.
        let ran = Ran::of(site.command(&["check"]).env("PATH", "").output().unwrap());
        assert_ne!(ran.stderr, "", "{name} provokes nothing");
        assert!(!ran.stderr.contains("nothing is wrong"), "{name} provokes nothing");
        let text = format!("code {}\n{}", ran.code, ran.stderr);
        let shown = text.replace(&site.path("").display().to_string(), "SITE/");
        insta::with_settings!({ snapshot_path => root.clone(), prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(stem, shown);
        });
    }
}

/// The site with every file of `folder` in its place.
fn laid_over(mut site: Site, folder: &Path) -> Site {
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for path in next.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let below = path.strip_prefix(folder).unwrap().to_str().unwrap();
                site = site.file(below, std::fs::read(&path).unwrap());
            }
        }
    }
    site
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
