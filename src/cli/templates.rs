//! `tidings templates`: the built-in ones, the site's own, and whether they work.

use clap::Subcommand;
use serde_json::json;

use super::Exit;
use super::args::{Args, JsonOption};
use super::check;
use super::site::{Failure, Site};
use crate::diagnostic::did_you_mean;
use crate::digest::NAMES;
use crate::fsx;
use crate::ledger::Ledger;
use crate::report::{self, Reporter, count};
use crate::template::BUILT_IN;

#[derive(Debug, Subcommand)]
pub(super) enum TemplatesCommand {
    /// Show every template and whether it is the site's own
    List,
    /// Put a built-in template into the site's folder, to be changed there
    Eject(EjectOptions),
    /// Show what the newsletters' templates may use
    Names(JsonOption),
    /// Try every template on the newest posts
    Check(JsonOption),
}

#[derive(Debug, clap::Args)]
pub(super) struct EjectOptions {
    /// The templates, such as digest.html or words/ko.yaml
    #[arg(value_name = "TEMPLATE", required = true)]
    pub names: Vec<String>,

    /// For this newsletter alone
    #[arg(long, value_name = "NAME")]
    pub newsletter: Option<String>,
}

pub(super) fn command(args: &Args, command: &TemplatesCommand, report: &Reporter) -> Result<Exit, Failure> {
    if let TemplatesCommand::Names(options) = command {
        return names(options, report);
    }
    let site = Site::load(&args.place)?;
    match command {
        TemplatesCommand::Names(_) => Ok(Exit::Done),
        TemplatesCommand::List => list(&site, report),
        TemplatesCommand::Eject(options) => eject(&site, options, report),
        TemplatesCommand::Check(options) => try_all(&site, options, report),
    }
}

fn names(options: &JsonOption, report: &Reporter) -> Result<Exit, Failure> {
    let shown = if options.json {
        let list: Vec<_> =
            NAMES.iter().map(|(name, meaning)| json!({ "name": name, "meaning": meaning })).collect();
        format!("{:#}\n", json!(list))
    } else {
        NAMES.iter().map(|(name, meaning)| format!("{name:<24}{meaning}\n")).collect()
    };
    report.data(&shown)?;
    Ok(Exit::Done)
}

fn list(site: &Site, report: &Reporter) -> Result<Exit, Failure> {
    let folder = site.config.templates_dir();
    let mut lines = String::new();
    let width = BUILT_IN.iter().map(|(name, _)| name.len() + 2).max().unwrap_or_default();
    for (name, _) in BUILT_IN {
        let own = folder.join(name);
        let of = |newsletter: &str| folder.join(newsletter).join(name);
        let names = site.config.newsletters.iter().map(|newsletter| newsletter.name.as_str());
        let files: Vec<String> = names
            .map(of)
            .chain([own])
            .filter(|path| path.exists())
            .map(|path| site.shown(&path).display().to_string())
            .collect();
        let whose = if files.is_empty() { "built-in".to_owned() } else { files.join(", ") };
        lines.push_str(&format!("{name:<width$}{whose}\n"));
    }
    report.data(&lines)?;
    Ok(Exit::Done)
}

fn eject(site: &Site, options: &EjectOptions, report: &Reporter) -> Result<Exit, Failure> {
    let mut folder = site.config.templates_dir();
    if let Some(name) = &options.newsletter {
        site.newsletters(Some(name))?;
        folder = folder.join(name);
    }
    let mut chosen = Vec::new();
    for name in &options.names {
        let Some((_, text)) = BUILT_IN.iter().find(|(known, _)| known == name) else {
            let near = did_you_mean(name, BUILT_IN.iter().map(|(known, _)| *known));
            let help = near.map_or_else(
                || "`tidings templates list` shows them".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(Failure::Usage(format!("there is no built-in template `{name}`; {help}")));
        };
        let path = folder.join(name);
        if path.exists() {
            let shown = site.shown(&path).display();
            return Err(Failure::Usage(format!(
                "`{shown}` is there already; move it away, if it shall be made anew"
            )));
        }
        chosen.push((path, text));
    }
    for (path, text) in chosen {
        fsx::write_atomic(&path, text.as_bytes())?;
        report.note(&format!("{}: yours from now on", site.shown(&path).display()));
    }
    Ok(Exit::Done)
}

fn try_all(site: &Site, options: &JsonOption, report: &Reporter) -> Result<Exit, Failure> {
    let mut found = Vec::new();
    let tried = check::newsletters(site, &Ledger::peek(&site.config)?, &mut found)?;
    check::feeds_page(site, &mut found);
    found.dedup();
    if options.json {
        report.data(&format!("{:#}\n", report::as_json(&found)))?;
    } else {
        report.diagnostics(&found);
        let what = count(tried, "newsletter");
        report.note(&match found.len() {
            0 => format!("{what} and `feeds.html`: nothing is wrong"),
            n => format!("{what} and `feeds.html`: {}", count(n, "finding")),
        });
    }
    let failed = found.iter().any(crate::diagnostic::Diagnostic::is_error);
    Ok(if failed { Exit::Partly } else { Exit::Done })
}
