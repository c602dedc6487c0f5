//! `tidings subscribers`: the list's desk.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use super::args::Args;
use super::list::{List, said_in};
use super::site::{Failure, Site};
use super::{Exit, build, memory, seals, webhooks};
use crate::address::Mailbox;
use crate::config::{Cadence, Newsletter};
use crate::diagnostic::Diagnostic;
use crate::ledger::{Consent, Influx, Ledger, LedgerError, Listing, Trial};
use crate::report::{Reporter, count};
use crate::subscribers::imports::{self, guarded};
use crate::subscribers::{Status, Subscriber, erasure};

#[derive(Debug, Subcommand)]
pub(super) enum SubscribersCommand {
    /// Put somebody on the list who has asked you to
    Add(AddOptions),
    /// Take somebody off the ledger's list, as if they had never been on it
    Remove(WhoOptions),
    /// Show who is on the list, and whether they are written to
    List(ListOptions),
    /// Take in what another tool has exported (listmonk, Mailchimp, Substack, Buttondown, Ghost, Keila, beehiiv), or a list of your own
    Import(ImportOptions),
    /// Print the list as CSV, with what keeps people away
    Export(WhichOption),
    /// Forget somebody: of what was kept stays a keyed hash, so that no list brings them back
    Erase(AddressOption),
    /// Never write to somebody again, whatever any list says
    Suppress(SuppressOptions),
}

