//! The editor's part in an issue: `issues/NAME/2026-11-23.md`, with words before and after the posts, their order, and a note to each.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::content::{Page, Post};
use crate::diagnostic::Diagnostic;

/// What stands between the words before the posts and those behind them.
const POSTS: &str = "<!-- posts -->";

/// What an editor has written for one issue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Editor {
    /// The subject, perhaps a template.
    pub subject: Option<String>,
    /// What a mailbox shows behind the subject.
    pub preheader: Option<String>,
    /// Markdown before the posts, perhaps empty.
    pub introduction: String,
    /// Markdown behind them, perhaps empty.
    pub closing: String,
    /// Posts by name, each with a note in Markdown, perhaps empty.
    pub posts: Vec<(String, String)>,
    /// Whether the issue has these posts alone.
    pub only: bool,
}

/// The file that an editor writes for the issue of a day.
pub fn file(root: &Path, newsletter: &str, day: chrono::NaiveDate) -> PathBuf {
    root.join("issues").join(newsletter).join(format!("{day}.md"))
}

impl Editor {
    /// What a page says; `shown` is its file as messages name it.
    pub fn of(page: &Page, shown: &Path) -> (Self, Vec<Diagnostic>) {
        const KEYS: [&str; 4] = ["subject", "preheader", "posts", "only"];
        let mut found = Vec::new();
        for key in page.matter.keys().filter(|key| !KEYS.contains(&key.as_str())) {
            let help = format!("the keys of an issue are {}", KEYS.map(|key| format!("`{key}`")).join(", "));
            found
                .push(Diagnostic::warning("editor", shown, format!("`{key}` means nothing here")).help(help));
        }
        let text = |key: &str| page.matter.get(key).and_then(Value::as_str).map(str::to_owned);
        let (introduction, closing) = page.body.split_once(POSTS).unwrap_or((&page.body, ""));
        let listed = page.matter.get("posts").and_then(Value::as_array).into_iter().flatten();
        let mut posts = Vec::new();
        for value in listed {
            let part = |key: &str| value.get(key).and_then(Value::as_str);
            if let Some(name) = value.as_str().or_else(|| part("post")) {
                posts.push((name.to_owned(), part("note").unwrap_or_default().to_owned()));
            } else {
                let message = format!("`{value}` under `posts` names no post");
                let help = "write a file's name, or `{ post: 2026-11-20-a.md, note: … }`";
                found.push(Diagnostic::warning("editor", shown, message).help(help));
            }
        }
        let editor = Self {
            subject: text("subject"),
            preheader: text("preheader"),
            introduction: introduction.trim().to_owned(),
            closing: closing.trim().to_owned(),
            posts,
            only: page.matter.get("only") == Some(&Value::Bool(true)),
        };
        (editor, found)
    }

    /// Posts in the editor's order, each once, and behind them the others in their own.
    pub fn arranged<'p, T: Clone>(&self, all: &[T], post: impl Fn(&T) -> &'p Post) -> Vec<T> {
        let mut taken = vec![false; all.len()];
        let mut arranged = Vec::with_capacity(all.len());
        for (name, _) in &self.posts {
            let named = (0..all.len()).find(|at| !taken[*at] && is_called(post(&all[*at]), name));
            if let Some(at) = named {
                taken[at] = true;
                arranged.push(all[at].clone());
            }
        }
        let rest = (0..all.len()).filter(|at| !self.only && !taken[*at]);
        arranged.extend(rest.map(|at| all[at].clone()));
        arranged
    }

    /// The note to a post, perhaps empty.
    pub fn note(&self, post: &Post) -> &str {
        let note = self.posts.iter().find(|(name, _)| is_called(post, name));
        note.map_or("", |(_, note)| note.as_str())
    }

    /// A warning for each post that is named and cannot be in the issue.
    pub fn missing(&self, posts: &[&Post], shown: &Path) -> Vec<Diagnostic> {
        let is_there = |name: &str| posts.iter().any(|post| is_called(post, name));
        let missing = self.posts.iter().filter(|(name, _)| !is_there(name));
        let tell = |(name, _): &(String, String)| {
            let message = format!("`{name}` is no post that this issue may have");
            let help = "name it by its file; `tidings send --dry-run --explain` says why a post is left out";
            Diagnostic::warning("editor", shown, message).help(help)
        };
        missing.map(tell).collect()
    }
}

/// Whether a post is meant by a name: its file's, with its folder or without, its id or its address.
fn is_called(post: &Post, name: &str) -> bool {
    let name = name.trim();
    post.source.ends_with(name)
        || post.source.file_stem().is_some_and(|stem| stem == name)
        || post.id.as_str() == name
        || post.url.as_str() == name
}
