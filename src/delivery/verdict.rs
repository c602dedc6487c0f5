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
    // X.7.X is policy: it is about us, not about the recipient.
    let subject = |prefix: &str| reply.enhanced.as_deref().is_some_and(|code| code[1..].starts_with(prefix));
    match (phase, reply.code) {
        (Phase::Connect | Phase::Mail, _) | (_, 421) => Verdict::RelayFault,
        (_, 400..500) => Verdict::Later,
        _ if subject(".7.") => Verdict::RelayFault,
        _ if subject(".1.") || reply.enhanced.as_deref() == Some("5.2.1") => Verdict::Gone,
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
            (Phase::Rcpt, 452, "4.2.2", Verdict::Later),
            (Phase::Rcpt, 421, "4.7.0", Verdict::RelayFault),
            (Phase::Mail, 550, "5.1.8", Verdict::RelayFault),
            (Phase::Mail, 451, "", Verdict::RelayFault),
            (Phase::Dot, 451, "4.3.0", Verdict::Later),
            (Phase::Dot, 554, "5.7.1", Verdict::RelayFault),
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
