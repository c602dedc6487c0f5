//! `tidings ledger`: the memory as a whole, copied and looked at.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::args::Args;
use super::site::{Failure, Site};
use super::{Exit, operate};
use crate::fsx;
use crate::ledger::Ledger;
use crate::report::{Reporter, count};

#[derive(Debug, Subcommand)]
pub(super) enum LedgerCommand {
    /// Copy it into one file, as it stands at this moment; who is at work on it goes on
    Copy(CopyOptions),
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
pub(super) struct VerifyOptions {
    /// A copy of it [default: the site's own]
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
}

pub(super) fn command(args: &Args, command: &LedgerCommand, report: &Reporter) -> Result<Exit, Failure> {
    let own = Site::config(&args.place)?.config.state_dir().join("ledger.db");
    match command {
        LedgerCommand::Copy(options) => {
            if !own.exists() {
                return Err(Failure::Usage(
                    "there is no ledger yet: nothing has been published or sent".to_owned(),
                ));
            }
            if options.to.exists() {
                return Err(Failure::Usage(format!("`{}` is there already", options.to.display())));
            }
            // Under another name until it is whole; its owner's alone, as addresses stand in it.
            let part = options.to.with_extension("part");
            fsx::write_private(&part, b"")?;
            let copied = Ledger::peek(&own).and_then(|ledger| ledger.copy_to(&part));
            copied
                .inspect_err(|_| drop(fsx::remove_below(part.parent().unwrap_or(Path::new(".")), &part)))?;
            fsx::rename(&part, &options.to)?;
            let health = Ledger::peek(&options.to)?.health()?;
            report.note(&format!("{}: {}", options.to.display(), told(health.issues, health.deliveries)));
            Ok(verdict(&health.faults, report))
        }
        LedgerCommand::Verify(options) => {
            let file = options.file.as_ref().unwrap_or(&own);
            if !file.exists() {
                return Err(Failure::Usage(format!("`{}` is not there", file.display())));
            }
            let health = Ledger::peek(file)?.health()?;
            report.note(&told(health.issues, health.deliveries));
            Ok(verdict(&health.faults, report))
        }
    }
}

fn told(issues: u64, deliveries: u64) -> String {
    let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    format!("{}, {}", count(number(issues), "issue"), operate::of_copies(number(deliveries)))
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
