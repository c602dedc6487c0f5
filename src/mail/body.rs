//! The body of a message: what everybody gets, encoded once, and the slots between; and its hash, of which that of what comes before the
//! first slot is taken once.

use aws_lc_rs::digest::{Context, SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::dkim::relaxed_lines;
use super::{header, quoted_printable};
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
    /// Whole encoded lines, and these in the form that is hashed where that is another.
    Shared {
        text: String,
        relaxed: Option<String>,
    },
    Own(Markup, Slot),
}

/// A body in the making: lines of its own, and parts in quoted-printable, cut at their slots.
pub(super) struct Body {
    pieces: Vec<Encoded>,
    /// The hash of what comes before the first slot, once all pieces are there.
    before: Option<(usize, Context)>,
}

impl Body {
    pub(super) fn new() -> Self {
        Self { pieces: Vec::new(), before: None }
    }

    /// Lines that are ASCII and ended by CRLF.
    pub(super) fn push_lines(&mut self, lines: &str) {
        if let Some(Encoded::Shared { text, .. }) = self.pieces.last_mut() {
            text.push_str(lines);
        } else {
            self.pieces.push(Encoded::Shared { text: lines.to_owned(), relaxed: None });
        }
    }

    /// A part of a multipart with its own head.
    pub(super) fn push_multipart(&mut self, boundary: &str, kind: &str, text: &str, markup: Markup) {
        let mut head = format!("--{boundary}\r\n");
        header::raw(&mut head, "Content-Type", kind);
        header::raw(&mut head, "Content-Transfer-Encoding", "quoted-printable");
        head.push_str("\r\n");
        self.push_lines(&head);
        self.push_part(text, markup);
        // The CRLF before a boundary belongs to the boundary (RFC 2046 §5.1.1).
        self.push_lines("\r\n");
    }

    /// The end of a multipart, and of the body.
    pub(super) fn close_multipart(&mut self, boundary: &str) {
        self.push_lines(&format!("--{boundary}--\r\n"));
        self.finish();
    }

    /// A part's text, encoded; it ends with a line's end.
    pub(super) fn push_part(&mut self, text: &str, markup: Markup) {
        let mut stuffed = match markup {
            Markup::Text => space_stuffed(text),
            Markup::Html => text.to_owned(),
        };
        if !stuffed.ends_with('\n') {
            stuffed.push('\n');
        }
        for piece in pieces(&stuffed) {
            match piece {
                Piece::Own(slot) => self.pieces.push(Encoded::Own(markup, slot)),
                Piece::Shared(text) => {
                    let mut out = String::new();
                    quoted_printable::encode(text, &mut out);
                    self.push_lines(&out);
                }
            }
        }
    }

    /// All is there: what hashes take from every copy alike is taken now.
    pub(super) fn finish(&mut self) {
        for piece in &mut self.pieces {
            if let Encoded::Shared { text, relaxed } = piece {
                *relaxed = relaxed_lines(text);
            }
        }
        let mut hash = Context::new(&SHA256);
        let mut count = 0;
        for piece in &self.pieces {
            let Encoded::Shared { text, relaxed } = piece else { break };
            hash.update(relaxed.as_ref().unwrap_or(text).as_bytes());
            count += 1;
        }
        self.before = Some((count, hash));
    }

    /// The length of what everybody gets, in octets.
    pub(super) fn shared_len(&self) -> usize {
        let length = |piece: &Encoded| if let Encoded::Shared { text, .. } = piece { text.len() } else { 0 };
        self.pieces.iter().map(length).sum()
    }

    /// Writes the body with a subscriber's own words in it.
    pub(super) fn write(&self, out: &mut String, own: impl Fn(Slot) -> String) {
        for piece in &self.pieces {
            match piece {
                Encoded::Shared { text, .. } => out.push_str(text),
                Encoded::Own(markup, slot) => quoted_printable::encode(&written(*markup, own(*slot)), out),
            }
        }
    }

    /// The hash that signatures name (`bh=`), of the body with a subscriber's own words in it.
    pub(super) fn hash(&self, own: impl Fn(Slot) -> String) -> String {
        let (count, mut hash) = self.before.clone().unwrap_or_else(|| (0, Context::new(&SHA256)));
        let mut words = String::new();
        for piece in &self.pieces[count..] {
            match piece {
                Encoded::Shared { text, relaxed } => hash.update(relaxed.as_ref().unwrap_or(text).as_bytes()),
                Encoded::Own(markup, slot) => {
                    words.clear();
                    quoted_printable::encode(&written(*markup, own(*slot)), &mut words);
                    hash.update(relaxed_lines(&words).as_ref().unwrap_or(&words).as_bytes());
                }
            }
        }
        STANDARD.encode(hash.finish())
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
