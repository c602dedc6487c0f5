//! Delivery status (RFC 3464, RFC 6533): a block about the message, then one for each recipient.

use super::fields::Fields;
use super::{Finding, Kind, addresses};
use crate::ids::enhanced_code;

/// Codes by which a mailbox is not there and will not be (RFC 3463 §3.2, §3.3; RFC 7505 §4).
const GONE: [&str; 6] = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"];

/// What a report says of each recipient, and addresses that may be the original's envelope sender.
pub(super) fn read(text: &str) -> (Vec<Finding>, Vec<String>) {
    let (mut findings, mut senders) = (Vec::new(), Vec::new());
    for block in Fields::blocks(text) {
        if block.one("Action").is_none() {
            // Postfix names it, in the block about the message.
            senders.extend(block.all("X-Postfix-Sender").flat_map(addresses));
            continue;
        }
        findings.push(finding(&block));
    }
    (findings, senders)
}

fn finding(block: &Fields) -> Finding {
    let code = block.one("Status").and_then(|status| enhanced_code(&without_comments(status)));
    // `x.0.0` says nothing; the code that the other side gave may (§2.3.6).
    let code = code
        .filter(|code| !code.ends_with(".0.0"))
        .or_else(|| block.one("Diagnostic-Code").and_then(diagnostic))
        .or_else(|| block.one("Status").and_then(|status| enhanced_code(&without_comments(status))));
    let is_failed = block
        .one("Action")
        .is_some_and(|action| without_comments(action).trim().eq_ignore_ascii_case("failed"));
    let kind = is_failed.then(|| meaning(code.as_deref()));
    let of = |name| block.all(name).flat_map(addresses).collect::<Vec<_>>();
    Finding {
        kind: kind.flatten(),
        code,
        recipients: [of("Original-Recipient"), of("Final-Recipient")].concat(),
    }
}

/// What it means that a copy has failed for good, by the code.
pub(super) fn meaning(code: Option<&str>) -> Option<Kind> {
    match code {
        Some(code) if GONE.contains(&code) => Some(Kind::Hard),
        // RFC 3463 §3.2, §3.8: the sender's address, and policy: both are about us.
        Some("5.1.7" | "5.1.8") => None,
        Some(code) if code.split('.').nth(1) == Some("7") => None,
        _ => Some(Kind::Soft),
    }
}

/// `smtp; 550 5.1.1 …` and `smtp; 550-5.1.1 …`: the code that stands where RFC 2034 §4 has it, and no other.
pub(super) fn diagnostic(text: &str) -> Option<String> {
    let (kind, words) = text.split_once(';')?;
    let words = words.trim_start();
    let reply = words.get(..3).filter(|code| code.bytes().all(|byte| byte.is_ascii_digit()))?;
    let rest = words[reply.len()..].strip_prefix([' ', '-'])?;
    enhanced_code(rest).filter(|_| kind.trim().eq_ignore_ascii_case("smtp"))
}

/// RFC 822 comments nest.
fn without_comments(text: &str) -> String {
    let mut depth = 0usize;
    let keep = |c: &char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    };
    text.chars().filter(keep).collect()
}
