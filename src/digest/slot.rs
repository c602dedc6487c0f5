//! The places in an issue where each subscriber's own words go.
//!
//! The issue is rendered once, with a mark at every such place; `mail` puts the words in. A mark is a noncharacter pair
//! around a name: neither a post (see `content::clean`) nor markup can hold one.

/// What a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The address that takes the subscriber off the list.
    UnsubscribeUrl,
    /// The subscriber's name, perhaps empty.
    Name,
    /// The subscriber's address.
    Email,
}

const MARK: char = '\u{fdd1}';
const ALL: [(Slot, &str); 3] =
    [(Slot::UnsubscribeUrl, "unsubscribe"), (Slot::Name, "name"), (Slot::Email, "email")];

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
