//! Findings as people and as programs read them.

use std::collections::HashSet;
use std::path::Path;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, Place, Severity};

/// A finding as rustc would show it: what, where, the source line with the spot underlined, and the mend.
pub(super) fn rendered(diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let path = diagnostic.path.display().to_string();
    let title = level.primary_title(&diagnostic.message).id(diagnostic.code);
    let group = match &diagnostic.place {
        Some(place) => title.element(
            Snippet::source(&place.text)
                .line_start(place.line)
                .path(path)
                .annotation(AnnotationKind::Primary.span(span(place))),
        ),
        None => title.element(Origin::path(path)),
    };
    let group =
        if diagnostic.help.is_empty() { group } else { group.element(Level::HELP.message(&diagnostic.help)) };
    Renderer::styled().decor_style(DecorStyle::Ascii).render(&[group])
}

/// The bytes of the source line that are meant.
fn span(place: &Place) -> std::ops::Range<usize> {
    let byte = |column: usize| place.text.char_indices().nth(column).map_or(place.text.len(), |(at, _)| at);
    let start = byte(place.column - 1);
    start..byte(place.column - 1 + place.width).max(start)
}

/// The findings by their code, kinds in the order in which they were met first.
pub(super) fn kinds(list: &[Diagnostic]) -> Vec<(&'static str, Vec<&Diagnostic>)> {
    let mut kinds: Vec<(&'static str, Vec<&Diagnostic>)> = Vec::new();
    for diagnostic in list {
        match kinds.iter_mut().find(|(code, _)| *code == diagnostic.code) {
            Some((_, kind)) => kind.push(diagnostic),
            None => kinds.push((diagnostic.code, vec![diagnostic])),
        }
    }
    kinds
}

/// What is odd, counted, on one line; `None` where nothing is.
pub(super) fn summary(warnings: &[Diagnostic]) -> Option<String> {
    let files: HashSet<&Path> = warnings.iter().map(|warning| warning.path.as_path()).collect();
    let mut kinds: Vec<(usize, &str)> =
        kinds(warnings).iter().map(|(code, kind)| (kind.len(), *code)).collect();
    kinds.sort_unstable_by(|a, b| b.cmp(a));
    let counted: Vec<String> = kinds.iter().map(|(count, code)| format!("{code} {count}")).collect();
    (!counted.is_empty()).then(|| {
        let what =
            if files.len() == 1 { "1 file holds".to_owned() } else { format!("{} files hold", files.len()) };
        format!("{what} something odd ({}): `tidings check` shows it", counted.join(", "))
    })
}

/// `[{severity, code, path, line, column, message, help}]`.
pub fn as_json(list: &[Diagnostic]) -> Value {
    let one = |d: &Diagnostic| {
        json!({
            "severity": if d.is_error() { "error" } else { "warning" },
            "code": d.code,
            "path": d.path.to_string_lossy(),
            "line": d.place.as_ref().map(|place| place.line),
            "column": d.place.as_ref().map(|place| place.column),
            "message": d.message,
            "help": d.help,
        })
    };
    list.iter().map(one).collect()
}
