//! The command line. The comments here are its help.

use std::path::PathBuf;

use anstream::ColorChoice;
use chrono::{DateTime, Utc};
use clap::{Parser, Subcommand, ValueEnum};

use super::check::CheckOptions;
use super::dkim::DkimCommand;
use super::explain::ExplainOptions;
use super::ids::IdsCommand;
use super::init::InitOptions;
use super::manual::{CompletionsOptions, ManOptions};
use super::schedule::ScheduleOptions;
use super::serve::ServeOptions;
use super::subscribers::SubscribersCommand;
use super::templates::TemplatesCommand;
use crate::clock::Clock;
use crate::report::{Reporter, Verbosity};

/// Turns a folder of Markdown posts into feeds and a newsletter that arrives once.
#[derive(Debug, Parser)]
#[command(version, about, after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    pub place: Place,

    /// Say nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say why, too
    #[arg(short, long, global = true)]
    pub verbose: bool,

    /// Whether to use colour
    #[arg(long, value_enum, value_name = "WHEN", global = true, default_value_t = Color::Auto)]
    pub color: Color,

    #[command(subcommand)]
    pub command: Command,
}

/// Where the site is, and what time it is there.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Place {
    /// The site's folder
    #[arg(short = 'C', value_name = "DIR", global = true, default_value = ".")]
    pub dir: PathBuf,

    /// The config file [default: config/tidings.yaml in the site's folder]
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,

    /// Act as if it were that moment, such as 2026-11-23T08:00:00+09:00
    #[arg(long, value_name = "RFC3339", global = true, value_parser = moment)]
    pub now: Option<DateTime<Utc>>,
}

impl Place {
    pub(super) fn clock(&self) -> Clock {
        self.now.map_or(Clock::System, Clock::Fixed)
    }
}

const EXAMPLES: &str = "\
Examples:
  tidings run                        what cron calls: build, then send what is due
  tidings send --dry-run             look at the newsletter in the terminal
  tidings --now 2026-12-01T08:00:00+09:00 send --dry-run
  tidings check                      what is wrong with posts, config, lists and templates

Exit codes: 0 done, or nothing to do; 1 some part failed, the rest was done; 2 usage or configuration, nothing was done;
75 another run is at work, or the relay is away: try later.";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the feeds; files that have not changed are not touched
    Build(BuildOptions),
    /// Compose what is due and deliver it
    Send(SendOptions),
    /// Build, read what has come back, send what is due: the command for cron, silent when there was nothing to do
    Run(EventsOption),
    /// Make a site that works at once, in an empty folder or beside a blog
    Init(InitOptions),
    /// Look after the list: sign-ups, imports, who is never written to
    #[command(subcommand)]
    Subscribers(SubscribersCommand),
    /// Serve feeds and subscribers' pages over HTTP
    Serve(ServeOptions),
    /// Show issues, what became of their deliveries, and what is due next; or one issue, copy by copy
    Status(StatusOptions),
    /// Have an issue wait, also while it is being delivered
    Pause(IssueOption),
    /// Let an issue go on that waits
    Resume(IssueOption),
    /// Call back the copies of an issue that have not been sent
    Cancel(IssueOption),
    /// Decide about copies of which nobody knows whether they arrived
    Resolve(ResolveOptions),
    /// Find what is wrong with posts, config, lists and templates
    Check(CheckOptions),
    /// Say what a finding means, by its code
    Explain(ExplainOptions),
    /// List the feeds, or print the links to them for a theme
    Feeds(FeedsOptions),
    /// Look after the ids under which posts have been published
    #[command(subcommand)]
    Ids(IdsCommand),
    /// Look after the templates of the newsletters and of `feeds.html`
    #[command(subcommand)]
    Templates(TemplatesCommand),
    /// Read what has come back, and write to dead mailboxes no more
    Bounces(BouncesOptions),
    /// Make the keys that sign mail
    #[command(subcommand)]
    Dkim(DkimCommand),
    /// Look at the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print what has `run` called regularly: a crontab line, systemd units, a launchd list or a GitHub workflow
    Schedule(ScheduleOptions),
    /// Print what completes commands in a shell
    Completions(CompletionsOptions),
    /// Print the manual, for man(1)
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

/// Which copies of an issue are shown.
#[derive(Debug, clap::Args)]
pub(super) struct Only {
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
    pub(super) fn reporter(&self) -> Reporter {
        Reporter {
            verbosity: match (self.quiet, self.verbose) {
                (true, _) => Verbosity::Quiet,
                (_, true) => Verbosity::Verbose,
                _ => Verbosity::Normal,
            },
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
