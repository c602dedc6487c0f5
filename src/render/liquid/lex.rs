//! A template cut into text, outputs and tags, as Ruby's Liquid cuts it.

/// A piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Text(&'a str),
    /// The inside of `{{ … }}`.
    Output(&'a str),
    /// A tag's name, what follows it, and the whole as written.
    Tag(&'a str, &'a str, &'a str),
}

/// All pieces, white space beside `-` gone.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut rest = source;
    // Where the next opening mark is looked for: behind one that is never closed.
    let mut from = 0;
    let mut trims = false;
    while let Some(start) = opening(&rest[from..]).map(|at| from + at) {
        let is_tag = rest[start..].starts_with("{%");
        let inside = &rest[start + 2..];
        let Some(length) = inside.find(if is_tag { "%}" } else { "}}" }) else {
            from = start + 2;
            continue;
        };
        let written = &inside[..length];
        let inner = written.strip_prefix('-').unwrap_or(written);
        let inner = inner.strip_suffix('-').unwrap_or(inner).trim();
        push_text(&mut out, &rest[..start], trims, written.starts_with('-'));
        trims = written.ends_with('-');
        let whole = &rest[start..start + length + 4];
        rest = &inside[length + 2..];
        from = 0;
        if !is_tag {
            out.push(Token::Output(inner));
            continue;
        }
        let length = inner.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        let (name, markup) = inner.split_at(length);
        out.push(Token::Tag(name, markup.trim(), whole));
        if name == "raw"
            && let Some((body, after, trims_after)) = raw_body(rest)
        {
            push_text(&mut out, body, trims, false);
            out.push(Token::Tag("endraw", "", ""));
            (rest, trims) = (after, trims_after);
        }
    }
    push_text(&mut out, rest, trims, false);
    out
}

fn opening(text: &str) -> Option<usize> {
    text.match_indices('{').map(|(at, _)| at).find(|at| text[*at + 1..].starts_with(['{', '%']))
}

fn push_text<'a>(out: &mut Vec<Token<'a>>, text: &'a str, after: bool, before: bool) {
    let text = if after { text.trim_start() } else { text };
    let text = if before { text.trim_end() } else { text };
    if !text.is_empty() {
        out.push(Token::Text(text));
    }
}

/// What stands before `{% endraw %}`, what follows it, and whether white space goes there.
fn raw_body(source: &str) -> Option<(&str, &str, bool)> {
    let mut from = 0;
    loop {
        let at = from + source[from..].find("{%")?;
        let inner = &source[at + 2..];
        let end = inner.find("%}")?;
        let tag = inner[..end].trim_start_matches('-');
        if tag.trim_end_matches('-').trim() == "endraw" {
            let body = &source[..at];
            let body = if inner.starts_with('-') { body.trim_end() } else { body };
            return Some((body, &inner[end + 2..], inner[..end].ends_with('-')));
        }
        from = at + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_cut_at_its_marks() {
        assert_eq!(
            tokens("a {{- b | c -}}  d{% if x %}{ {% raw %}{{ y }}{% endraw %}"),
            [
                Token::Text("a"),
                Token::Output("b | c"),
                Token::Text("d"),
                Token::Tag("if", "x", "{% if x %}"),
                Token::Text("{ "),
                Token::Tag("raw", "", "{% raw %}"),
                Token::Text("{{ y }}"),
                Token::Tag("endraw", "", ""),
            ]
        );
        assert_eq!(tokens("a {{ b"), [Token::Text("a {{ b")]);
    }
}
