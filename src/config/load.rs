//! Finds and reads the config file, and gathers everything wrong with it before giving up.

use std::path::{Path, PathBuf};

use super::findings::Findings;
use super::raw::Raw;
use super::{Config, Origin, generators, resolve, settings};
use crate::diagnostic::{Diagnostic, Place};
use crate::{fsx, yaml};

/// A usable config, and what was odd in it.
#[derive(Debug)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// Warnings only.
    pub diagnostics: Vec<Diagnostic>,
    /// The file as it was read, and its name in messages.
    written: (String, PathBuf),
}

impl Loaded {
    /// Every setting that counts, with the file that says so, or `default`. Secrets are named, not shown.
    pub fn settings(&self) -> Vec<Origin> {
        let (text, shown) = &self.written;
        settings::all(&self.config, &yaml::parse(text).unwrap_or_default(), &shown.display().to_string())
    }
}

/// Reads the config of the site at `root`: `file` where one is named, else `config/tidings.yaml`.
///
/// # Errors
/// Every finding about the file, errors and warnings, where at least one is an error.
pub fn load(root: &Path, file: Option<&Path>) -> Result<Loaded, Vec<Diagnostic>> {
    let shown = file.map_or_else(|| PathBuf::from("config/tidings.yaml"), Path::to_path_buf);
    let path = if file.is_some() { shown.clone() } else { root.join(&shown) };
    let text = match fsx::read_text(&path) {
        // A blog says enough about itself to begin with.
        Err(error) if error.is_absent() && file.is_none() && generators::is_there(root) => String::new(),
        text => text.map_err(|error| vec![unreadable(&shown, file.is_some(), root, &error)])?,
    };
    read(root, (&path, &shown), &text)
}

/// The same of the text of a config that is to lie at `path`; `shown` is its name in messages.
pub fn read(root: &Path, (path, shown): (&Path, &Path), text: &str) -> Result<Loaded, Vec<Diagnostic>> {
    let raw: Raw = if text.trim().is_empty() { Ok(Raw::default()) } else { yaml::parse(text) }
        .map_err(|error| vec![in_yaml(shown, &without_secrets(text), &error)])?;
    let shown_text = without_secrets(text);
    let said = without_comments(text);
    let mut findings = Findings::about(shown, &said, &shown_text);
    // Of two newsletters under one name the first would be lost without a word.
    for key in yaml::repeated(text) {
        let message = format!("the key `{key}` stands here twice");
        findings.error(&key, "", message, "put what both hold under one of them, or give one another name");
    }
    let config = resolve::config(raw, shown, root, path.parent().unwrap_or(root), &mut findings);
    // What follows from a blog's configuration that cannot be read is no finding of its own.
    if findings.list.iter().any(|one| one.is_error() && one.path != shown) {
        findings.list.retain(|one| one.path != shown);
    }
    match config {
        Some(config) if !findings.list.iter().any(Diagnostic::is_error) => {
            let written = (text.to_owned(), shown.to_path_buf());
            Ok(Loaded { config, diagnostics: findings.list, written })
        }
        _ => Err(findings.list),
    }
}

/// What editors need to know of the config (JSON Schema, draft 2020-12).
pub fn schema() -> schemars::Schema {
    let mut schema = schemars::schema_for!(Raw);
    schema.insert("title".to_owned(), "config/tidings.yaml".into());
    schema
}

fn unreadable(shown: &Path, is_named: bool, root: &Path, error: &fsx::FileError) -> Diagnostic {
    if !error.is_absent() {
        return Diagnostic::error("config", shown, error.to_string())
            .help("save it as UTF-8 text, and let whoever runs tidings read it");
    }
    if is_named {
        return Diagnostic::error("config", shown, "there is no such config file")
            .help("name one that is there");
    }
    let message = format!("there is no `config/tidings.yaml` in `{}`", root.display());
    let help = "`tidings init` writes one; or name the site's folder with `-C DIR`";
    Diagnostic::error("config", shown, message).help(help)
}

fn in_yaml(shown: &Path, text: &str, error: &yaml::YamlError) -> Diagnostic {
    let parsed = error.at.map(|(line, column)| Place::in_text(text, line, column, 1));
    // A variable is looked up while its whole section is read, so the parser can only point at the section.
    let variable =
        error.message.strip_prefix("the environment variable `").and_then(|rest| rest.split('`').next());
    let place = variable.and_then(|name| Place::of(text, &format!("${{{name}}}"))).or(parsed);
    // The value of a key that is not known may be anything, a secret too.
    let is_unknown_key = error.message.starts_with("unknown key");
    let place = place.map(|place| if is_unknown_key { without_value(place) } else { place });
    Diagnostic::error("config", shown, &error.message).at(place).help(&error.help)
}

/// The source line no further than the colon of the key that is meant.
fn without_value(mut place: Place) -> Place {
    let key = place.text.chars().skip(place.column - 1).take_while(|c| *c != ':').count();
    place.text = place.text.chars().take(place.column + key).collect();
    place
}

/// The text with spaces in place of lines that are comments: what is looked for in it stands in the same columns.
pub fn without_comments(text: &str) -> String {
    let blank = |line: &str| {
        if line.trim_start().starts_with('#') { " ".repeat(line.chars().count()) } else { line.to_owned() }
    };
    text.split('\n').map(blank).collect::<Vec<_>>().join("\n")
}

/// A line with the name and password of an address starred out.
fn without_userinfo(line: &str) -> String {
    let Some((before, rest)) = line.split_once("://") else { return line.to_owned() };
    let host = rest.find(|c: char| "/?#\"' ".contains(c)).unwrap_or(rest.len());
    let Some(at) = rest[..host].rfind('@') else { return line.to_owned() };
    format!("{before}://{}{}", "*".repeat(rest[..at].chars().count()), &rest[at..])
}

/// The same for a password in the query of an address.
fn without_password(line: &str) -> String {
    const KEY: &str = "password=";
    let Some(at) = line.to_ascii_lowercase().find(KEY) else { return line.to_owned() };
    let (shown, rest) = line.split_at(at + KEY.len());
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '&' | '"' | '\'')).unwrap_or(rest.len());
    format!("{shown}{}{}", "*".repeat(rest[..end].chars().count()), &rest[end..])
}

/// The text as messages may show it, column by column: starred out is what stands behind a key that sounds like a secret's,
/// to the end of its line, and the line after where nothing stands behind it.
pub fn without_secrets(text: &str) -> String {
    let mut hidden = false;
    let starred = |line: &str| {
        let lower = line.to_ascii_lowercase();
        let key = ["pas", "pwd", "secret", "token"].iter().filter_map(|word| lower.find(word)).min();
        let from = match key.and_then(|at| Some(at + line[at..].find(':')? + 1)) {
            Some(from) => from,
            None if std::mem::take(&mut hidden) => 0,
            None => return without_password(&without_userinfo(line)),
        };
        let (shown, value) = line.split_at(from);
        hidden = matches!(value.trim(), "" | "|" | ">" | "|-" | ">-");
        let star = |c: char| if c.is_whitespace() || matches!(c, '{' | '}') { c } else { '*' };
        format!("{shown}{}", value.chars().map(star).collect::<String>())
    };
    text.split('\n').map(starred).collect::<Vec<_>>().join("\n")
}
