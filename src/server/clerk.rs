//! The clerk: takes what subscribers ask for by mail, one after the other, and writes the letters. Whoever asks has been answered by
//! then, so that neither the answer nor the time it takes tells whether an address is on a list.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use minijinja::context;

use super::State;
use super::edition::Edition;
use super::page::Reader;
use crate::address::{Address, Mailbox};
use crate::config::Newsletter;
use crate::ids::{MessageId, SubscriberId};
use crate::ledger::LedgerError;
use crate::mail::Letter;
use crate::subscribers::pass::{Errand, Pass};
use crate::subscribers::token::Link;
use crate::subscribers::{Status, Subscriber};

/// How many wait to be dealt with.
const WAITING: usize = 1000;
/// How long the link in a letter works, in days.
pub(super) const DAYS: i64 = 3;

/// Something that is asked for by mail.
#[derive(Debug)]
pub(super) struct Wish {
    pub newsletter: String,
    pub errand: Errand,
    /// Where the letter goes.
    pub to: Mailbox,
    /// Of whom is asked for it.
    pub language: Option<String>,
}

/// Where wishes are left.
#[derive(Clone, Debug)]
pub(super) struct Counter(SyncSender<Wish>);

impl Counter {
    pub(super) fn new() -> (Self, Receiver<Wish>) {
        let (sender, receiver) = sync_channel(WAITING);
        (Self(sender), receiver)
    }

    /// Leaves one. `false` where too many wait.
    pub(super) fn leave(&self, wish: Wish) -> bool {
        self.0.try_send(wish).is_ok()
    }
}

/// Deals with wishes until nobody can leave any more.
pub(super) fn work(state: &Arc<State>, wishes: &Receiver<Wish>) {
    loop {
        let Ok(wish) = wishes.recv_timeout(Duration::from_millis(200)) else {
            if state.is_over() {
                break;
            }
            continue;
        };
        if let Err(error) = answer(state, wish) {
            state.tell(&format!("a letter could not be written: {error}"));
        }
    }
}

fn answer(state: &State, wish: Wish) -> Result<(), LedgerError> {
    let edition = state.edition();
    let Some(newsletter) = edition.newsletter(&wish.newsletter) else { return Ok(()) };
    let now = state.now();
    let id = Subscriber::id_of(&wish.to.address);
    let ledger = state.ledger();
    // Whose mail comes back, or who calls it abuse, gets none.
    let on_file = state.on_file(&newsletter.name, &id)?.map(|listed| listed.status);
    if ledger.is_barred(&id)? || matches!(on_file, Some(Status::Bounced | Status::Complained)) {
        return Ok(());
    }
    let is_on = matches!(wish.errand, Errand::Join(_))
        && state.status(&ledger, &newsletter.name, &id)? == Some(Status::Active);
    let kind = if is_on { "already" } else { wish.errand.name() };
    let language = wish.language.as_deref().unwrap_or(&newsletter.language);
    let letter = Draft { edition: &edition, newsletter, language, kind };
    let until = now + TimeDelta::days(DAYS);
    let pass = Pass {
        list: newsletter.name.clone(),
        errand: wish.errand,
        until: until.timestamp(),
        asked: now.timestamp(),
    };
    if let Some((message_id, sender, text)) = letter.written(&pass, &wish.to, &id, now) {
        ledger.post_letter(kind, (&message_id, &sender, &wish.to.address), &text, (now, until))?;
        state.wake();
    }
    Ok(())
}

/// A letter in the making.
struct Draft<'a> {
    edition: &'a Edition,
    newsletter: &'a Newsletter,
    language: &'a str,
    kind: &'a str,
}

impl Draft<'_> {
    fn written(
        &self,
        pass: &Pass,
        to: &Mailbox,
        id: &SubscriberId,
        now: DateTime<Utc>,
    ) -> Option<(MessageId, Address, String)> {
        let Self { edition, newsletter, language, kind } = self;
        let signer = edition.signer.as_ref()?;
        let base = &edition.config.server.as_ref()?.url;
        let reader = Reader { edition, newsletter: Some(newsletter), language };
        let pass = pass.written(&edition.keys);
        let own = context! {
            url => format!("{base}pass/{pass}"),
            days => DAYS,
            preferences => signer.url(Link::Preferences, &newsletter.name, id),
        };
        let whole = context! { ..own, ..reader.context() };
        let made_of = |name: String| {
            let made = edition.templates.render(&name, &whole);
            made.inspect_err(|error| {
                (edition.say)(&format!("the letter `{name}` cannot be made: {}", error.message));
            })
            .ok()
        };
        let text = made_of(format!("letters/{kind}.txt"))?;
        let html = made_of(format!("letters/{kind}.html"))?;
        let host = edition.config.site.url.host_str().unwrap_or("localhost");
        let name = blake3::hash(format!("{kind} {pass}").as_bytes()).to_hex()[..32].to_owned();
        let message_id = MessageId::new(format!("{kind}-{name}@{host}"));
        let letter = Letter {
            from: &newsletter.from,
            reply_to: newsletter.reply_to.as_ref(),
            to,
            subject: &reader.word(&format!("letter_{kind}_subject")),
            text: &text,
            html: &html,
            id: message_id.clone(),
            date: now.with_timezone(&edition.config.site.timezone).fixed_offset(),
        };
        let message = letter.message(&edition.dkim);
        Some((message_id, message.sender, message.text))
    }
}
