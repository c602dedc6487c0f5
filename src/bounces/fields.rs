//! Header fields as reports have them: folded lines, names in any case, up to an empty line.

/// The fields of one block.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Of a text up to its first empty line. What is no field is passed over: mailboxes put a `From ` line in front.
    pub(super) fn of(text: &str) -> Self {
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in text.lines().skip_while(|line| line.trim().is_empty()) {
            if line.trim().is_empty() {
                break;
            }
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':') {
                fields.push((name.trim_end().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        Self(fields)
    }

    /// The blocks of a text, each ended by an empty line (RFC 3464 §2.1).
    pub(super) fn blocks(text: &str) -> Vec<Self> {
        let text = text.replace("\r\n", "\n");
        let mut blocks: Vec<String> = vec![String::new()];
        for line in text.lines() {
            match (line.trim().is_empty(), blocks.last_mut()) {
                (true, Some(last)) if !last.is_empty() => blocks.push(String::new()),
                (false, Some(last)) => {
                    last.push_str(line);
                    last.push('\n');
                }
                _ => {}
            }
        }
        blocks.iter().map(|block| Self::of(block)).filter(|block| !block.0.is_empty()).collect()
    }

    /// The first field of a name.
    pub(super) fn one(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// All fields of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.0.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}
