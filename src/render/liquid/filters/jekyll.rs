//! Jekyll's filters that know the site: addresses, Markdown, conditions over lists.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::super::carry::Carrier;
use super::super::expression::{Condition, Filtered};
use super::super::scope::{is_true, text};
use super::arg;
use crate::config::Blog;
use crate::content::slug::{Mode, slugify};
use crate::content::typography;
use crate::render::{kramdown, markdown};

pub(super) fn apply(
    carrier: &mut Carrier<'_, '_>,
    name: &str,
    input: &Value,
    args: &[Value],
) -> Option<Value> {
    let own = || text(input);
    Some(match name {
        "relative_url" => relative(carrier.engine.base(), &own()).into(),
        "absolute_url" => absolute(carrier, &own()).into(),
        "strip_index" => own().replace("/index.html", "/").into(),
        "markdownify" => {
            let events = kramdown::events(&own(), carrier.engine.kramdown());
            markdown::html(events.into_iter()).into()
        }
        "smartify" => typography::smartify(&own(), carrier.engine.kramdown()).into(),
        "slugify" => match arg(args, 0).as_str() {
            "none" => own().to_lowercase(),
            "raw" => slugify(&own(), Mode::Raw),
            "pretty" => slugify(&own(), Mode::Pretty),
            "ascii" => slugify(&own(), Mode::Ascii),
            "latin" => slugify(&deunicode::deunicode(&own()), Mode::Plain),
            _ => slugify(&own(), Mode::Plain),
        }
        .into(),
        "where_exp" => selected(carrier, input, args).collect(),
        "find_exp" => selected(carrier, input, args).next().unwrap_or(Value::Null),
        "group_by_exp" => grouped(carrier, input, args),
        // Style sheets have no place in a post.
        "sassify" | "scssify" => Value::Null,
        _ => return None,
    })
}

fn is_absolute(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    })
}

fn relative(base: &str, address: &str) -> String {
    if is_absolute(address) {
        return address.to_owned();
    }
    let slash = if address.is_empty() || address.starts_with('/') { "" } else { "/" };
    let (path, rest) = address.find(['?', '#']).map_or((address, ""), |at| address.split_at(at));
    format!("{base}{slash}{}{rest}", crate::content::encoded_path(path))
}

fn absolute(carrier: &Carrier<'_, '_>, address: &str) -> String {
    if is_absolute(address) {
        return address.to_owned();
    }
    let engine = carrier.engine;
    let origin = match &engine.config.blog {
        // As Jekyll joins them: a slash at the end of `url` stays.
        Blog::Jekyll(jekyll) => jekyll.prefix.strip_suffix(&jekyll.base).unwrap_or(&jekyll.prefix),
        _ => engine.config.site.url.as_str().trim_end_matches('/'),
    };
    format!("{origin}{}", relative(engine.base(), address))
}

fn items(input: &Value) -> Vec<Value> {
    match input {
        Value::Array(list) => list.clone(),
        Value::Object(map) => map.values().cloned().collect(),
        _ => Vec::new(),
    }
}

/// The items for which an expression over a name holds.
fn selected<'c>(
    carrier: &'c mut Carrier<'_, '_>,
    input: &Value,
    args: &[Value],
) -> impl Iterator<Item = Value> + use<'c> {
    let (name, condition) = (arg(args, 0), Condition::parse(&arg(args, 1)));
    let mut kept = Vec::new();
    for item in items(input) {
        carrier.scope.frames.push(Map::from_iter([(name.clone(), item)]));
        let holds = carrier.scope.holds(&condition);
        let item = carrier.scope.frames.pop().and_then(|mut frame| frame.remove(&name));
        kept.extend(item.filter(|_| holds));
    }
    kept.into_iter()
}

fn grouped(carrier: &mut Carrier<'_, '_>, input: &Value, args: &[Value]) -> Value {
    let (name, expression) = (arg(args, 0), Filtered::parse(&arg(args, 1)));
    let mut groups: Vec<(Cow<'_, str>, Vec<Value>)> = Vec::new();
    for item in items(input) {
        carrier.scope.frames.push(Map::from_iter([(name.clone(), item.clone())]));
        let key = carrier.filtered(&expression);
        carrier.scope.frames.pop();
        let key = if is_true(&key) { text(&key) } else { String::new() };
        match groups.iter_mut().find(|(own, _)| *own == key) {
            Some((_, list)) => list.push(item),
            None => groups.push((key.into(), vec![item])),
        }
    }
    groups
        .into_iter()
        .map(|(name, items)| serde_json::json!({ "name": name, "size": items.len(), "items": items }))
        .collect()
}
