//! When an issue stops by itself and asks: too many of its first recipients are refused, which is what a list that is old, bought or
//! mistyped looks like, and what receivers block a sender for; or the message itself is refused time after time.

/// So many recipients are watched.
const WATCHED: u64 = 100;
/// And so many of them may be refused.
const REFUSED: u64 = 5;
/// So many texts refused one after the other are not the recipients' fault.
const TEXTS: u64 = 3;

/// How the relay has answered about a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It took it.
    Taken,
    /// It refused the recipient for good.
    RecipientRefused,
    /// It refused the text for good.
    TextRefused,
}

/// The answers to an issue so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Breaker {
    settled: u64,
    refused: u64,
    texts: u64,
    is_off: bool,
    tripped: bool,
}

impl Breaker {
    /// As earlier runs have left it; `is_off` where the owner has let the issue go on.
    pub(super) fn new(taken: u64, refused: u64, is_off: bool) -> Self {
        Self { settled: taken + refused, refused, is_off, ..Self::default() }
    }

    /// Whether what comes next may stop the issue: then little should be under way at once.
    pub(super) fn is_watching(&self) -> bool {
        !self.is_off && self.settled < WATCHED
    }

    /// Another answer.
    pub(super) fn count(&mut self, answer: Answer) {
        let was_watching = self.is_watching();
        self.settled += 1;
        self.texts = if answer == Answer::TextRefused { self.texts + 1 } else { 0 };
        self.refused += u64::from(answer != Answer::Taken);
        let too_many = (was_watching || self.tripped) && self.refused > REFUSED;
        self.tripped |= !self.is_off && (too_many || self.texts >= TEXTS);
    }

    /// Why the issue is to stop, if it is.
    pub(super) fn reason(&self) -> Option<String> {
        let words = format!("{} of the first {} copies were refused", self.refused, self.settled);
        self.tripped.then_some(words)
    }
}

#[cfg(test)]
mod tests {
    use super::Answer::{RecipientRefused as No, Taken as Yes, TextRefused as Text};
    use super::*;

    #[test]
    fn the_sixth_refusal_among_a_hundred_stops_the_issue() {
        let after = |mut breaker: Breaker, answers: &[Answer]| {
            for answer in answers {
                breaker.count(*answer);
            }
            breaker.reason()
        };
        assert_eq!(after(Breaker::new(20, 4, false), &[No]), None);
        let reason = after(Breaker::new(20, 4, false), &[No, No, No]);
        assert_eq!(reason.unwrap(), "7 of the first 27 copies were refused");
        assert_eq!(after(Breaker::new(94, 5, true), &[No, No]), None);
        assert_eq!(after(Breaker::new(95, 5, false), &[No]), None);
        assert!(after(Breaker::new(90, 5, false), &[Yes, Yes, Yes, Yes, No]).is_some());
        assert!(after(Breaker::new(5000, 5, false), &[Text, Text, Text]).is_some());
        assert_eq!(after(Breaker::new(5000, 5, false), &[Text, Text, Yes, Text]), None);
    }
}