#[derive(Debug, clap::Args)]
pub(super) struct WhichOption {
    /// The newsletter [default: the only one]
    #[arg(long, value_name = "NAME")]
    pub newsletter: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct AddressOption {
    /// Their address
    #[arg(value_name = "ADDR")]
    pub address: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct WhoOptions {
    #[command(flatten)]
    pub who: AddressOption,
    #[command(flatten)]
    pub which: WhichOption,
}

#[derive(Debug, clap::Args)]
pub(super) struct AddOptions {
    #[command(flatten)]
    pub who: AddressOption,
    #[command(flatten)]
    pub which: WhichOption,

    /// Their name
    #[arg(long, value_name = "NAME", default_value = "")]
    pub name: String,

    /// In which language they read, such as ko
    #[arg(long, value_name = "TAG")]
    pub language: Option<String>,

    /// What they want to read about; may be given several times
    #[arg(long = "topic", value_name = "TOPIC")]
    pub topics: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct ListOptions {
    #[command(flatten)]
    pub which: WhichOption,

    /// Only those of this status: active, paused, unsubscribed, bounced, complained
    #[arg(long, value_name = "STATUS", value_parser = ["active", "paused", "unsubscribed", "bounced", "complained"], hide_possible_values = true)]
    pub status: Option<String>,

    /// Report as JSON on stdout
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct ImportOptions {
    /// The CSV file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    #[command(flatten)]
    pub which: WhichOption,

    /// Say what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Take their tags for topics: then they get only what is about these
    #[arg(long)]
    pub tags_as_topics: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct SuppressOptions {
    #[command(flatten)]
    pub who: AddressOption,

    /// Why: unsubscribed, bounced or complained
    #[arg(long, value_name = "REASON", default_value = "unsubscribed", value_parser = ["unsubscribed", "bounced", "complained"])]
    pub reason: String,

    /// Let mail go to them again, as the lists have it
    #[arg(long, conflicts_with = "reason")]
    pub lift: bool,
}

pub(super) fn command(args: &Args, command: &SubscribersCommand, report: &Reporter) -> Result<Exit, Failure> {
    let site = Site::load(&args.place)?;
    match command {
        SubscribersCommand::Add(options) => add(&site, options, report),
        SubscribersCommand::Remove(options) => remove(&site, options, report),
        SubscribersCommand::List(options) => list(&site, options, report),
        SubscribersCommand::Import(options) => import(&site, options, report),
        SubscribersCommand::Export(options) => export(&site, options, report),
        SubscribersCommand::Erase(options) => erase(&site, options, report),
        SubscribersCommand::Suppress(options) => suppress(&site, options, report),
    }
}

fn one<'a>(site: &'a Site, which: &WhichOption) -> Result<&'a Newsletter, Failure> {
    match site.newsletters(which.newsletter.as_deref())?.as_slice() {
        [one] => Ok(one),
        several => {
            let names: Vec<&str> = several.iter().map(|one| one.name.as_str()).collect();
            Err(Failure::Usage(format!("name the newsletter with `--newsletter`: {}", names.join(", "))))
        }
    }
}

fn mailbox(written: &str) -> Result<Mailbox, Failure> {
    Mailbox::parse(written).map_err(|why| Failure::Usage(format!("`{written}` is not an address: {why}")))
}

fn add(site: &Site, options: &AddOptions, report: &Reporter) -> Result<Exit, Failure> {
    let newsletter = one(site, &options.which)?;
    let Mailbox { name, address } = mailbox(&options.who.address)?;
    let name = if options.name.is_empty() { name } else { crate::content::clean::one_line(&options.name) };
    let id = Subscriber::id_of(&address);
    let mut ledger = ledger(site)?;
    if let Some((reason, since)) = ledger.suppressed(&id)?.filter(|(reason, _)| reason != "erased") {
        let words = format!(
            "nothing is sent to them since {}: {reason}; `tidings subscribers suppress --lift` first, if that is wrong",
            since.format("%Y-%m-%d")
        );
        report.error(&words);
        return Ok(Exit::Partly);
    }
    if ledger.has_erased()? {
        ledger.remember_again(&erasure::hash(&seals::erasure_keys(&site.config)?, &address))?;
    }
    let person = Subscriber {
        id,
        mailbox: Mailbox { name, address },
        language: options.language.clone(),
        topics: options.topics.clone(),
        cadence: Cadence::default(),
        status: Status::Active,
    };
    let before =
        ledger.member(&newsletter.name, &person.id)?.filter(|member| member.status == Status::Unsubscribed);
    let consent = Consent { at: site.now, how: "owner".to_owned(), network: None, wording: None };
    ledger.join(&newsletter.name, &person, &consent)?;
    let said = newsletter.subscribers.as_ref().and_then(|file| said_in(site, file, &person.id).ok()?);
    if let Some(status) = said.filter(|status| *status != Status::Active) {
        report.note(&format!(
            "the list's file says `{}` of them; from now on what you say here counts",
            status.as_str()
        ));
    }
    let again = before.map_or_else(String::new, |member| {
        format!(" again, as you say; they had left on {}", member.since.format("%Y-%m-%d"))
    });
    report.note(&format!("{}: on the list{again}", newsletter.name));
    Ok(Exit::Done)
}

fn remove(site: &Site, options: &WhoOptions, report: &Reporter) -> Result<Exit, Failure> {
    let newsletter = one(site, &options.which)?;
    let id = Subscriber::id_of(&mailbox(&options.who.address)?.address);
    let ledger = ledger(site)?;
    let is_gone = ledger.remove_member(&newsletter.name, &id)?;
    if ledger.member(&newsletter.name, &id)?.is_some_and(|member| member.status == Status::Unsubscribed) {
        report.note("they have left; that is kept, so that no import brings them back");
        return Ok(Exit::Done);
    }
    List::load(site, newsletter, &ledger)?;
    if ledger.on_roll(&newsletter.name, &id)?.is_some() {
        report.error("they stand in the list's file, too: delete the entry there, or suppress them");
        return Ok(Exit::Partly);
    }
    report.note(if is_gone {
        "off the list, as if they had never been on it; to keep them off, whatever list is imported: `tidings subscribers suppress`"
    } else {
        "they were not on the list"
    });
    Ok(Exit::Done)
}

fn list(site: &Site, options: &ListOptions, report: &Reporter) -> Result<Exit, Failure> {
    let ledger = Ledger::peek(&site.config)?;
    let newsletters = site.newsletters(options.which.newsletter.as_deref())?;
    let several = newsletters.len() > 1;
    let mut all = Vec::new();
    let mut text = String::new();
    for newsletter in newsletters {
        let list = List::load(site, newsletter, &ledger)?;
        report.diagnostics(&list.discreet());
        ledger.show_roll(&newsletter.name, |listing| {
            let Listing { person, since, reason } = listing;
            let status = person.status.as_str();
            if options.status.as_deref().is_some_and(|wanted| wanted != status) {
                return Ok(());
            }
            let email = person.mailbox.address.to_string();
            if options.json {
                let mut one = json!({
                    "email": email, "name": person.mailbox.name, "language": person.language, "topics": person.topics,
                    "cadence": person.cadence.as_str(), "status": status, "since": since.map(|since| since.to_rfc3339()),
                    "reason": reason,
                });
                if several {
                    one["newsletter"] = newsletter.name.clone().into();
                }
                all.push(one);
            } else {
                let of = if several { format!("{}: ", newsletter.name) } else { String::new() };
                let name = Some(person.mailbox.name).filter(|name| !name.is_empty()).map(|name| format!("  {name}"));
                text.push_str(&format!("{of}{status:<13} {email}{}\n", name.unwrap_or_default()));
            }
            Ok(())
        })?;
    }
    if options.json {
        text = format!("{:#}\n", serde_json::Value::Array(all));
    }
    report.data(&text)?;
    Ok(Exit::Done)
}

fn import(site: &Site, options: &ImportOptions, report: &Reporter) -> Result<Exit, Failure> {
    let newsletter = one(site, &options.which)?;
    let path = std::path::absolute(&options.file)?;
    let shown: &Path = &options.file;
    let wording = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let trial = if options.dry_run { Trial::Yes } else { Trial::No };
    let mut ledger = if options.dry_run { Ledger::peek(&site.config)? } else { ledger(site)? };
    let keys = if ledger.has_erased()? { Some(seals::erasure_keys(&site.config)?) } else { None };
    // Who has left by the list's file is known only where all of it can be read.
    let list = List::load_file(site, newsletter, &ledger)?;
    if list.diagnostics.iter().any(Diagnostic::is_error) {
        report.diagnostics(&list.diagnostics);
        return Err(Failure::Usage("mend the list's file first: it may say who has left".to_owned()));
    }
    let (read, influx) = ledger.import((&newsletter.name, &wording), (site.now, trial), |importer| {
        imports::read::<LedgerError>(&path, shown, |mut one| {
            if !options.tags_as_topics {
                one.person.topics.clear();
            }
            let hash = keys.as_ref().map(|keys| erasure::hash(keys, &one.person.mailbox.address));
            importer.take(&one.person, one.since, hash.as_deref())
        })
    })?;
    let read = match read {
        Ok(read) => read,
        Err(refused) => return Err(Failure::Config(vec![*refused])),
    };
    report.diagnostics(&read.found);
    let verb = if options.dry_run { "would come to" } else { "came to" };
    report.note(&format!("{}: the file of {} {verb} {}", newsletter.name, read.tool.as_str(), told(&influx)));
    if let Some(caution) = read.tool.caution() {
        report.note(caution);
    }
    if newsletter.subscribers.is_some() && !options.dry_run {
        report.note("they stand in the ledger, beside those in the list's file");
    }
    Ok(build::exit(&read.found))
}

/// The ledger, which notes what webhooks hear of.
fn ledger(site: &Site) -> Result<Ledger, Failure> {
    let mut ledger = memory::open(&site.config)?;
    webhooks::heed(&site.config, &mut ledger)?;
    Ok(ledger)
}

/// `3 new, 1 known already`.
fn told(influx: &Influx) -> String {
    let Influx { new, known, left, suppressed, kept_away, unconfirmed } = *influx;
    let parts = [
        (new, "new"),
        (known, "on the list already"),
        (left, "who have left"),
        (suppressed, "never to be written to"),
        (kept_away, "kept away, as they left here before"),
        (unconfirmed, "left out, as they never confirmed"),
    ];
    let told: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    if told.is_empty() { count(0, "subscriber") } else { told.join(", ") }
}

fn export(site: &Site, options: &WhichOption, report: &Reporter) -> Result<Exit, Failure> {
    let newsletter = one(site, options)?;
    let ledger = Ledger::peek(&site.config)?;
    report.diagnostics(&List::load(site, newsletter, &ledger)?.discreet());
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["email", "name", "language", "topics", "cadence", "status", "since", "reason"])?;
    let mut failed = None;
    ledger.show_roll(&newsletter.name, |Listing { person, since, reason }| {
        let row = [
            guarded(&person.mailbox.address.to_string()),
            guarded(&person.mailbox.name),
            person.language.unwrap_or_default(),
            guarded(&person.topics.join(";")),
            person.cadence.as_str().to_owned(),
            person.status.as_str().to_owned(),
            since.map(|since| since.to_rfc3339()).unwrap_or_default(),
            guarded(&reason.unwrap_or_default()),
        ];
        failed = failed.take().or(table.write_record(row).err());
        Ok(())
    })?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    let bytes = table.into_inner().map_err(|error| anyhow::anyhow!(error.to_string()))?;
    report.data(&String::from_utf8_lossy(&bytes))?;
    Ok(Exit::Done)
}

fn erase(site: &Site, options: &AddressOption, report: &Reporter) -> Result<Exit, Failure> {
    let address = mailbox(&options.address)?.address;
    let hash = erasure::hash(&seals::erasure_keys(&site.config)?, &address);
    let mut ledger = ledger(site)?;
    let mut is_known = ledger.knows(&Subscriber::id_of(&address))? || ledger.is_erased(&hash)?;
    if !ledger.erase((&Subscriber::id_of(&address), &address), &hash, site.now)? {
        report.error("a copy of theirs is under way this moment; try again when the run is over");
        return Ok(Exit::Later);
    }
    report.note("forgotten: what stays is a keyed hash, so that no list brings them back");
    let files = site.config.newsletters.iter().filter_map(|newsletter| newsletter.subscribers.as_ref());
    for file in files {
        let shown = site.shown(file).display();
        match said_in(site, file, &Subscriber::id_of(&address)) {
            Ok(None) => {}
            Ok(Some(_)) => {
                is_known = true;
                report.note(&format!(
                    "`{shown}` still names them: delete the entry there, too; nothing is sent by it"
                ));
            }
            Err(why) => report.error(&format!("`{shown}` may name them, and cannot be read: {why}")),
        }
    }
    if !is_known {
        report.error(&format!("nobody was known by `{address}`: look for a slip in it"));
        return Ok(Exit::Partly);
    }
    Ok(Exit::Done)
}

fn suppress(site: &Site, options: &SuppressOptions, report: &Reporter) -> Result<Exit, Failure> {
    let id = Subscriber::id_of(&mailbox(&options.who.address)?.address);
    let ledger = ledger(site)?;
    let words = if options.lift {
        if ledger.lift(&id)? {
            "mail may go to them again, as the lists have it"
        } else {
            "nothing held mail back from them"
        }
    } else {
        if ledger.suppress(&id, (&options.reason, "by the owner's word"), site.now)? {
            "nothing is sent to them any more, whatever any list says"
        } else {
            "nothing was sent to them before"
        }
    };
    report.note(words);
    Ok(Exit::Done)
}
