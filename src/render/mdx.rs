//! MDX: Markdown with JSX. Imports, exports and components go, what the components enclose stays.

use serde_json::Value;

use crate::config::Settings;

/// The Markdown of an MDX text, and what of it cannot be known without running it. Expressions that name a value of the front
/// matter are that value, others go.
pub(super) fn markdown(text: &str, matter: &Settings) -> (String, Vec<String>) {
    let mut jsx = Jsx { matter, unknown: Vec::new() };
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
            out.push_str(&outdented(&jsx.without(&prose)));
            prose.clear();
            fence = Some(&start[..3]);
            out.push_str(line);
            continue;
        }
        prose.push_str(line);
    }
    out.push_str(&outdented(&jsx.without(&prose)));
    (out, jsx.unknown)
}

/// MDX has no code by indentation: what stands indented stands inside a component, or in a list.
fn outdented(text: &str) -> String {
    let mut in_list = false;
    text.split_inclusive('\n')
        .map(|line| {
            let start = line.trim_start_matches([' ', '\t']);
            let marker = start.trim_start_matches(|c: char| c.is_ascii_digit());
            let begins_item = ["- ", "* ", "+ "].iter().any(|mark| start.starts_with(mark))
                || (marker.len() < start.len() && (marker.starts_with(". ") || marker.starts_with(") ")));
            if line.trim().is_empty() {
                return line;
            }
            in_list = begins_item || (in_list && start.len() < line.len());
            if in_list { line } else { start }
        })
        .collect()
}

struct Jsx<'a> {
    matter: &'a Settings,
    unknown: Vec<String>,
}

impl Jsx<'_> {
    fn without(&mut self, text: &str) -> String {
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
                    out.push_str(&self.expression(&rest[1..length - 1]));
                    length
                }
                _ => {
                    let Some(length) = tag(rest) else {
                        out.push('<');
                        rest = &rest[1..];
                        continue;
                    };
                    if is_component(rest) {
                        self.component(&rest[..length], &mut out);
                    } else {
                        out.push_str(&self.without_expressions(&rest[..length]));
                    }
                    length
                }
            };
            rest = &rest[length..];
        }
        out.push_str(rest);
        out
    }

    /// A component goes; a picture that says where it is stays.
    fn component(&mut self, tag: &str, out: &mut String) {
        let plain = self.without_expressions(tag);
        let name =
            plain[1..].split(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).next().unwrap_or("");
        if matches!(name, "Image" | "Picture" | "Img") && plain.contains("src=\"") {
            out.push_str("<img");
            out.push_str(&plain[1 + name.len()..]);
        } else if plain.ends_with("/>") {
            self.tell(format!("<{name} />"));
        }
    }

    /// A tag whose attributes are texts; those that are expressions go, unless they are a text in quotes.
    fn without_expressions(&mut self, tag: &str) -> String {
        let mut out = String::with_capacity(tag.len());
        let mut rest = tag;
        while let Some(at) = rest.find("={") {
            let Some(length) = balanced(&rest[at + 1..]) else { break };
            let inner = rest[at + 2..at + length].trim();
            let name = rest[..at].rfind(char::is_whitespace).unwrap_or(at);
            if inner.starts_with(['"', '\'', '`']) {
                out.push_str(&format!(
                    "{}=\"{}\"",
                    &rest[..at],
                    self.expression(inner).replace('"', "&quot;")
                ));
            } else {
                out.push_str(&rest[..name]);
            }
            rest = &rest[at + 1 + length..];
        }
        out.push_str(rest);
        out
    }

    fn tell(&mut self, written: String) {
        if !self.unknown.contains(&written) {
            self.unknown.push(written);
        }
    }

    /// `frontmatter.title` is the title; a text in quotes is itself.
    fn expression(&mut self, inner: &str) -> String {
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
                    None => self.matter.get(key).map(Some),
                    Some(value) => value.get(key).map(Some),
                })
                .flatten()
        });
        match found {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => {
                if !inner.is_empty() && !inner.starts_with("/*") {
                    self.tell(format!("{{{inner}}}"));
                }
                String::new()
            }
        }
    }
}

/// Whether a tag's name has a capital letter or a point, or is empty: a component's.
fn is_component(text: &str) -> bool {
    let name = text[1..].strip_prefix('/').unwrap_or(&text[1..]);
    let word = name.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_')).count();
    name.starts_with(|c: char| c.is_ascii_uppercase()) || name[..word].contains('.') || name.starts_with('>')
}

/// The length of a tag; `None` where `<` opens none.
fn tag(text: &str) -> Option<usize> {
    let name = text[1..].strip_prefix('/').unwrap_or(&text[1..]);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '>') {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_components_enclose_stays() {
        let matter = serde_json::json!({ "title": "제목" });
        let text = "import A from './a'\nimport {\n  B\n} from 'b'\n\nexport const x = 1;\n\n# {frontmatter.title}\n\n<A b={{ c: 1 }}>\n**글**\n</A>\n\n{/* 숨은 말 */}`{x}`\n\n```js\nimport y\n```\n";
        let (found, unknown) = markdown(text, matter.as_object().unwrap());
        assert!(unknown.is_empty(), "{unknown:?}");
        assert_eq!(
            found.split_whitespace().collect::<Vec<_>>().join(" "),
            "# 제목 **글** `{x}` ```js import y ```"
        );
    }

    #[test]
    fn what_must_be_run_is_told_and_the_rest_stays() {
        let text = "<Box>\n\t안의 글\n</Box>\n\n<img src={pic.src} alt=\"그림\" style={{ a: 1 }} /> {year} <Image src=\"/a.png\" alt={'가'} /> <Chart data={x} />\n\n- 하나\n\n    둘\n";
        let (found, unknown) = markdown(text, &Settings::new());
        assert_eq!(
            found,
            "\n안의 글\n\n\n<img alt=\"그림\" />  <img src=\"/a.png\" alt=\"가\" /> \n\n- 하나\n\n    둘\n"
        );
        assert_eq!(unknown, ["{year}", "<Chart />"]);
    }
}
