//! Feeds and pages in object storage; here in a folder, by the same way (`sh tests/store.sh` asks a server that speaks S3's protocol).

use std::path::Path;

use crate::site::{CONFIG, Site, simple};

fn site(place: &Path) -> Site {
    let config = format!("{CONFIG}publish: file://{}\n", place.display());
    Site::new().config(&config).post("2026-11-20-a.md", simple("가"))
}

fn names(place: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(place)
        .unwrap()
        .map(|one| one.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn what_is_built_reaches_the_storage_and_what_is_left_over_leaves_it() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("theirs.txt"), "not ours").unwrap();
    let site = site(place.path());
    site.run(&["build"]).code(0).says("storage: ").says(" put");
    assert!(std::fs::read_to_string(place.path().join("atom.xml")).unwrap().contains("가"));
    assert!(!site.path("public").exists());
    // Nothing has changed, and nothing is done.
    let before = std::fs::metadata(place.path().join("atom.xml")).unwrap().modified().unwrap();
    site.run(&["build"]).code(0).never_says("storage");
    assert_eq!(std::fs::metadata(place.path().join("atom.xml")).unwrap().modified().unwrap(), before);
    // What there is no more cause for is taken away, and nothing else.
    let config = format!("{CONFIG}publish: file://{}\nfeeds: {{ formats: [rss] }}\n", place.path().display());
    let site = site.config(&config);
    site.run(&["build"]).code(0).says("taken away");
    let names = names(place.path());
    assert!(names.contains(&"rss.xml".to_owned()) && names.contains(&"theirs.txt".to_owned()), "{names:?}");
    assert!(!names.iter().any(|name| name == "atom.xml" || name == "feed.json"), "{names:?}");
}

#[test]
fn an_issue_leaves_once_its_page_is_in_the_storage() {
    let place = tempfile::tempdir().unwrap();
    let site = site(place.path());
    // A file stands in the way of every page.
    std::fs::write(place.path().join("newsletter"), "").unwrap();
    site.run(&["run"])
        .code(75)
        .says("the storage failed")
        .says("it waits, as what it leads to cannot be published");
    assert!(site.outbox().is_empty());
    std::fs::remove_file(place.path().join("newsletter")).unwrap();
    site.run(&["run"]).code(0).says("1 sent");
    let issue = names(&place.path().join("newsletter/weekly"))
        .into_iter()
        .find(|name| name.starts_with("weekly-"))
        .unwrap();
    assert!(site.outbox()[0].contains(&issue), "{issue}");
}

#[test]
fn names_outside_ascii_lie_there_as_their_addresses_say() {
    let place = tempfile::tempdir().unwrap();
    let config = format!("{CONFIG}publish: file://{}\nfeeds: {{ by: [tag] }}\n", place.path().display());
    let site =
        Site::new().config(&config).post("2026-11-20-a.md", "---\ntitle: 가\ntags: [한글, 'c#']\n---\n글\n");
    site.run(&["build"]).code(0);
    for tag in ["한글", "c#"] {
        assert!(
            place.path().join("tags").join(tag).join("rss.xml").is_file(),
            "{tag}: {:?}",
            names(&place.path().join("tags"))
        );
    }
}
