//! Posts so deeply nested that the parsers below would run out of stack, or out of time.
//!
//! A rough count over the text, without parsing it; no honest post comes near its limits.

/// Tags open inside one another. HTML parsers overflow the stack at some ten thousand.
const TAGS: usize = 2_000;
/// Quotation marks at the start of one line: the Markdown parser takes the square of their number.
const QUOTATIONS: usize = 200;

/// Elements that have no end tag, or whose end tag is often left out.
const LOOSE: [&str; 20] = [
    "area", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "option", "p", "source", "tbody",
    "td", "th", "thead", "tr", "track", "wbr",
];

/// What is nested too deep, in words; `None` for every honest post.
pub(super) fn too_deep(body: &str) -> Option<String> {
    let quoted =
        |line: &str| line.bytes().take_while(|b| matches!(b, b'>' | b' ')).filter(|b| *b == b'>').count();
    if body.lines().any(|line| quoted(line) > QUOTATIONS) {
        return Some(format!("a line of this post opens more than {QUOTATIONS} quotations; it is left out"));
    }
    let (mut open, mut deepest) = (0usize, 0);
    for tag in body.split('<').skip(1) {
        let (end, name) = tag.strip_prefix('/').map_or((false, tag), |name| (true, name));
        let name = &name[..name.bytes().take_while(u8::is_ascii_alphanumeric).count()];
        if name.is_empty() || LOOSE.iter().any(|loose| name.eq_ignore_ascii_case(loose)) {
            continue;
        }
        open = if end { open.saturating_sub(1) } else { open + 1 };
        deepest = deepest.max(open);
    }
    (deepest > TAGS).then(|| {
        format!("this post opens {deepest} tags inside one another; the most is {TAGS}; it is left out")
    })
}
