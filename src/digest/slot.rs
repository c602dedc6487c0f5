//! The places in an issue where each subscriber's own words go.
//!
//! The issue is rendered once, with a mark at every such place; `mail` puts the words in. A mark is a noncharacter pair
//! around a name: neither a post (see `content::clean`) nor markup can hold one.

use std::fmt;
use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Object, ObjectRepr};

/// What a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The address that takes the subscriber off the list.
    UnsubscribeUrl,
    /// The address of what the subscriber has asked for, and how to change it.
    PreferencesUrl,
    /// The address of the issue on the web, for this subscriber alone.
    IssueUrl,
    /// The subscriber's name, perhaps empty.
    Name,
    /// The subscriber's address.
    Email,
}

const MARK: char = '\u{fdd1}';
const ALL: [(Slot, &str); 5] = [
    (Slot::UnsubscribeUrl, "unsubscribe"),
    (Slot::PreferencesUrl, "preferences"),
    (Slot::IssueUrl, "issue"),
    (Slot::Name, "name"),
    (Slot::Email, "email"),
];

/// A piece of an issue's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// The same for everybody.
    Shared(&'a str),
    /// The subscriber's own.
    Own(Slot),
}

/// The mark that stands for a slot.
pub fn mark(slot: Slot) -> String {
    let name = ALL.iter().find(|(known, _)| *known == slot).map_or("", |(_, name)| name);
    format!("{MARK}{name}{MARK}")
}

/// A mark as templates have it: it can be put somewhere, and nothing else can be done with it, as the words are not known yet.
#[derive(Debug)]
struct Put {
    slot: Slot,
    /// Whether a condition takes it for something.
    is_true: bool,
    /// Whether it is the longer of its two marks.
    is_longer: bool,
}

impl Object for Put {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        self.is_true
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = mark(self.slot);
        f.write_str(&if self.is_longer { longer(&mark) } else { mark })
    }
}

/// A mark that is another text, though it stands for the same: what depends on a mark's letters shows itself by it.
fn longer(mark: &str) -> String {
    format!("{}~{MARK}", mark.trim_end_matches(MARK))
}

/// Whether a text is the same as another that was made with longer marks, and all marks in it are whole.
pub(super) fn is_same(text: &str, other: &str) -> bool {
    let short = ALL.iter().fold(other.to_owned(), |text, (slot, _)| {
        let mark = mark(*slot);
        text.replace(&longer(&mark), &mark)
    });
    let is_whole = |(index, part): (usize, &str)| index % 2 == 0 || ALL.iter().any(|(_, name)| *name == part);
    text == short && text.split(MARK).enumerate().all(is_whole)
}

/// A mark for a template.
pub(super) fn value(slot: Slot, is_there: bool) -> Value {
    Value::from_object(Put { slot, is_true: is_there, is_longer: !is_there })
}

/// A mark of words that every subscriber has, so that a template may ask whether they are there.
pub(super) fn certain(slot: Slot, is_longer: bool) -> Value {
    Value::from_object(Put { slot, is_true: true, is_longer })
}

/// Whether a text has a mark.
pub fn holds(text: &str) -> bool {
    text.contains(MARK)
}

/// The text cut at its marks.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    for (index, part) in text.split(MARK).enumerate() {
        match ALL.iter().find(|(_, name)| index % 2 == 1 && *name == part) {
            Some((slot, _)) => pieces.push(Piece::Own(*slot)),
            None if part.is_empty() => {}
            None => pieces.push(Piece::Shared(part)),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_its_marks() {
        let text = format!("a {} b{}", mark(Slot::Name), mark(Slot::UnsubscribeUrl));
        let expect = [
            Piece::Shared("a "),
            Piece::Own(Slot::Name),
            Piece::Shared(" b"),
            Piece::Own(Slot::UnsubscribeUrl),
        ];
        assert_eq!(pieces(&text), expect);
    }
}
