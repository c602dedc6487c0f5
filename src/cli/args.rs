//! The command line. The comments here are its help.

use std::path::PathBuf;

use anstream::ColorChoice;
use chrono::{DateTime, Utc};
use clap::{Parser, Subcommand, ValueEnum};

use super::check::CheckOptions;
use super::dkim::DkimCommand;
use super::examples;
use super::explain::ExplainOptions;
use super::ids::IdsCommand;
use super::init::InitOptions;
use super::ledger::LedgerCommand;
use super::manual::{CompletionsOptions, ManOptions};
use super::schedule::ScheduleOptions;
use super::serve::ServeOptions;
use super::subscribers::SubscribersCommand;
use super::templates::TemplatesCommand;
use crate::clock::Clock;
use crate::report::{LogFormat, Reporter, Verbosity, log};

/// Turns a folder of Markdown posts into feeds and a newsletter that arrives once.
#[derive(Debug, Parser)]
#[command(version, about, after_help = examples::ALL)]
pub(super) struct Args {
    #[command(flatten)]
    pub place: Place,

    /// Say nothing but errors
    #[arg(short, long, global = true, help_heading = EVERYWHERE, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say why, too
    #[arg(short, long, global = true, help_heading = EVERYWHERE)]
    pub verbose: bool,

    /// Whether to use colour
    #[arg(long, value_enum, value_name = "WHEN", global = true, help_heading = EVERYWHERE, default_value_t = Color::Auto)]
    pub color: Color,

    /// Tell it as lines of a log, with one for each copy of the newsletter, instead of words for a person
    #[arg(long, value_enum, value_name = "FORMAT", global = true, help_heading = EVERYWHERE)]
    pub log: Option<LogFormat>,

    #[command(subcommand)]
    pub command: Command,
}

/// Over the options that every command takes.
const EVERYWHERE: &str = "Everywhere";

/// Where the site is, and what time it is there.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Place {
    /// The site's folder
    #[arg(short = 'C', value_name = "DIR", global = true, help_heading = EVERYWHERE, default_value = ".")]
    pub dir: PathBuf,

    /// The config file [default: config/tidings.yaml in the site's folder]
    #[arg(long, value_name = "FILE", global = true, help_heading = EVERYWHERE)]
    pub config: Option<PathBuf>,

    /// Act as if it were that moment, such as 2026-11-23T08:00:00+09:00
    #[arg(long, value_name = "RFC3339", global = true, help_heading = EVERYWHERE, value_parser = moment)]
    pub now: Option<DateTime<Utc>>,
}

impl Place {
    pub(super) fn clock(&self) -> Clock {
        self.now.map_or(Clock::System, Clock::Fixed)
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the feeds; files that have not changed are not touched
    #[command(after_help = examples::BUILD)]
    Build(BuildOptions),
    /// Compose what is due and deliver it
    #[command(after_help = examples::SEND)]
    Send(SendOptions),
    /// Build, read what has come back, send what is due: the command for cron, silent when there was nothing to do
    #[command(after_help = examples::RUN)]
    Run(EventsOption),
    /// Make a site that works at once, in an empty folder or beside a blog
    #[command(after_help = examples::INIT)]
    Init(InitOptions),
    /// Look after the list: sign-ups, imports, who is never written to
    #[command(subcommand, after_help = examples::SUBSCRIBERS)]
    Subscribers(SubscribersCommand),
    /// Serve feeds and subscribers' pages over HTTP
    #[command(after_help = examples::SERVE)]
    Serve(ServeOptions),
    /// Show issues, what became of their deliveries, and what is due next; or one issue, copy by copy
    #[command(after_help = examples::STATUS)]
    Status(StatusOptions),
    /// Have an issue wait, also while it is being delivered
    #[command(after_help = examples::ISSUE)]
    Pause(IssueOption),
    /// Let an issue go on that waits
    #[command(after_help = examples::ISSUE)]
    Resume(IssueOption),
    /// Call back the copies of an issue that have not been sent
    #[command(after_help = examples::ISSUE)]
    Cancel(IssueOption),
    /// Decide about copies of which nobody knows whether they arrived
    #[command(after_help = examples::RESOLVE)]
    Resolve(ResolveOptions),
    /// Find what is wrong with posts, config, lists and templates
    #[command(after_help = examples::CHECK)]
    Check(CheckOptions),
    /// Say what a finding means, by its code
    #[command(after_help = examples::EXPLAIN)]
    Explain(ExplainOptions),
    /// List the feeds, or print the links to them for a theme
    #[command(after_help = examples::FEEDS)]
    Feeds(FeedsOptions),
    /// Look after the ids under which posts have been published
    #[command(subcommand, after_help = examples::IDS)]
    Ids(IdsCommand),
    /// Look after the templates of the newsletters and of `feeds.html`
    #[command(subcommand, after_help = examples::TEMPLATES)]
    Templates(TemplatesCommand),
    /// Read what has come back, and write to dead mailboxes no more
    #[command(after_help = examples::BOUNCES)]
    Bounces(BouncesOptions),
    /// Make the keys that sign mail
    #[command(subcommand, after_help = examples::DKIM)]
    Dkim(DkimCommand),
    /// Look after the memory of what was published and sent
    #[command(subcommand, after_help = examples::LEDGER)]
    Ledger(LedgerCommand),
    /// Look at the configuration
    #[command(subcommand, after_help = examples::CONFIG)]
    Config(ConfigCommand),
    /// Print what has `run` called regularly: a crontab line, systemd units, a launchd list or a GitHub workflow
    #[command(after_help = examples::SCHEDULE)]
    Schedule(ScheduleOptions),
    /// Print what completes commands in a shell
    #[command(after_help = examples::COMPLETIONS)]
    Completions(CompletionsOptions),
    /// Print the manual, for man(1)
    #[command(after_help = examples::MAN)]
    Man(ManOptions),
}

#[derive(Debug, clap::Args)]
pub(super) struct BouncesOptions {
    /// Maildirs, mailbox files, or files with one message; `-` for stdin [default: those in `mail.bounces`]
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Show what was read about the site, and from which file
    Show(JsonOption),
    /// Print the JSON Schema of config/tidings.yaml, for editors
    Schema,
}

#[derive(Debug, clap::Args)]
pub(super) struct FeedsOptions {
    /// Print `<link rel="alternate" …>` for each document, for the head of a theme's pages
    #[arg(long, conflicts_with = "json")]
    pub links: bool,

