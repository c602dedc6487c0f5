//! What Zola's template language, Tera, calls otherwise than MiniJinja: filters and tests, with named arguments.
//!
//! Source: the Tera manual, "Built-ins".

#![allow(clippy::needless_pass_by_value, reason = "MiniJinja hands arguments over by value")]

use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error, ErrorKind};
use url::Url;

use crate::content::entities;
use crate::render::markdown;

/// Adds Tera's filters, tests and functions; `site` is where the site is.
pub(super) fn add(environment: &mut Environment<'static>, site: &Url) {
    environment.add_filter("default", default);
    environment.add_filter("markdown", markdown_filter);
    environment.add_filter("replace", replace);
    environment.add_filter("split", split);
    environment.add_filter("join", join);
    environment.add_filter("truncate", truncate);
    environment.add_filter("get", get);
    environment.add_filter("date", date);
    environment.add_filter("concat", concat);
    environment.add_filter("slugify", |text: &str| slug::slugify(text));
    environment.add_filter("striptags", entities::plain);
    environment.add_filter("linebreaksbr", |text: &str| text.replace('\n', "<br>"));
    environment.add_filter("as_str", |value: &Value| value.to_string());
    environment.add_filter("trim_start_matches", |text: &str, named: Kwargs| {
        let pat: &str = named.get("pat")?;
        Ok::<_, Error>(text.trim_start_matches(pat).to_owned())
    });
    environment.add_filter("trim_end_matches", |text: &str, named: Kwargs| {
        let pat: &str = named.get("pat")?;
        Ok::<_, Error>(text.trim_end_matches(pat).to_owned())
    });
    environment.add_test("starting_with", |text: &str, other: &str| text.starts_with(other));
    environment.add_test("ending_with", |text: &str, other: &str| text.ends_with(other));
    environment.add_test("containing", |text: &str, other: &str| text.contains(other));
    let site = site.clone();
    environment.add_function("get_url", move |named: Kwargs| {
        let path: &str = named.get("path")?;
        let path = path.strip_prefix("@/").map_or(path, |path| path.trim_end_matches(".md"));
        let address = site.join(path.trim_start_matches('/'));
        address
            .map(|address| address.to_string())
            .map_err(|why| Error::new(ErrorKind::InvalidOperation, format!("`{path}` is no path: {why}")))
    });
}

fn default(value: Value, other: Option<Value>, named: Kwargs) -> Result<Value, Error> {
    let other = other.map_or_else(|| named.get("value"), Ok)?;
    Ok(if value.is_undefined() { other } else { value })
}

fn markdown_filter(text: &str, named: Kwargs) -> Result<Value, Error> {
    let is_inline = named.get::<Option<bool>>("inline")?.unwrap_or(false);
    let html = if is_inline { markdown::inline(text) } else { markdown::whole(text) };
    Ok(Value::from_safe_string(html))
}

fn replace(text: &str, from: Option<String>, to: Option<String>, named: Kwargs) -> Result<String, Error> {
    let from = from.map_or_else(|| named.get("from"), Ok)?;
    let to = to.map_or_else(|| named.get("to"), Ok)?;
    Ok(text.replace(&from, &to))
}

fn split(text: &str, pat: Option<String>, named: Kwargs) -> Result<Vec<String>, Error> {
    let pat = pat.map_or_else(|| named.get("pat"), Ok)?;
    Ok(text.split(&pat).map(str::to_owned).collect())
}

fn join(list: Vec<Value>, sep: Option<String>, named: Kwargs) -> Result<String, Error> {
    let sep =
        sep.map_or_else(|| named.get::<Option<String>>("sep"), |sep| Ok(Some(sep)))?.unwrap_or_default();
    Ok(list.iter().map(ToString::to_string).collect::<Vec<_>>().join(&sep))
}

fn truncate(text: &str, named: Kwargs) -> Result<String, Error> {
    let length = named.get::<Option<usize>>("length")?.unwrap_or(255);
    let end = named.get::<Option<&str>>("end")?.unwrap_or("…");
    let short: String = text.chars().take(length).collect();
    Ok(if short.len() < text.len() { format!("{short}{end}") } else { short })
}

fn get(map: Value, named: Kwargs) -> Result<Value, Error> {
    let found = map.get_attr(named.get("key")?)?;
    Ok(if found.is_undefined() { named.get::<Option<Value>>("default")?.unwrap_or(found) } else { found })
}

fn concat(list: Vec<Value>, named: Kwargs) -> Result<Vec<Value>, Error> {
    let more: Value = named.get("with")?;
    Ok(list.into_iter().chain(more.try_iter()?).collect())
}

fn date(moment: &str, named: Kwargs) -> Result<String, Error> {
    let format = named.get::<Option<&str>>("format")?.unwrap_or("%Y-%m-%d");
    let fail = || {
        Error::new(
            ErrorKind::InvalidOperation,
            format!("`{moment}` is no date, or `{format}` no form of one"),
        )
    };
    let moment = crate::content::moment(moment, chrono_tz::UTC).ok_or_else(fail)?;
    let mut out = String::new();
    std::fmt::Write::write_fmt(&mut out, format_args!("{}", moment.format(format))).map_err(|_| fail())?;
    Ok(out)
}
