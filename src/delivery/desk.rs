//! What the sessions of a run share, behind one lock: the ledger, the relays and their health, the pace, and when to stop.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::breaker::{Answer, Breaker};
use super::keeper::Keeper;
use super::pace::Pace;
use super::transport::{RelayDown, Transport};
use crate::config::Rate;
use crate::ledger::{Absence, Claim, Gate, Ledger, LedgerError, Outcome, Settled, State, Turn, Use};

/// How far ahead a message's time may lie when it is claimed, in microseconds.
const AHEAD: i64 = 100_000;
/// How long a session waits for its turn; what comes later is left to a later run.
const PATIENCE: i64 = 10_000_000;

/// What a run did for one issue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Copies taken by the relay.
    pub sent: usize,
    /// Copies to be tried again.
    pub deferred: usize,
    /// Copies refused for good.
    pub failed: usize,
    /// Copies of which nobody knows.
    pub in_doubt: usize,
    /// The relays that were away or refused us, and why.
    pub absent: Vec<RelayDown>,
    /// Why nothing more could be sent, where every relay is away.
    pub relay_down: Option<RelayDown>,
    /// When the pace allows the next copy, where that is not soon.
    pub paced: Option<DateTime<Utc>>,
    /// Why the issue waits for its owner, if it does.
    pub held: Option<String>,
    /// Whether it does so by itself.
    pub tripped: bool,
}

/// What a session did since it last asked for work.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub settled: Vec<Settled>,
    /// The relay's fault, and which one it is.
    pub fault: Option<(usize, RelayDown)>,
    /// What the relay said of the message itself.
    pub spam: Option<String>,
}

/// What a session is to do next.
pub(super) enum Work {
    /// Hand these over by this route, each at its time (microseconds of Unix time).
    Claims(usize, Vec<(Claim, i64)>),
    /// Ask again then.
    Wait(i64),
    /// Nothing more.
    Over,
}

/// One relay.
pub(super) struct Route<'a> {
    pub transport: &'a dyn Transport,
    pub name: String,
    failures: u32,
    until: Option<DateTime<Utc>>,
}

impl<'a> Route<'a> {
    pub(super) fn new(transport: &'a dyn Transport, absence: Option<&Absence>, heeds: bool) -> Self {
        let until = absence.filter(|_| heeds).map(|absence| absence.until);
        let failures = absence.map_or(0, |absence| absence.failures);
        Self { name: transport.name(), transport, failures, until }
    }

    fn is_up(&self, now: DateTime<Utc>) -> bool {
        // A time further off than any absence is one that a wrong clock has set.
        self.until.is_none_or(|until| until <= now || until > now + LONGEST_ABSENCE)
    }
}

const LONGEST_ABSENCE: TimeDelta = TimeDelta::minutes(30);

/// How long a relay is left alone after so many failures in a row: a minute, doubled each time, at most half an hour.
fn absence(failures: u32) -> TimeDelta {
    TimeDelta::minutes(1 << failures.saturating_sub(1).min(5)).min(LONGEST_ABSENCE)
}

/// The desk.
pub(super) struct Desk<'a> {
    pub keeper: Keeper<'a>,
    pub routes: Vec<Route<'a>>,
    pub pace: Pace,
    pub domain_rates: &'a BTreeMap<String, Vec<Rate>>,
    pub breaker: Breaker,
    pub summary: Summary,
}

