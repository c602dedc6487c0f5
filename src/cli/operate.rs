//! `tidings pause|resume|cancel|resolve`: what an operator decides about an issue. None waits for a run that is at work: the run sees it
//! at its next claim.

use super::Exit;
use super::args::{Args, IssueOption, ResolveOptions};
use super::memory;
use super::site::{Failure, Site};
use crate::address::Address;
use crate::ids::IssueId;
use crate::ledger::{Ledger, Verdict};
use crate::report::Reporter;
use crate::subscribers::Subscriber;

pub(super) fn pause(args: &Args, option: &IssueOption, report: &Reporter) -> Result<Exit, Failure> {
    let (ledger, issue) = open(args, &option.issue)?;
    let words = match (ledger.pause(&issue)?, ledger.held(&issue)?) {
        (true, _) => format!("{issue} waits; `tidings resume {issue}` lets it go on"),
        (false, Some(why)) => format!("{issue} waits already: {why}"),
        (false, None) => format!("{issue} has nothing left to deliver"),
    };
    report.note(&words);
    Ok(Exit::Done)
}

pub(super) fn resume(args: &Args, option: &IssueOption, report: &Reporter) -> Result<Exit, Failure> {
    let (ledger, issue) = open(args, &option.issue)?;
    let words = if ledger.release(&issue)? {
        format!("{issue} goes on with the next run; `tidings send` does it at once")
    } else {
        format!("{issue} does not wait")
    };
    report.note(&words);
    Ok(Exit::Done)
}

pub(super) fn cancel(args: &Args, option: &IssueOption, report: &Reporter) -> Result<Exit, Failure> {
    let (mut ledger, issue) = open(args, &option.issue)?;
    let copies = ledger.cancel(&issue)?;
    report.note(&format!("{issue}: {} called back", of_copies(copies)));
    Ok(Exit::Done)
}

pub(super) fn resolve(args: &Args, options: &ResolveOptions, report: &Reporter) -> Result<Exit, Failure> {
    let (mut ledger, issue) = open(args, &options.issue)?;
    let mut subscribers = Vec::new();
    for written in &options.addresses {
        let address = Address::parse(written)
            .map_err(|why| Failure::Usage(format!("`{written}` is not an address: {why}")))?;
        subscribers.push(Subscriber::id_of(&address));
    }
    let (verdict, what) = if options.word.resend {
        (Verdict::Resend, "will be sent again by the next run")
    } else {
        (Verdict::AssumeSent, "counted as sent")
    };
    if verdict == Verdict::Resend && ledger.is_cancelled(&issue)? {
        return Err(Failure::Usage(format!("{issue} has been called back: nothing of it is sent any more")));
    }
    let copies = ledger.resolve(&issue, &subscribers, verdict, args.place.clock().now())?;
    if copies == 0 {
        report.error(&format!(
            "{issue}: no such copy is in doubt; `tidings status {issue} --in-doubt` lists them"
        ));
        return Ok(Exit::Partly);
    }
    report.note(&format!("{issue}: {} {what}", of_copies(copies)));
    Ok(Exit::Done)
}

/// The ledger and the issue that is meant.
fn open(args: &Args, written: &str) -> Result<(Ledger, IssueId), Failure> {
    let config = Site::config(&args.place)?.config;
    if !Ledger::is_there(&config)? {
        return Err(Failure::Usage(format!("there is no issue `{written}`: nothing has been sent yet")));
    }
    let ledger = memory::open(&config)?;
    let issue = find(&ledger, written)?;
    Ok((ledger, issue))
}

/// The one issue that is called so.
pub(super) fn find(ledger: &Ledger, written: &str) -> Result<IssueId, Failure> {
    let mut found = ledger.issue_called(written)?;
    match (found.pop(), found.is_empty()) {
        (Some(issue), true) => Ok(issue),
        (Some(_), false) => {
            Err(Failure::Usage(format!("several issues are called `{written}`; give more of its id")))
        }
        (None, _) => {
            Err(Failure::Usage(format!("there is no issue `{written}`; `tidings status` lists them")))
        }
    }
}

pub(super) fn of_copies(count: usize) -> String {
    if count == 1 { "1 copy".to_owned() } else { format!("{count} copies") }
}
