//! What an attempt means, by the phase in which it ended and the codes alone, never by wording.

use super::transport::{Attempt, Phase, Reply};

/// Who or what is at fault, and what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It was taken.
    Sent,
    /// There is no such mailbox: nothing more is ever sent there.
    Gone,
    /// This copy is refused for good; others may fare better.
    Refused,
    /// Try this copy again later.
    Later,
    /// The relay or the sender is at fault: this copy is as if never tried, and the relay is left alone.
    RelayFault,
    /// The relay has read the message and will not have it: what it says of one copy it will say of all.
    Spam,
    /// Nothing was delivered, the connection is gone: this copy is as if never tried.
    NotDelivered,
    /// It may have been taken: nobody can know.
    InDoubt,
}

pub(super) fn verdict(attempt: &Attempt) -> Verdict {
    match attempt {
        Attempt::Taken(_) => Verdict::Sent,
        Attempt::Broken(Phase::Dot, _) => Verdict::InDoubt,
        Attempt::Broken(Phase::Connect, _) => Verdict::RelayFault,
        Attempt::Broken(..) => Verdict::NotDelivered,
        Attempt::Refused(phase, reply) => refused(*phase, reply),
    }
}

fn refused(phase: Phase, reply: &Reply) -> Verdict {
    match (phase, reply.code, reply.enhanced.as_deref()) {
        (Phase::Connect | Phase::Mail, ..) | (_, 421, _)
        // Without an enhanced code: who may send here at all (RFC 4954 §6), and "transaction failed".
        | (Phase::Rcpt | Phase::Data, 530 | 535 | 538 | 554, None) => Verdict::RelayFault,
        (_, 400..500, _) => Verdict::Later,
        // RFC 3463 §3.2: 5.1.7 and 5.1.8 speak of the sender, which servers like to check at RCPT only.
        (_, _, Some("5.1.7" | "5.1.8")) => Verdict::RelayFault,
        (Phase::Rcpt, _, Some(code)) if code.starts_with("5.1.") || code == "5.2.1" => Verdict::Gone,
        // §3.8: X.7.X is policy, about us and not about the recipient; after the text, about what it says.
        (Phase::Dot, _, Some(code)) if code.starts_with("5.7.") => Verdict::Spam,
        (_, _, Some(code)) if code.starts_with("5.7.") => Verdict::RelayFault,
        _ => Verdict::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phase_and_codes_decide() {
        let reply = |code, enhanced: &str| Reply {
            code,
            enhanced: Some(enhanced.to_owned()).filter(|e| !e.is_empty()),
            text: "mailbox full, user unknown, spam".into(),
        };
        for (phase, code, enhanced, expect) in [
            (Phase::Rcpt, 550, "5.1.1", Verdict::Gone),
            (Phase::Rcpt, 550, "5.2.1", Verdict::Gone),
            (Phase::Rcpt, 552, "5.2.2", Verdict::Refused),
            (Phase::Rcpt, 550, "", Verdict::Refused),
            (Phase::Rcpt, 550, "5.7.1", Verdict::RelayFault),
            (Phase::Rcpt, 550, "5.1.8", Verdict::RelayFault),
            (Phase::Rcpt, 554, "", Verdict::RelayFault),
            (Phase::Dot, 550, "5.1.1", Verdict::Refused),
            (Phase::Rcpt, 452, "4.2.2", Verdict::Later),
            (Phase::Rcpt, 421, "4.7.0", Verdict::RelayFault),
            (Phase::Mail, 550, "5.1.8", Verdict::RelayFault),
            (Phase::Mail, 451, "", Verdict::RelayFault),
            (Phase::Dot, 451, "4.3.0", Verdict::Later),
            (Phase::Dot, 554, "5.7.1", Verdict::Spam),
            (Phase::Dot, 554, "5.6.0", Verdict::Refused),
        ] {
            let attempt = Attempt::Refused(phase, reply(code, enhanced));
            assert_eq!(verdict(&attempt), expect, "{phase:?} {code} {enhanced}");
        }
    }

    #[test]
    fn a_broken_connection_is_in_doubt_only_after_the_dot() {
        let broken = |phase| verdict(&Attempt::Broken(phase, String::new()));
        assert_eq!(broken(Phase::Connect), Verdict::RelayFault);
        for phase in [Phase::Mail, Phase::Rcpt, Phase::Data, Phase::Text] {
            assert_eq!(broken(phase), Verdict::NotDelivered);
        }
        assert_eq!(broken(Phase::Dot), Verdict::InDoubt);
    }
}
