//! The commands: each builds what it needs (clock, ledger, transport), calls the rooms below, and turns what came of it into
//! an exit code. No logic of its own.

mod archive;
mod args;
mod bookkeeping;
mod bounces;
mod build;
mod check;
mod config_show;
mod copies;
mod dkim;
mod dns;
mod documents;
mod draft;
mod dry_run;
mod due;
mod examples;
mod explain;
mod feeds;
mod hub;
mod ids;
mod init;
mod ledger;
mod list;
mod manual;
mod memory;
mod operate;
mod outgoing;
mod post;
mod preview;
mod remote;
mod run;
mod schedule;
mod seals;
mod send;
mod serve;
mod shelf;
mod site;
mod spam;
mod standing;
mod status;
mod stop;
mod subscribers;
mod templates;
mod unfinished;
mod watch;
mod webhooks;

use std::process::ExitCode;

use clap::Parser as _;

use crate::ledger::LedgerError;
use crate::publish::StoreError;
use args::{Args, Command, ConfigCommand};
use dkim::DkimCommand;
use site::Failure;

/// How a command ended. The numbers are a promise to scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    /// All was done, or there was nothing to do.
    Done = 0,
    /// Some part failed; the rest was done.
    Partly = 1,
    /// Usage or configuration: nothing was done.
    Usage = 2,
    /// `EX_TEMPFAIL`: try later.
    Later = 75,
}

/// Runs the program.
pub fn main() -> ExitCode {
    let args = Args::parse();
    let report = args.reporter();
    let outcome = match &args.command {
        Command::Build(options) => build::command(&args, options, &report),
        Command::Send(options) => send::command(&args, options, &report),
        Command::Run(_) => run::command(&args, &report),
        Command::Serve(options) => serve::command(&args, options, &report),
        Command::Subscribers(command) => subscribers::command(&args, command, &report),
        Command::Status(options) => match &options.issue {
            Some(issue) => copies::command(&args, issue, options, &report),
            None => status::command(&args, options, &report),
        },
        Command::Pause(option) => operate::pause(&args, option, &report),
        Command::Resume(option) => operate::resume(&args, option, &report),
        Command::Cancel(option) => operate::cancel(&args, option, &report),
        Command::Resolve(options) => operate::resolve(&args, options, &report),
        Command::Check(options) => check::command(&args, options, &report),
        Command::Ledger(command) => ledger::command(&args, command, &report),
        Command::Explain(options) => explain::command(options, &report),
        Command::Feeds(options) => feeds::command(&args, options, &report),
        Command::Ids(command) => ids::command(&args, command, &report),
        Command::Templates(command) => templates::command(&args, command, &report),
        Command::Bounces(options) => bounces::command(&args, options, &report),
        Command::Dkim(DkimCommand::Keygen(options)) => dkim::keygen(&args, options, &report),
        Command::Config(ConfigCommand::Show(options)) => config_show::command(&args, options, &report),
        Command::Config(ConfigCommand::Schema) => config_show::schema(&report),
        Command::Init(options) => init::command(&args, options, &report),
        Command::Schedule(options) => schedule::command(&args, options, &report),
        Command::Completions(options) => manual::completions(options, &report),
        Command::Man(options) => manual::man(options, &report),
    };
    let exit = outcome.unwrap_or_else(|failure| match failure {
        Failure::Config(diagnostics) => {
            report.diagnostics(&diagnostics);
            Exit::Usage
        }
        Failure::Usage(message) => {
            report.error(&message);
            Exit::Usage
        }
        Failure::Locked => {
            // A run that overlaps the one before is nothing to write to the owner about.
            let words = "another run is at work on this site; try again later";
            if matches!(args.command, Command::Run(_)) {
                report.detail(words);
            } else {
                report.note(words);
            }
            Exit::Later
        }
        Failure::World(error) => {
            report.error(&error.to_string());
            let is_busy = error.downcast_ref::<LedgerError>().is_some_and(LedgerError::is_passing)
                || error.downcast_ref::<StoreError>().is_some_and(StoreError::is_temporary);
            if is_busy { Exit::Later } else { Exit::Partly }
        }
    });
    ExitCode::from(exit as u8)
}
