//! What the documentation shows works.

use std::path::Path;

use crate::site::{Site, simple};

/// The blocks of `language` in a Markdown file of the repository.
fn blocks(path: &str, language: &str) -> Vec<String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn every_config_and_list_in_the_docs_is_accepted() {
    for path in [
        "README.md",
        "docs/src/config.md",
        "docs/src/feeds.md",
        "docs/src/newsletters.md",
        "docs/src/subscribers.md",
    ] {
        let shown = blocks(path, "yaml");
        assert!(!shown.is_empty(), "{path}");
        for block in shown {
            let is_list = block.starts_with('-');
            let site = Site::new().post("2026-11-20-a.md", simple("가"));
            let site = site.file("config/secret", "0123456789abcdef0123456789abcdef\n");
            if block.contains("dkim:") {
                site.run(&["dkim", "keygen"]).code(0);
            }
            let site = if is_list { site.subscribers(&block) } else { site.config(&block) };
            let output = site.command(&["check"]).env("SMTP_PASSWORD", "x").output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{path}:\n{block}\n{said}");
        }
    }
}

#[test]
fn every_command_in_the_readme_is_one() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let help = Site::new().run(&["--help"]).code(0).stdout;
    let commands: Vec<_> = readme.lines().filter_map(|line| line.strip_prefix("| `tidings ")).collect();
    assert!(commands.len() >= 5);
    for line in commands {
        let name = line.split([' ', '`']).next().unwrap();
        assert!(help.contains(&format!("\n  {name}")), "{name}");
    }
}

#[test]
fn every_template_name_in_the_docs_is_known() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src/reference-names.md");
    let text = std::fs::read_to_string(path).unwrap();
    let names: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert!(names.len() > 30);
    let uses: String = names.iter().map(|name| format!("{{{{ {name} }}}}\n")).collect();
    let template = format!(
        "{{% for section in sections %}}{{% for post in section.posts %}}\n{uses}{{% endfor %}}{{% endfor %}}\n"
    );
    let config = format!("{}mail: {{ postal_address: 서울 }}\n", crate::site::CONFIG)
        .replace("select:", "sections: category, commercial: ko, select:");
    let post = "---\ntitle: a\nlang: en\nauthor: b\nimage: https://example.com/a.png\n---\nx\n";
    let site =
        Site::new().config(&config).post("2026-11-20-a.md", post).file("templates/digest.txt", template);
    site.run(&["check"]).code(0).never_says("template");
}
