//! `tidings ledger`: the memory as a whole, copied, moved and looked at.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::args::Args;
use super::site::{Failure, Site};
use super::{Exit, operate};
use crate::config::Config;
use crate::fsx;
use crate::ledger::{Health, Ledger};
use crate::report::{Reporter, count};

#[derive(Debug, Subcommand)]
pub(super) enum LedgerCommand {
    /// Copy it into a file of SQLite's, as it stands at this moment; who is at work on it goes on
    Copy(CopyOptions),
    /// Bring it up to date with this version, or fill a new one with what another has
    Migrate(MigrateOptions),
    /// Look whether it is whole, and whether anybody was sent a post twice
    Verify(VerifyOptions),
}

#[derive(Debug, clap::Args)]
pub(super) struct CopyOptions {
    /// The file, which must not be there yet
    #[arg(value_name = "FILE")]
    pub to: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(super) struct MigrateOptions {
    /// Take over what this file has, such as `.tidings/ledger.db` of before `ledger: postgres://…`; the site's own must be empty
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct VerifyOptions {
    /// A copy of it [default: the site's own]
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
}

pub(super) fn command(args: &Args, command: &LedgerCommand, report: &Reporter) -> Result<Exit, Failure> {
    let config = Site::config(&args.place)?.config;
    match command {
        LedgerCommand::Copy(options) => copy(&config, &options.to, report),
        LedgerCommand::Migrate(options) => migrate(&config, options.from.as_deref(), report),
        LedgerCommand::Verify(options) => {
            let health = match &options.file {
                Some(file) if !file.exists() => {
                    return Err(Failure::Usage(format!("`{}` is not there", file.display())));
                }
                Some(file) => Ledger::peek_file(file)?.health()?,
                None if !Ledger::is_there(&config)? => return Err(nothing_yet()),
                None => Ledger::peek(&config)?.health()?,
            };
            report.note(&told(&health));
            Ok(verdict(&health.faults, report))
        }
    }
}

fn nothing_yet() -> Failure {
    Failure::Usage("there is no ledger yet: nothing has been published or sent".to_owned())
}

fn copy(config: &Config, to: &Path, report: &Reporter) -> Result<Exit, Failure> {
    if !Ledger::is_there(config)? {
        return Err(nothing_yet());
    }
    if to.exists() {
        return Err(Failure::Usage(format!("`{}` is there already", to.display())));
    }
    // Under another name until it is whole; its owner's alone, as addresses stand in it.
    let part = to.with_extension("part");
    fsx::write_private(&part, b"")?;
    let copied = Ledger::peek(config).and_then(|own| own.copy_into(&Ledger::open_copy(&part)?));
    copied.inspect_err(|_| drop(fsx::remove_below(part.parent().unwrap_or(Path::new(".")), &part)))?;
    fsx::rename(&part, to)?;
    let health = Ledger::peek_file(to)?.health()?;
    report.note(&format!("{}: {}", to.display(), told(&health)));
    Ok(verdict(&health.faults, report))
}

fn migrate(config: &Config, from: Option<&Path>, report: &Reporter) -> Result<Exit, Failure> {
    let Some(from) = from else {
        Ledger::open(config)?;
        report.note("the ledger is of this version");
        return Ok(Exit::Done);
    };
    if !from.exists() {
        return Err(Failure::Usage(format!("`{}` is not there", from.display())));
    }
    // Nobody sends meanwhile: what they sent would be sent again.
    let _lock = fsx::lock(&config.state_dir().join("lock"))?.ok_or(Failure::Locked)?;
    let own = Ledger::open(config)?;
    if !own.is_empty()? {
        let words = "the site's ledger has something already; only an empty one can take over another";
        return Err(Failure::Usage(words.to_owned()));
    }
    Ledger::peek_file(from)?.copy_into(&own)?;
    let health = own.health()?;
    report.note(&format!("taken over from {}: {}", from.display(), told(&health)));
    Ok(verdict(&health.faults, report))
}

fn told(Health { issues, deliveries, .. }: &Health) -> String {
    let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    format!("{}, {}", count(number(*issues), "issue"), operate::of_copies(number(*deliveries)))
}

fn verdict(faults: &[String], report: &Reporter) -> Exit {
    for fault in faults {
        report.error(fault);
    }
    if !faults.is_empty() {
        return Exit::Partly;
    }
    report.note("the ledger is whole");
    Exit::Done
}
