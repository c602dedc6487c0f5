//! `tidings ids`: the register of published ids.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use super::Exit;
use super::args::{Args, JsonOption};
use super::memory;
use super::site::{Failure, Site};
use crate::diagnostic::did_you_mean;
use crate::ledger::{Ledger, Registered};
use crate::report::{self, Reporter};

#[derive(Debug, Subcommand)]
pub(super) enum IdsCommand {
    /// Show every id with its post's file
    List(JsonOption),
    /// Take ids as they are, and say no more about what they would be otherwise
    Pin(PinOptions),
    /// Forget ids: the next build publishes these posts under those that their generator gives them, as new to every reader
    Release(ReleaseOptions),
}

#[derive(Debug, clap::Args)]
pub(super) struct PinOptions {
    /// The posts, by their files or their ids [default: all]
    #[arg(value_name = "FILE|ID")]
    pub posts: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct ReleaseOptions {
    /// The posts, by their files or their ids
    #[arg(value_name = "FILE|ID", required = true)]
    pub posts: Vec<String>,
}

pub(super) fn command(args: &Args, command: &IdsCommand, report: &Reporter) -> Result<Exit, Failure> {
    let site = Site::load(&args.place)?;
    match command {
        IdsCommand::List(options) => {
            let register = Ledger::peek(&site.config)?.register()?;
            report.data(&if options.json { as_json(&register) } else { as_lines(&register) })?;
            if register.is_empty() {
                report.note("no id has been published yet; `tidings build` publishes them");
            }
        }
        IdsCommand::Pin(chosen) => {
            let _lock = site.lock()?;
            let mut ledger = memory::open(&site.config)?;
            let register = ledger.register()?;
            let sources = if chosen.posts.is_empty() {
                register
                    .iter()
                    .filter(|line| line.published.present)
                    .map(|line| line.source.clone())
                    .collect()
            } else {
                chosen_of(&site, &register, &chosen.posts)?
            };
            ledger.pin_ids(&sources)?;
            report.note(&format!(
                "{} pinned: nothing more is said about them",
                report::count(sources.len(), "id")
            ));
        }
        IdsCommand::Release(chosen) => {
            let _lock = site.lock()?;
            let mut ledger = memory::open(&site.config)?;
            let sources = chosen_of(&site, &ledger.register()?, &chosen.posts)?;
            ledger.release_ids(&sources)?;
            report.note(&format!(
                "{} released: the next build publishes the post under the id that its generator gives it",
                report::count(sources.len(), "id")
            ));
        }
    }
    Ok(Exit::Done)
}

/// The files of the posts that the command line names, by file or by id.
fn chosen_of(site: &Site, register: &[Registered], names: &[String]) -> Result<Vec<PathBuf>, Failure> {
    names
        .iter()
        .map(|name| {
            let path = Path::new(name);
            let below = site.shown(path);
            let is_meant = |line: &&Registered| {
                line.source == below || line.source == path || line.published.id.as_str() == name
            };
            if let Some(line) = register.iter().find(is_meant) {
                return Ok(line.source.clone());
            }
            let files: Vec<String> = register.iter().map(|line| line.source.display().to_string()).collect();
            let known = files.iter().map(String::as_str);
            let known = known.chain(register.iter().map(|line| line.published.id.as_str()));
            let help = match did_you_mean(name, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`tidings ids list` shows them".to_owned(),
            };
            Err(Failure::Usage(format!("no post has been published from `{name}`, nor under it; {help}")))
        })
        .collect()
}

fn as_json(register: &[Registered]) -> String {
    let lines = register.iter().map(|line| {
        let published = &line.published;
        json!({
            "id": published.id,
            "file": line.source,
            "title": published.title,
            "url": published.url,
            "present": line.published.present,
            "pinned": published.pinned,
        })
    });
    format!("{:#}\n", lines.collect::<serde_json::Value>())
}

fn as_lines(register: &[Registered]) -> String {
    let line = |line: &Registered| {
        let marks = [(!line.published.present, "gone"), (line.published.pinned, "pinned")];
        let marks: Vec<&str> = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
        let marks = if marks.is_empty() { String::new() } else { format!("  ({})", marks.join(", ")) };
        format!("{}\n  {}{marks}\n", line.published.id, line.source.display())
    };
    register.iter().map(line).collect()
}
