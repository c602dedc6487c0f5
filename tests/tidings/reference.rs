//! The pages of the documentation that are made from the program itself. `UPDATE_REFERENCE=1 cargo test --test tidings reference` writes
//! them.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::site::Site;

/// The page is as the program says.
fn holds(name: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src").join(name);
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        std::fs::write(&path, made).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == made, "{name} is not what the program says; UPDATE_REFERENCE=1 writes it anew");
}

#[test]
fn the_page_of_settings_is_made_from_the_schema() {
    let schema: Value =
        serde_json::from_str(&Site::bare().run(&["config", "schema"]).code(0).stdout).unwrap();
    let mut page = String::from(
        "# Every setting\n\nThe keys of `config/tidings.yaml`, made from the JSON Schema that `tidings config schema` prints. \
         [Configuration](config.md)\ntells what goes with what.\n",
    );
    section(&schema, "", &schema["properties"], &mut page);
    holds("reference-config.md", &page);
}

/// A table of keys, and one for each section below it.
fn section(schema: &Value, path: &str, keys: &Value, page: &mut String) {
    let mut below = Vec::new();
    if !path.is_empty() {
        write!(page, "\n## `{path}`\n").unwrap();
    }
    page.push_str("\n| key | what it takes | what it does |\n|---|---|---|\n");
    for (key, of) in keys.as_object().unwrap() {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        let (kind, inner) = kind(schema, of);
        let does = of["description"].as_str().unwrap_or_else(|| panic!("nothing is said of `{path}`"));
        let does = does.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
        writeln!(page, "| `{key}` | {kind} | {does} |").unwrap();
        below.extend(inner.map(|(suffix, keys)| (format!("{path}{suffix}"), keys)));
    }
    for (path, keys) in below {
        section(schema, &path, keys, page);
    }
}

/// What a key takes, in words, and the keys below it, if there are any, with what stands behind its name there.
fn kind<'a>(schema: &'a Value, of: &'a Value) -> (String, Option<(&'static str, &'a Value)>) {
    if let Some(name) = of["$ref"].as_str().and_then(|name| name.strip_prefix("#/$defs/")) {
        return kind(schema, &schema["$defs"][name]);
    }
    if let Some(words) = of["enum"].as_array() {
        return (
            words
                .iter()
                .map(|word| format!("`{}`", word.to_string().trim_matches('"')))
                .collect::<Vec<_>>()
                .join(", "),
            None,
        );
    }
    if let Some(all) = of["allOf"].as_array() {
        return kind(schema, &all[0]);
    }
    if let Some(any) = of["anyOf"].as_array().or(of["oneOf"].as_array()) {
        let some: Vec<&Value> = any.iter().filter(|one| one["type"] != "null").collect();
        if some.iter().all(|one| one["const"].is_string()) {
            let words: Vec<String> =
                some.iter().map(|one| format!("`{}`", one["const"].as_str().unwrap())).collect();
            return (words.join(", "), None);
        }
        let (one, inner) = kind(schema, some[0]);
        let is_list = some.get(1).is_some_and(|one| one["type"] == "array");
        let is_text = some.get(1).is_some_and(|one| one["type"] == "string");
        let or = if is_list {
            ", or a list"
        } else if is_text {
            ", or its `url` alone"
        } else {
            ""
        };
        return (format!("{one}{or}"), inner);
    }
    let types: Vec<&str> = match &of["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => {
            several.iter().filter_map(Value::as_str).filter(|one| *one != "null").collect()
        }
        _ => Vec::new(),
    };
    match types[..] {
        ["object"] if of["properties"].is_object() => {
            ("keys as below".to_owned(), Some(("", &of["properties"])))
        }
        ["object"] => {
            let (each, inner) = kind(schema, &of["additionalProperties"]);
            (format!("names of your own, each with {each}"), inner.map(|(_, keys)| (".NAME", keys)))
        }
        ["array"] => {
            let (each, inner) = kind(schema, &of["items"]);
            (format!("a list of {each}"), inner.map(|(_, keys)| ("[]", keys)))
        }
        ["boolean"] => ("`true`, `false`".to_owned(), None),
        ["integer"] => ("a number".to_owned(), None),
        [] => ("a value".to_owned(), None),
        _ => ("text".to_owned(), None),
    }
}

