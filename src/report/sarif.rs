//! Findings for code scanners (SARIF 2.1.0, OASIS Standard).

use serde_json::{Value, json};

use crate::diagnostic::Diagnostic;

/// One run with all findings; paths are below the site's folder, columns count characters.
pub fn as_sarif(list: &[Diagnostic]) -> Value {
    let mut codes: Vec<&str> = list.iter().map(|finding| finding.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let rules: Vec<Value> = codes.iter().map(|code| json!({ "id": code })).collect();
    let results: Vec<Value> = list
        .iter()
        .map(|finding| {
            let path = finding.path.to_string_lossy();
            let uri = percent_encoding::utf8_percent_encode(&path, URI).to_string();
            let mut location = json!({ "artifactLocation": { "uri": uri, "uriBaseId": "SITE" } });
            if let Some(place) = &finding.place {
                location["region"] = json!({
                    "startLine": place.line,
                    "startColumn": place.column,
                    "endColumn": place.column + place.width,
                    "snippet": { "text": place.text },
                });
            }
            let text = if finding.help.is_empty() {
                finding.message.clone()
            } else {
                format!("{}\n{}", finding.message, finding.help)
            };
            json!({
                "ruleId": finding.code,
                "level": if finding.is_error() { "error" } else { "warning" },
                "message": { "text": text },
                "locations": [{ "physicalLocation": location }],
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "tidings", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// What stands in a path of a URI as it is (RFC 3986 §3.3), but for the slash between its parts.
const URI: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');
