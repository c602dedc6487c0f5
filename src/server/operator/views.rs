//! What the desk shows, in the shape in which its JSON has it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::config::{Config, Newsletter};
use crate::digest::schedule;
use crate::ledger::{Audience, Copy, Counts, IssueRow};

/// A newsletter, and how many there are on its list.
#[derive(Serialize, ToSchema)]
pub(super) struct NewsletterView {
    /// Its key in the config.
    name: String,
    /// Its name for readers.
    title: String,
    /// Its cron pattern, `each-post` or `manual`.
    schedule: String,
    /// When it is due next, where it has times.
    #[schema(format = DateTime)]
    next: Option<String>,
    /// Who is on its list.
    subscribers: SubscriberCounts,
}

/// How many on a list have each status.
#[derive(Serialize, ToSchema)]
struct SubscriberCounts {
    /// May be written to.
    active: u64,
    /// Want nothing for now.
    paused: u64,
    /// Have left, or are kept from mail by the owner.
    unsubscribed: u64,
    /// Mail to them comes back.
    bounced: u64,
    /// Have called a mail abuse.
    complained: u64,
}

impl NewsletterView {
    pub(super) fn new(
        config: &Config,
        newsletter: &Newsletter,
        audience: &Audience,
        now: DateTime<Utc>,
    ) -> Self {
        let next = schedule::next(&newsletter.schedule, config.site.timezone, now);
        let count = |status: &str| audience.get(status).copied().unwrap_or(0);
        Self {
            name: newsletter.name.clone(),
            title: newsletter.title.clone(),
            schedule: newsletter.schedule.written(),
            next: next.map(|next| next.with_timezone(&config.site.timezone).to_rfc3339()),
            subscribers: SubscriberCounts {
                active: count("active"),
                paused: count("paused"),
                unsubscribed: count("unsubscribed"),
                bounced: count("bounced"),
                complained: count("complained"),
            },
        }
    }
}

/// An issue, and what has become of its copies.
#[derive(Clone, Serialize, ToSchema)]
pub(super) struct IssueView {
    /// Its id.
    #[schema(example = "weekly-20261123T0800-5c1a02")]
    pub id: String,
    /// The newsletter's name.
    newsletter: String,
    /// Its subject.
    subject: String,
    /// When it was frozen.
    #[schema(format = DateTime)]
    created: String,
    /// Why it waits for its owner, if it does.
    held: Option<String>,
    /// How many copies are in each state.
    deliveries: DeliveryCounts,
    /// How many copies there are.
    total: u64,
    /// How many of them need nothing more to be done.
    done: u64,
}

/// How many copies are in each state.
#[derive(Clone, Serialize, ToSchema)]
struct DeliveryCounts {
    planned: u64,
    sending: u64,
    sent: u64,
    deferred: u64,
    failed: u64,
    in_doubt: u64,
    suppressed: u64,
    cancelled: u64,
}

impl From<&IssueRow> for IssueView {
    fn from(row: &IssueRow) -> Self {
        let Counts { planned, sending, sent, deferred, failed, in_doubt, suppressed, cancelled } =
            row.deliveries;
        let open = planned + sending + deferred;
        let done = sent + failed + in_doubt + suppressed + cancelled;
        Self {
            id: row.id.to_string(),
            newsletter: row.newsletter.clone(),
            subject: row.subject.clone(),
            created: row.created.to_rfc3339(),
            held: row.held.clone(),
            deliveries: DeliveryCounts {
                planned,
                sending,
                sent,
                deferred,
                failed,
                in_doubt,
                suppressed,
                cancelled,
            },
            total: open + done,
            done,
        }
    }
}

/// One copy of an issue.
#[derive(Serialize, ToSchema)]
pub(super) struct CopyView {
    /// Whose it is.
    email: String,
    /// Its state, by the names of `deliveries`.
    state: String,
    /// How often it was tried.
    attempts: u32,
    /// Which relay had it last.
    relay: Option<String>,
    /// How far the last attempt came: `connect`, `mail`, `rcpt`, `data`, `dot`, `bounce`, …
    phase: Option<String>,
    /// The relay's reply code (RFC 5321 §4.2).
    code: Option<u16>,
    /// Its enhanced code (RFC 3463).
    enhanced: Option<String>,
    /// Its words.
    reply: Option<String>,
    /// When that was.
    #[schema(format = DateTime)]
    changed: String,
    /// When it is tried again.
    #[schema(format = DateTime)]
    next: Option<String>,
}

impl From<Copy> for CopyView {
    fn from(copy: Copy) -> Self {
        Self {
            email: copy.email,
            state: copy.state,
            attempts: copy.attempts,
            relay: copy.relay,
            phase: copy.phase,
            code: copy.code,
            enhanced: copy.enhanced,
            reply: copy.reply,
            changed: copy.changed.to_rfc3339(),
            next: copy.next.map(|next| next.to_rfc3339()),
        }
    }
}

/// What whoever listens is told.
#[derive(Serialize, ToSchema)]
pub(super) struct EventView {
    /// `issues`.
    event: String,
    /// The list of `/issues`, as JSON.
    data: String,
}

/// By what copies can be asked for.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "for the description alone")]
pub(super) enum StateView {
    Planned,
    Sending,
    Sent,
    Deferred,
    Failed,
    InDoubt,
    Suppressed,
    Cancelled,
}

/// What can be done about an issue.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "for the description alone")]
pub(super) enum VerbView {
    Pause,
    Resume,
    Cancel,
}

/// Why a request was not done.
#[derive(Serialize, ToSchema)]
pub(super) struct ErrorView {
    /// In words.
    pub error: String,
}
