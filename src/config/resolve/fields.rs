//! Elements that the owner adds to feeds: their names are checked here, so that nothing written here can break the XML.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::config::findings::Findings;
use crate::config::raw::{Fields as Raw, Text};
use crate::config::{Field, Fields};

/// Prefixes that need no `namespaces:`. Those that tidings writes itself stand for what it writes.
const KNOWN: [(&str, &str); 10] = [
    ("atom", "http://www.w3.org/2005/Atom"),
    ("content", "http://purl.org/rss/1.0/modules/content/"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("fh", "http://purl.org/syndication/history/1.0"),
    ("georss", "http://www.georss.org/georss"),
    ("itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
    ("media", "http://search.yahoo.com/mrss/"),
    ("podcast", "https://podcastindex.org/namespace/1.0"),
    ("slash", "http://purl.org/rss/1.0/modules/slash/"),
    ("thr", "http://purl.org/syndication/thread/1.0"),
];

pub(super) fn fields(namespaces: BTreeMap<String, Text>, raw: Raw, findings: &mut Findings<'_>) -> Fields {
    let mut own = Vec::new();
    for (prefix, Text(uri)) in namespaces {
        let known = KNOWN.iter().find(|(known, _)| *known == prefix);
        if !is_name(&prefix) || prefix.to_ascii_lowercase().starts_with("xml") {
            let message = format!("`{prefix}` cannot be a prefix in XML");
            findings.error(
                &prefix,
                "",
                message,
                "use letters and digits, beginning with a letter, but not with `xml`",
            );
        } else if known.is_some_and(|(_, meant)| *meant != uri) {
            findings.error(
                &prefix,
                &uri,
                format!("`{prefix}` stands for another namespace already"),
                "choose another prefix",
            );
        } else if url::Url::parse(&uri).is_err() {
            let help = "write the URI that its documentation gives, such as `http://www.georss.org/georss`";
            findings.error(&prefix, &uri, format!("`{uri}` is not the URI of a namespace"), help);
        } else {
            own.push((prefix, uri));
        }
    }
    let mut list = |raw: BTreeMap<String, Value>, used: &mut Vec<(String, String)>| {
        raw.into_iter().filter_map(|(name, value)| field(&name, value, &own, used, findings)).collect()
    };
    let mut used = Vec::new();
    let (feed, entry) = (list(raw.feed, &mut used), list(raw.entry, &mut used));
    Fields { namespaces: used, feed, entry }
}

fn field(
    written: &str,
    value: Value,
    own: &[(String, String)],
    used: &mut Vec<(String, String)>,
    findings: &mut Findings<'_>,
) -> Option<Field> {
    let Some((prefix, name)) =
        written.split_once(':').filter(|(prefix, name)| is_name(prefix) && is_name(name))
    else {
        let help = "write a prefix and a name, as in `\"georss:point\": \"{{ post.point }}\"`";
        findings.error(written, "", format!("`{written}` cannot be the name of an element"), help);
        return None;
    };
    let known = KNOWN.iter().map(|(prefix, uri)| (*prefix, *uri));
    let all = own.iter().map(|(prefix, uri)| (prefix.as_str(), uri.as_str())).chain(known);
    let Some((prefix, uri)) = all.into_iter().find(|(known, _)| *known == prefix) else {
        let help = format!("write `namespaces: {{ {prefix}: \"http://…\" }}` beside `fields`");
        findings.error(written, "", format!("the prefix `{prefix}` stands for no namespace"), &help);
        return None;
    };
    let namespace = (prefix.to_owned(), uri.to_owned());
    if !used.contains(&namespace) {
        used.push(namespace);
    }
    let mut field = Field {
        prefix: prefix.to_owned(),
        name: name.to_owned(),
        text: String::new(),
        attributes: Vec::new(),
    };
    match value {
        Value::Object(parts) => {
            for (key, value) in parts {
                match scalar(&value) {
                    Some(text) if key == "text" => field.text = text,
                    Some(text) if is_name(&key) && !key.starts_with("xml") => {
                        field.attributes.push((key, text));
                    }
                    _ => {
                        let message = format!("`{key}` of `{written}` cannot be an attribute");
                        findings.error(
                            &key,
                            "",
                            message,
                            "write `text:` for what stands inside, other names with texts for attributes",
                        );
                    }
                }
            }
        }
        value => field.text = scalar(&value).unwrap_or_default(),
    }
    Some(field)
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// An NCName of ASCII letters (Namespaces in XML 1.0 §3).
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}
