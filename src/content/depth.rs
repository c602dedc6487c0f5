//! Posts so deeply nested that the parsers below would run out of stack, or out of time.
//!
//! A rough count over the text, without parsing it; no honest post comes near its limits.

/// Tags open inside one another. HTML parsers overflow the stack at some ten thousand.
const TAGS: usize = 2_000;
/// Quotations and lists opened by one line: the Markdown parser takes the square of their number.
const MARKERS: usize = 200;

/// Elements that have no end tag, or whose end tag is often left out.
const LOOSE: [&str; 20] = [
    "area", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "option", "p", "source", "tbody",
    "td", "th", "thead", "tr", "track", "wbr",
];

/// What is nested too deep, in words; `None` for every honest post.
pub(super) fn too_deep(body: &str) -> Option<String> {
    // A line with so many marks is longer than they are.
    let ends = memchr::memchr_iter(b'\n', body.as_bytes()).chain([body.len()]);
    let mut start = 0;
    let mut lines = ends.map(|end| &body[std::mem::replace(&mut start, end + 1)..end]);
    if lines.any(|line| line.len() > MARKERS && markers(line) > MARKERS) {
        return Some(format!(
            "a line of this post opens more than {MARKERS} quotations or lists; it is left out"
        ));
    }
    if memchr::memchr_iter(b'<', body.as_bytes()).count() <= TAGS {
        return None;
    }
    let mut open: Vec<&str> = Vec::new();
    let mut fenced = false;
    for line in body.lines() {
        // What looks like a tag in a code block is text.
        let fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        fenced ^= fence;
        if fence || fenced {
            continue;
        }
        for tag in line.split('<').skip(1) {
            follow(tag, &mut open);
            if open.len() > TAGS {
                return Some(format!(
                    "this post opens more than {TAGS} tags inside one another; it is left out"
                ));
            }
        }
    }
    None
}

/// What follows a `<` opens an element, closes one that is open, or is neither.
fn follow<'a>(tag: &'a str, open: &mut Vec<&'a str>) {
    let (end, rest) = tag.strip_prefix('/').map_or((false, tag), |rest| (true, rest));
    let name = &rest[..rest.bytes().take_while(u8::is_ascii_alphanumeric).count()];
    let closed_at_once = rest.split('>').next().is_some_and(|inside| inside.ends_with('/'));
    if name.is_empty() || closed_at_once || LOOSE.iter().any(|loose| name.eq_ignore_ascii_case(loose)) {
        return;
    }
    if !end {
        open.push(name);
    } else if let Some(at) = open.iter().rposition(|other| name.eq_ignore_ascii_case(other)) {
        open.truncate(at);
    }
}

/// How many quotations and list items a line opens inside one another: `> - 1. text` opens three.
fn markers(line: &str) -> usize {
    let mut rest = line.trim_start();
    let mut count = 0;
    loop {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let after = if let Some(after) = rest.strip_prefix('>') {
            Some(after)
        } else if digits > 0 {
            rest[digits..].strip_prefix(['.', ')'])
        } else {
            rest.strip_prefix(['-', '*', '+'])
        };
        let Some(after) = after.filter(|after| rest.starts_with('>') || after.starts_with([' ', '\t']))
        else {
            return count;
        };
        count += 1;
        rest = after.trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_deep_is_found_and_what_is_honest_is_not() {
        for bad in [
            "<b>".repeat(3000),
            "<div></x>".repeat(3000),
            ">".repeat(500),
            "- ".repeat(500) + "x",
            "1. ".repeat(500),
            ">\t".repeat(500),
        ] {
            assert!(too_deep(&bad).is_some(), "{}", &bad[..20]);
        }
        for good in [
            "<path d=\"M0\"/>".repeat(3000),
            "<p>x<br>".repeat(3000),
            "<b>x</b>".repeat(3000),
            format!("```\n{}\n```", "Vec<String ".repeat(3000)),
            "* * *".into(),
        ] {
            assert_eq!(too_deep(&good), None, "{}", &good[..5]);
        }
    }
}
