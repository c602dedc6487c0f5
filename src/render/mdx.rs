//! MDX: Markdown with JSX. Imports, exports and components go, what the components enclose stays.

use serde_json::Value;

use crate::config::Settings;

/// The Markdown of an MDX text; expressions that name a value of the front matter are that value, others go.
pub(super) fn markdown(text: &str, matter: &Settings) -> String {
    let mut out = String::with_capacity(text.len());
    let mut fence: Option<&str> = None;
    let mut statement = false;
    let mut prose = String::new();
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        if let Some(open) = fence {
            out.push_str(line);
            if start.starts_with(open) {
                fence = None;
            }
            continue;
        }
        if statement {
            // Imports and exports reach to the next blank line.
            statement = !line.trim().is_empty();
            continue;
        }
        if line.starts_with("import ") || line.starts_with("export ") {
            statement = !line.trim_end().ends_with(';')
                || line.matches(['{', '(']).count() > line.matches(['}', ')']).count();
            continue;
        }
        if start.starts_with("```") || start.starts_with("~~~") {
            out.push_str(&without_jsx(&prose, matter));
            prose.clear();
            fence = Some(&start[..3]);
            out.push_str(line);
            continue;
        }
        prose.push_str(line);
    }
    out.push_str(&without_jsx(&prose, matter));
    out
}

fn without_jsx(text: &str, matter: &Settings) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '{', '`', '\\']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match rest.as_bytes()[0] {
            b'`' => {
                let run = rest.bytes().take_while(|b| *b == b'`').count();
                let end = rest[run..].find(&rest[..run]).map_or(run, |end| run + end + run);
                out.push_str(&rest[..end]);
                end
            }
            b'\\' => {
                let length = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
                out.push_str(&rest[..length]);
                length
            }
            b'{' => {
                let Some(length) = balanced(rest) else {
                    out.push('{');
                    rest = &rest[1..];
                    continue;
                };
                out.push_str(&expression(&rest[1..length - 1], matter));
                length
            }
            _ => component(rest).unwrap_or_else(|| {
                out.push('<');
                1
            }),
        };
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// The length of a tag whose name has a capital letter or a point, or is empty: a component's.
fn component(text: &str) -> Option<usize> {
    let name = text[1..].strip_prefix('/').unwrap_or(&text[1..]);
    let word = name.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_')).count();
    let is_one = name.starts_with(|c: char| c.is_ascii_uppercase())
        || name[..word].contains('.')
        || name.starts_with('>');
    if !is_one {
        return None;
    }
    let mut at = 1;
    let mut quote = None;
    while let Some(c) = text[at..].chars().next() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '>' => return Some(at + 1),
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if c == '{' => {
                at += balanced(&text[at..])?;
                continue;
            }
            Some(_) | None => {}
        }
        at += c.len_utf8();
    }
    None
}

/// The length of what stands in braces, braces and all.
fn balanced(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    text.char_indices().find_map(|(at, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        (depth == 0).then_some(at + 1)
    })
}

/// `frontmatter.title` is the title; a text in quotes is itself.
fn expression(inner: &str, matter: &Settings) -> String {
    let inner = inner.trim();
    if let Some(quote) = inner.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))
        && inner.len() > 1
        && inner.ends_with(quote)
    {
        return inner[1..inner.len() - 1].to_owned();
    }
    let path = inner.strip_prefix("frontmatter.").or_else(|| inner.strip_prefix("props."));
    let found = path.and_then(|path| {
        path.split('.')
            .try_fold(None, |value: Option<&Value>, key| match value {
                None => matter.get(key).map(Some),
                Some(value) => value.get(key).map(Some),
            })
            .flatten()
    });
    match found {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_components_enclose_stays() {
        let matter = serde_json::json!({ "title": "제목" });
        let text = "import A from './a'\nimport {\n  B\n} from 'b'\n\nexport const x = 1;\n\n# {frontmatter.title}\n\n<A b={{ c: 1 }}>\n**글**\n</A>\n\n{/* 숨은 말 */}`{x}`\n\n```js\nimport y\n```\n";
        let found = markdown(text, matter.as_object().unwrap());
        assert_eq!(
            found.split_whitespace().collect::<Vec<_>>().join(" "),
            "# 제목 **글** `{x}` ```js import y ```"
        );
    }
}
