//! Text that is hard to tell from what it stands on (WCAG 2.2, success criterion 1.4.3), in the light colours.

use super::Tell;
use crate::digest::markup::{Markup, attribute};

/// The least for text, and for large text.
const LEAST: (f64, f64) = (4.5, 3.0);

type Colour = [u8; 3];

#[derive(Clone, Copy)]
struct Look<'a> {
    name: &'a str,
    text: Colour,
    ground: Colour,
    pixels: f64,
    is_bold: bool,
    is_hidden: bool,
}

pub(super) fn lint(parts: &[Markup<'_>], tell: Tell<'_>) {
    const VOID: [&str; 8] = ["br", "img", "meta", "hr", "input", "link", "col", "wbr"];
    let page =
        Look { name: "", text: [0; 3], ground: [255; 3], pixels: 16.0, is_bold: false, is_hidden: false };
    let mut open = vec![page];
    for part in parts {
        match part {
            Markup::Open(name, _) if VOID.contains(name) => {}
            Markup::Open(name, tag) => open.extend(open.last().map(|around| within(around, name, tag))),
            Markup::Close(name) => {
                if let Some(at) = open.iter().rposition(|look| look.name == *name) {
                    open.truncate(at);
                }
            }
            Markup::Text(text) => {
                let Some(look) = open.last().filter(|look| !look.is_hidden) else { continue };
                let is_large = look.pixels >= 24.0 || (look.pixels >= 18.66 && look.is_bold);
                let ratio = ratio(look.text, look.ground);
                if !text.trim().is_empty() && ratio < if is_large { LEAST.1 } else { LEAST.0 } {
                    let hex = |[r, g, b]: Colour| format!("#{r:02x}{g:02x}{b:02x}");
                    let (text, ground) = (hex(look.text), hex(look.ground));
                    let message = format!(
                        "text in `{text}` on `{ground}` has a contrast of {ratio:.1}; the least is 4.5"
                    );
                    tell("mail-contrast", message, "make the text darker, or what it stands on lighter");
                }
            }
            Markup::Style(_) => {}
        }
    }
}

fn within<'a>(around: &Look<'a>, name: &'a str, tag: &str) -> Look<'a> {
    let mut look = Look { name, ..*around };
    if matches!(name, "b" | "strong" | "h1" | "h2" | "h3" | "h4" | "th") {
        look.is_bold = true;
    }
    look.is_hidden |= matches!(name, "title" | "head" | "script");
    if let Some(colour) = attribute(tag, "bgcolor").and_then(colour) {
        look.ground = colour;
    }
    let declarations = attribute(tag, "style").unwrap_or_default().split(';');
    for (key, value) in declarations.filter_map(|one| one.split_once(':')) {
        let value = value.trim().trim_end_matches("!important").trim();
        match key.trim() {
            "color" => look.text = colour(value).unwrap_or(look.text),
            "background-color" | "background" => look.ground = colour(value).unwrap_or(look.ground),
            "font-size" => {
                look.pixels = value.strip_suffix("px").and_then(|px| px.parse().ok()).unwrap_or(look.pixels);
            }
            "font-weight" => look.is_bold = matches!(value, "bold" | "600" | "700" | "800" | "900"),
            "display" => look.is_hidden |= value == "none",
            _ => {}
        }
    }
    look
}

/// `#rgb`, `#rrggbb`, `black` or `white`.
fn colour(value: &str) -> Option<Colour> {
    let digits = match value {
        "black" => "000000",
        "white" => "ffffff",
        value => value.strip_prefix('#')?,
    };
    let twice: String = digits.chars().flat_map(|c| [c, c]).collect();
    let digits = if digits.len() == 3 { twice.as_str() } else { digits };
    let part = |at: usize| digits.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
    (digits.len() == 6).then(|| Some([part(0)?, part(2)?, part(4)?])).flatten()
}

fn ratio(one: Colour, other: Colour) -> f64 {
    let luminance = |colour: Colour| {
        let [r, g, b] = colour.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contrast_is_that_of_the_guidelines() {
        assert!((ratio([0; 3], [255; 3]) - 21.0).abs() < 0.001);
        assert!((ratio(colour("#777").unwrap(), [255; 3]) - 4.48).abs() < 0.01);
    }
}