#[test]
fn the_page_of_commands_is_made_from_their_help() {
    let mut page = String::from(
        "# Every command\n\nWhat `--help` says of each, and `tidings man` as pages for man(1).\n",
    );
    help(&mut Vec::new(), &mut page);
    holds("reference-commands.md", &page);
}

fn help(path: &mut Vec<String>, page: &mut String) {
    let site = Site::bare();
    let mut words: Vec<&str> = path.iter().map(String::as_str).collect();
    words.push("--help");
    let output = site.command(&words).env("COLUMNS", "100").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    // What every command takes is said once.
    let own = if path.is_empty() { text.clone() } else { without_everywhere(&text) };
    let name = ["tidings"].into_iter().chain(path.iter().map(String::as_str)).collect::<Vec<_>>().join(" ");
    let trimmed: Vec<&str> = own.lines().map(str::trim_end).collect();
    write!(page, "\n## `{name}`\n\n```text\n{}\n```\n", trimmed.join("\n").trim_end()).unwrap();
    let commands =
        text.split_once("\nCommands:\n").map_or("", |(_, rest)| rest.split("\n\n").next().unwrap());
    for line in commands.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")) {
        let name = line.split_whitespace().next().unwrap();
        if name != "help" {
            path.push(name.to_owned());
            help(path, page);
            path.pop();
        }
    }
}

fn without_everywhere(text: &str) -> String {
    let Some((before, rest)) = text.split_once("\nEverywhere:\n") else { return text.to_owned() };
    // Its lines are indented; what is not is no more of it.
    let after = rest.split_inclusive('\n').skip_while(|line| line.starts_with(' ') || line.trim().is_empty());
    format!("{before}\n{}", after.collect::<String>())
}

#[test]
fn the_page_of_names_is_what_templates_names_prints() {
    let names: Value =
        serde_json::from_str(&Site::bare().run(&["templates", "names", "--json"]).code(0).stdout).unwrap();
    let mut page = String::from(
        "# Names in templates\n\nWhat the [templates](templates.md) of newsletters may use; `tidings templates names` prints it. A name that \
         is not here is an error,\nshown with its line.\n\n| name | what it holds |\n|---|---|\n",
    );
    for one in names.as_array().unwrap() {
        let (name, meaning) = (one["name"].as_str().unwrap(), one["meaning"].as_str().unwrap());
        writeln!(page, "| `{name}` | {} |", meaning.replace('|', "\\|")).unwrap();
    }
    holds("reference-names.md", &page);
}

#[test]
fn nothing_that_templates_may_use_is_missing_among_the_names() {
    let names: Value =
        serde_json::from_str(&Site::bare().run(&["templates", "names", "--json"]).code(0).stdout).unwrap();
    let is_known = |name: &str| names.as_array().unwrap().iter().any(|one| one["name"] == name);
    let groups = ["site", "newsletter", "section", "post"];
    let loops: String = groups
        .iter()
        .map(|group| format!("{{% for key in {group} %}}\nNAME {group}.{{{{ key }}}}\n{{% endfor %}}"))
        .collect();
    let template = format!(
        "{{% for section in sections %}}{{% for post in section.posts %}}{loops}{{% endfor %}}{{% endfor %}}{{{{ unsubscribe_url }}}}"
    );
    let site =
        Site::new().post("2026-11-20-a.md", crate::site::simple("가")).file("templates/digest.txt", template);
    let text = site.run(&["send", "--dry-run"]).code(0).stdout;
    let found: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("NAME ")).collect();
    assert!(found.len() > 20, "{text}");
    for name in found {
        assert!(is_known(name), "{name}");
    }
}