impl Desk<'_> {
    /// Takes a session's report and gives it work for at most `limit` copies; none where that is 0.
    pub(super) fn turn(
        &mut self,
        session: usize,
        report: &Report,
        limit: usize,
        now: DateTime<Utc>,
    ) -> Result<Work, LedgerError> {
        self.note(report, now)?;
        let route = self.routes.iter().position(|route| route.is_up(now));
        let reachable = route.filter(|route| session < self.routes[*route].transport.sessions());
        // While the next answer may stop the issue, no more than one for each session is under way.
        let limit = if self.breaker.is_watching() { limit.min(1) } else { limit };
        let limit = if self.summary.held.is_some() { 0 } else { reachable.map_or(0, |_| limit) };
        let index = reachable.unwrap_or(0);
        let Some(relay) = self.routes.get(index) else { return Ok(Work::Over) };
        let now_at = now.timestamp_micros();
        let mut gate = Pacing {
            turn: self.pace.turn(),
            pace: &mut self.pace,
            relay: (&relay.name, relay.transport.rates()),
            domains: self.domain_rates,
            full: HashSet::new(),
            now: now_at,
            times: Vec::new(),
            next: None,
        };
        let issue = self.keeper.issue;
        let claims = self.keeper.persist(|ledger| {
            gate.begin();
            ledger.settle_and_claim(issue, &report.settled, limit, now, &mut gate)
        })?;
        let Pacing { times, next, .. } = gate;
        let has_begun_anew = self.keeper.came_of(&report.settled, &claims)?;
        if claims.is_held {
            self.summary.held = self.keeper.persist(|ledger| ledger.held(issue))?;
        }
        if !claims.list.is_empty() {
            return Ok(Work::Claims(index, claims.list.into_iter().zip(times).collect()));
        }
        if has_begun_anew || claims.is_short {
            return Ok(Work::Wait(now_at));
        }
        match next {
            // In time for it: no turn is lost to the way there.
            Some(next) if next - now_at <= PATIENCE => return Ok(Work::Wait(next - AHEAD / 2)),
            Some(next) => self.summary.paced = DateTime::from_timestamp_micros(next),
            None => {}
        }
        Ok(Work::Over)
    }

    fn note(&mut self, report: &Report, now: DateTime<Utc>) -> Result<(), LedgerError> {
        for settled in &report.settled {
            let outcome = &settled.outcome;
            match outcome.state {
                State::Sent => self.summary.sent += 1,
                State::Deferred => self.summary.deferred += 1,
                State::Failed => self.summary.failed += 1,
                State::InDoubt => self.summary.in_doubt += 1,
                _ => continue,
            }
            if let Some(answer) = answer(outcome) {
                self.breaker.count(answer);
            }
        }
        let why = self.breaker.reason().or_else(|| report.spam.clone());
        // Once: the owner may let it go on while another session still waits for an answer.
        if let Some(why) = why.filter(|_| !self.summary.tripped) {
            let issue = self.keeper.issue;
            self.keeper.persist(|ledger| ledger.hold(issue, &why))?;
            self.summary.held = Some(why);
            self.summary.tripped = true;
        }
        if let Some((index, down)) = &report.fault {
            let route = &mut self.routes[*index];
            // What several sessions find at once is one failure.
            if route.is_up(now) {
                route.failures += 1;
                let until = now + absence(route.failures);
                route.until = Some(until);
                let absence = Absence { failures: route.failures, until, why: down.what.clone() };
                self.keeper.persist(|ledger| ledger.absent(&route.name, &absence))?;
                self.summary.absent.push(down.clone());
            }
        } else if let Some(sent) = report.settled.iter().find(|settled| settled.outcome.state == State::Sent)
        {
            let relay = &sent.outcome.relay;
            if let Some(route) =
                self.routes.iter_mut().find(|route| route.name == *relay && route.failures > 0)
            {
                route.failures = 0;
                route.until = None;
                self.keeper.persist(|ledger| ledger.present(&route.name))?;
            }
        }
        Ok(())
    }

    /// Says that this worker is alive, and settles what those have left who are not. How often both are done is not up to the sessions: all
    /// of them may be busy.
    pub(super) fn stay(&mut self, recover: &dyn Fn(&Ledger) -> Result<usize, LedgerError>) {
        self.keeper.stay();
        // What cannot be settled now is the next time.
        self.summary.in_doubt += recover(self.keeper.ledger).unwrap_or(0);
    }

    /// What has been done, and why no more.
    pub(super) fn close(mut self, now: DateTime<Utc>) -> Result<Summary, LedgerError> {
        let issue = self.keeper.issue;
        self.keeper.persist(|ledger| {
            ledger.end_work()?;
            ledger.call_off(issue)
        })?;
        if let Some(why) = self.breaker.reason() {
            // With what was under way when it stopped.
            self.keeper.persist(|ledger| ledger.hold_still(issue, &why))?;
            self.summary.held = Some(why);
        }
        if !self.routes.iter().any(|route| route.is_up(now)) {
            let seen = self.summary.absent.last().cloned();
            let known = match self.routes.first() {
                Some(route) => self.keeper.ledger.absence(&route.name)?.map(|absence| (&route.name, absence)),
                None => None,
            };
            let left_alone = known.map(|(name, Absence { until, why, .. })| {
                let minutes = (until - now).num_minutes() + 1;
                RelayDown {
                    what: format!("{name} is left alone for {minutes} min more: {why}"),
                    words: String::new(),
                }
            });
            self.summary.relay_down = seen.or(left_alone);
        }
        Ok(self.summary)
    }
}

