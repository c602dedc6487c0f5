//! `tidings feeds`: which feeds there are, and the links to them for a theme.

use serde_json::json;

use super::Exit;
use super::args::{Args, FeedsOptions};
use super::site::{Failure, Site};
use crate::feed::{Plan, media_type};
use crate::report::{self, Reporter};

pub(super) fn command(args: &Args, options: &FeedsOptions, report: &Reporter) -> Result<Exit, Failure> {
    let site = Site::load(&args.place)?;
    report.diagnostics(&site.diagnostics);
    let (plan, found) = Plan::new(&site.config, &site.library, &site.config_path);
    report.diagnostics(&found);
    let shown = if options.links {
        plan.links()
    } else if options.json {
        let feeds = plan.feeds().map(|(channel, documents)| {
            let documents: Vec<_> = documents
                .iter()
                .map(|document| json!({ "path": document.path, "url": document.url, "type": media_type(document.format) }))
                .collect();
            json!({ "title": channel.title, "posts": channel.posts.len(), "documents": documents })
        });
        format!("{:#}\n", feeds.collect::<serde_json::Value>())
    } else {
        let mut lines = String::new();
        for (channel, documents) in plan.feeds() {
            lines.push_str(&format!("{}, {}\n", channel.title, report::count(channel.posts.len(), "post")));
            for document in documents {
                lines.push_str(&format!("  {}\n", document.url));
            }
        }
        lines
    };
    report.data(&shown)?;
    Ok(Exit::Done)
}
