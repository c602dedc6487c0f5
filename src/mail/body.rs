//! A part of a message: what everybody gets, encoded once, and the slots between.

use super::quoted_printable;
use crate::digest::slot::{Piece, Slot, pieces};

/// How a subscriber's own words are written into a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Markup {
    /// `text/plain; format=flowed`.
    Text,
    /// `text/html`.
    Html,
}

enum Encoded {
    Shared(String),
    Own(Slot),
}

/// A part's body in quoted-printable, cut at its slots.
pub(super) struct Body {
    pieces: Vec<Encoded>,
    markup: Markup,
}

impl Body {
    pub(super) fn new(text: &str, markup: Markup) -> Self {
        let stuffed = match markup {
            Markup::Text => space_stuffed(text),
            Markup::Html => text.to_owned(),
        };
        let encode = |piece| match piece {
            Piece::Own(slot) => Encoded::Own(slot),
            Piece::Shared(text) => {
                let mut out = String::new();
                quoted_printable::encode(text, &mut out);
                Encoded::Shared(out)
            }
        };
        Self { pieces: pieces(&stuffed).into_iter().map(encode).collect(), markup }
    }

    /// The length of what everybody gets, in octets.
    pub(super) fn shared_len(&self) -> usize {
        self.pieces.iter().map(|piece| if let Encoded::Shared(text) = piece { text.len() } else { 0 }).sum()
    }

    /// Writes the part with a subscriber's own words in it; it ends with a line's end.
    pub(super) fn write(&self, out: &mut String, own: impl Fn(Slot) -> String) {
        for piece in &self.pieces {
            match piece {
                Encoded::Shared(text) => out.push_str(text),
                Encoded::Own(slot) => {
                    quoted_printable::encode(&written(self.markup, own(*slot)), out);
                }
            }
        }
        // A closing soft break would join the body to the boundary.
        if out.ends_with("=\r\n") {
            out.truncate(out.len() - 3);
            out.push_str("\r\n");
        }
    }
}

/// RFC 3676 §4.4: a line that begins with a space or `From ` gets a space before it. A `>` is a quotation, as meant.
fn space_stuffed(text: &str) -> String {
    let stuff = |line: &str| if line.starts_with(' ') || line.starts_with("From ") { " " } else { "" };
    text.lines().flat_map(|line| [stuff(line), line, "\n"]).collect()
}

/// A subscriber's own words as the part needs them.
pub(super) fn written(markup: Markup, words: String) -> String {
    match markup {
        Markup::Text => words,
        Markup::Html => escaped(&words),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