    /// Report as JSON on stdout
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct BuildOptions {
    /// Where to write the feeds [default: public in the site's folder]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Report as JSON on stdout
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct SendOptions {
    /// Only this newsletter
    #[arg(long, value_name = "NAME")]
    pub newsletter: Option<String>,

    /// Print the digest to stdout; send nothing, change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// What a dry run prints
    #[arg(long, value_enum, default_value_t = PreviewFormat::Text, requires = "dry_run")]
    pub format: PreviewFormat,

    /// Show this subscriber's own copy, byte for byte as it would be sent
    #[arg(long = "as", value_name = "ADDR", requires = "dry_run")]
    pub reader: Option<String>,

    /// Say of every post why it is in the issue or not
    #[arg(long, requires = "dry_run")]
    pub explain: bool,

    /// Send a copy marked as a test to this address alone; record nothing
    #[arg(long, value_name = "ADDR", conflicts_with = "dry_run")]
    pub to: Option<String>,

    /// Count what is due as sent, and send nothing: for what another tool has mailed before tidings came
    #[arg(long, conflicts_with_all = ["dry_run", "to"])]
    pub assume_sent: bool,

    /// Tell of deliveries as JSON on stdout, one object a line
    #[arg(long, conflicts_with = "dry_run")]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct EventsOption {
    /// Tell of deliveries as JSON on stdout, one object a line
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct IssueOption {
    /// The issue, by its id or the beginning or end of it
    #[arg(value_name = "ISSUE")]
    pub issue: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct StatusOptions {
    /// One issue, by its id or the beginning or end of it [default: the latest, without their copies]
    #[arg(value_name = "ISSUE")]
    pub issue: Option<String>,

    #[command(flatten)]
    pub only: Only,

    /// Report as JSON on stdout
    #[arg(long)]
    pub json: bool,
}

/// Which copies of an issue are shown: all but the sent ones where nothing is said.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "one flag for each state")]
pub(super) struct Only {
    /// Only copies that the relay has taken
    #[arg(long, requires = "issue")]
    pub sent: bool,

    /// Only copies that were refused for good, or came back
    #[arg(long, requires = "issue")]
    pub failed: bool,

    /// Only copies of which nobody knows whether they arrived
    #[arg(long, requires = "issue")]
    pub in_doubt: bool,

    /// Only copies that will be tried again
    #[arg(long, requires = "issue")]
    pub deferred: bool,
}

#[derive(Debug, clap::Args)]
#[group(id = "verdict", required = true, multiple = false)]
pub(super) struct Word {
    /// Send them again, byte for byte the same
    #[arg(long)]
    pub resend: bool,

    /// Count them as sent
    #[arg(long)]
    pub assume_sent: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct ResolveOptions {
    /// The issue, by its id or the beginning or end of it
    #[arg(value_name = "ISSUE")]
    pub issue: String,

    #[command(flatten)]
    pub word: Word,

    /// Only the copies to these addresses [default: all in doubt]
    #[arg(value_name = "ADDR")]
    pub addresses: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct JsonOption {
    /// Report as JSON on stdout
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PreviewFormat {
    /// The text part
    Text,
    /// The HTML part
    Html,
    /// The whole message, as the first subscriber would get it
    Eml,
    /// Everything about the issue
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// In any case
    Always,
    /// Not at all
    Never,
}

impl Args {
    /// Where the command says things. A log begins with it.
    pub(super) fn reporter(&self) -> Reporter {
        let verbosity = match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        };
        if let Some(format) = self.log {
            log::begin(format, verbosity, self.place.clock());
        }
        Reporter {
            verbosity,
            is_log: self.log.is_some(),
            color: match self.color {
                Color::Auto => ColorChoice::Auto,
                Color::Always => ColorChoice::Always,
                Color::Never => ColorChoice::Never,
            },
            events: match &self.command {
                Command::Run(options) => options.json,
                Command::Send(options) => options.json,
                _ => false,
            },
        }
    }
}

/// A moment with its offset.
pub(super) fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    DateTime::parse_from_rfc3339(text)
        .map(|moment| moment.to_utc())
        .map_err(|_| "write a moment with its offset, such as 2026-11-23T08:00:00+09:00".to_owned())
}