/// What an outcome says to the breaker: only what the relay itself has said.
fn answer(outcome: &Outcome) -> Option<Answer> {
    match (outcome.state, outcome.phase, outcome.code) {
        (State::Sent, ..) => Some(Answer::Taken),
        // A name outside ASCII is a matter of this relay's.
        (State::Failed, "rcpt", Some(500..)) if outcome.enhanced.as_deref() != Some("5.6.7") => {
            Some(Answer::RecipientRefused)
        }
        (State::Failed, "data" | "dot", Some(500..)) => Some(Answer::TextRefused),
        _ => None,
    }
}

/// Whose turn it is by the rates.
struct Pacing<'a> {
    pace: &'a mut Pace,
    /// The turn that is known for sure.
    turn: i64,
    relay: (&'a str, &'a [Rate]),
    domains: &'a BTreeMap<String, Vec<Rate>>,
    /// The domains whose turn has not come.
    full: HashSet<String>,
    now: i64,
    /// The times of those that were let pass.
    times: Vec<i64>,
    /// The earliest turn of those that were not.
    next: Option<i64>,
}

impl Pacing<'_> {
    /// What a turn that came to nothing has found is forgotten.
    fn begin(&mut self) {
        self.pace.back_to(self.turn);
        self.full.clear();
        self.times.clear();
        self.next = None;
    }

    fn not_before(&mut self, at: i64) {
        self.next = Some(self.next.map_or(at, |next| next.min(at)));
    }
}

impl Gate for Pacing<'_> {
    fn turn(&self) -> Option<i64> {
        let has_rates = !self.relay.1.is_empty() || !self.domains.is_empty();
        has_rates.then(|| self.pace.turn())
    }

    fn hear(&mut self, uses: Vec<Use>, turn: i64) {
        self.pace.hear(uses, turn);
    }

    fn ask(&mut self, domain: &str) -> Turn {
        if self.full.contains(domain) {
            return Turn::NotThisDomain;
        }
        let (relay, relay_rates) = self.relay;
        let by_relay = self.pace.free_at(relay, relay_rates, self.now);
        if by_relay > self.now + AHEAD {
            self.not_before(by_relay);
            return Turn::Nobody;
        }
        let rates = self.domains.get(domain).or_else(|| self.domains.get("*")).map_or(&[][..], Vec::as_slice);
        let at = if rates.is_empty() {
            by_relay
        } else {
            let name = format!("@{domain}");
            let by_domain = self.pace.free_at(&name, rates, self.now).max(by_relay);
            if by_domain > self.now + AHEAD {
                self.not_before(by_domain);
                self.full.insert(domain.to_owned());
                return Turn::NotThisDomain;
            }
            self.pace.take(&name, rates, by_domain);
            by_domain
        };
        self.pace.take(relay, relay_rates, at);
        self.times.push(at);
        Turn::Now
    }

    fn used(&mut self) -> Vec<Use> {
        self.pace.news()
    }
}
