//! Lines of text by display width: a Hangul syllable is two columns wide.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// How lines of a broken paragraph end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breaks {
    /// With a space, so that a mail program may join them again (`format=flowed`, RFC 3676 §4.1).
    Flowed,
    /// With nothing: they stay as they are.
    Fixed,
}

/// Breaks one paragraph into lines of at most `width` columns, at spaces; inside a word only where the word alone is
/// wider than a line. Line ends in `text` are kept.
pub fn wrap(text: &str, width: usize, breaks: Breaks) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        wrap_line(paragraph.trim(), width.max(4), breaks, &mut lines);
    }
    lines
}

fn wrap_line(text: &str, width: usize, breaks: Breaks, lines: &mut Vec<String>) {
    let mut line = String::new();
    let mut filled = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let wide = word.width();
        if filled > 0 && filled + 1 + wide <= width {
            line.push(' ');
            line.push_str(word);
            filled += 1 + wide;
            continue;
        }
        if filled > 0 {
            if breaks == Breaks::Flowed {
                line.push(' ');
            }
            lines.push(std::mem::take(&mut line));
            filled = 0;
        }
        if wide <= width || is_address(word) {
            line.push_str(word);
            filled = wide;
            continue;
        }
        for grapheme in word.graphemes(true) {
            let wide = grapheme.width();
            if filled + wide > width {
                lines.push(std::mem::take(&mut line));
                filled = 0;
            }
            line.push_str(grapheme);
            filled += wide;
        }
    }
    lines.push(line);
}

/// A broken address cannot be clicked.
fn is_address(word: &str) -> bool {
    word.contains("://") || word.starts_with("mailto:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hangul_counts_two_columns_and_breaks_at_spaces() {
        assert_eq!(wrap("가나 다라 마바", 9, Breaks::Fixed), ["가나 다라", "마바"]);
        assert_eq!(wrap("가나 다라 마바", 9, Breaks::Flowed), ["가나 다라 ", "마바"]);
    }

    #[test]
    fn a_word_wider_than_the_line_breaks_and_an_address_never_does() {
        assert_eq!(wrap("가나다라마", 4, Breaks::Fixed), ["가나", "다라", "마"]);
        assert_eq!(wrap("https://example.com/long", 8, Breaks::Fixed), ["https://example.com/long"]);
    }
}
