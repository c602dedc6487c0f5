//! `tidings config show`: what is known about the site, and which file says so.

use serde_json::json;

use super::Exit;
use super::args::{Args, JsonOption};
use super::site::Failure;
use crate::config::{self, Origin};
use crate::report::Reporter;

pub(super) fn command(args: &Args, options: &JsonOption, report: &Reporter) -> Result<Exit, Failure> {
    let loaded = config::load(&args.place.dir, args.place.config.as_deref()).map_err(Failure::Config)?;
    report.diagnostics(&loaded.diagnostics);
    let origins = loaded.settings();
    let shown = if options.json {
        let list: Vec<_> = origins
            .iter()
            .map(|Origin { key, value, from }| json!({ "key": key, "value": value, "from": from }))
            .collect();
        format!("{:#}\n", json!(list))
    } else {
        origins
            .iter()
            .map(|Origin { key, value, from }| format!("{key}: {}  # {from}\n", written(value)))
            .collect()
    };
    report.data(&shown)?;
    Ok(Exit::Done)
}

/// A value as YAML would have it, on one line.
fn written(value: &str) -> String {
    let is_plain =
        !value.is_empty() && value.chars().all(|c| c.is_alphanumeric() || " /._-:,{}@".contains(c));
    if is_plain && !value.contains(": ") { value.to_owned() } else { json!(value).to_string() }
}

pub(super) fn schema(report: &Reporter) -> Result<Exit, Failure> {
    report.data(&format!("{}\n", serde_json::to_string_pretty(&config::schema())?))?;
    Ok(Exit::Done)
}
