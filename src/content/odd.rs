//! Keys of front matter that are nearly those that are read, and values that cannot be what they should.

use serde_json::Value;

use super::reading::Reading;

/// The keys whose loss readers would see: a draft that goes out, a post without its title.
const MEANT: [&str; 8] =
    ["title", "date", "categories", "tags", "draft", "published", "permalink", "description"];
/// A word of fewer letters is another word with one letter changed.
const LONG: usize = 6;

/// Tells them.
pub(super) fn keys(reading: &mut Reading<'_>) {
    let mut slips = Vec::new();
    for (key, value) in &reading.matter {
        let is_plain = !matches!(value, Value::Object(_));
        let near = MEANT.iter().find(|meant| is_slip(key, meant) && !reading.matter.contains_key(**meant));
        slips.extend(near.filter(|_| is_plain).map(|near| (key.clone(), *near)));
    }
    for (key, near) in slips {
        let message = format!("nothing is called `{key}` here: it is passed over");
        reading.warn_of(&key, "odd-key", message, &format!("did you mean `{near}`?"));
    }
    for (key, should, help) in [
        ("title", "a text", "write `title: \"…\"`"),
        ("id", "a text", "write the whole id, as in `id: https://example.com/post`"),
        ("tags", "words", "write `tags: [one, two]`"),
        ("categories", "words", "write `categories: [one, two]`"),
    ] {
        let what = match reading.matter.get(key) {
            Some(Value::Object(_)) => "lines of `key: value`",
            Some(Value::Array(_)) if should == "a text" => "a list",
            _ => continue,
        };
        let message = format!("`{key}` holds {what}, and should hold {should}: it is passed over");
        reading.warn_of(key, "odd-value", message, help);
    }
}

/// Whether a key is another with one slip of the finger.
fn is_slip(key: &str, meant: &str) -> bool {
    if key.len().abs_diff(meant.len()) > 1 || key == meant {
        return false;
    }
    // `rate` is no `date`; with a letter more, fewer or exchanged it is a slip.
    let is_other_word = key.len() == meant.len() && meant.len() < LONG && {
        let sorted = |word: &str| {
            let mut letters: Vec<u8> = word.bytes().collect();
            letters.sort_unstable();
            letters
        };
        sorted(key) != sorted(meant)
    };
    // What generators know by names of their own.
    let is_known = matches!(key, "tag" | "dates" | "titles" | "publisher");
    !is_known && !is_other_word && strsim::damerau_levenshtein(key, meant) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_other_words() {
        for (key, meant) in [
            ("tittle", "title"),
            ("titel", "title"),
            ("drfat", "draft"),
            ("drafts", "draft"),
            ("dtae", "date"),
            ("catagories", "categories"),
            ("publised", "published"),
            ("tgas", "tags"),
            ("descripton", "description"),
        ] {
            assert!(is_slip(key, meant), "{key}");
        }
        for (key, meant) in [
            ("rate", "date"),
            ("data", "date"),
            ("tag", "tags"),
            ("craft", "draft"),
            ("category", "categories"),
            ("title", "title"),
        ] {
            assert!(!is_slip(key, meant), "{key}");
        }
    }
}
