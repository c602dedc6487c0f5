//! When an issue stops by itself and asks: too many of its first recipients are refused, which is what a list that is old, bought or
//! mistyped looks like, and what receivers block a sender for.

/// So many recipients are watched.
const WATCHED: u64 = 100;
/// And so many of them may be refused.
const REFUSED: u64 = 5;

/// The first recipients of an issue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Breaker {
    settled: u64,
    refused: u64,
    is_off: bool,
}

impl Breaker {
    /// As earlier runs have left it; `is_off` where the owner has let the issue go on.
    pub(super) fn new(taken: u64, refused: u64, is_off: bool) -> Self {
        Self { settled: taken + refused, refused, is_off: is_off || taken + refused >= WATCHED }
    }

    /// Another recipient. `Some` with the reason where the issue is to stop.
    pub(super) fn count(&mut self, is_refused: bool) -> Option<String> {
        if self.is_off || self.settled >= WATCHED {
            return None;
        }
        self.settled += 1;
        self.refused += u64::from(is_refused);
        (self.refused > REFUSED).then(|| {
            self.is_off = true;
            format!("{} of the first {} recipients were refused", self.refused, self.settled)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_refusal_among_a_hundred_stops_the_issue() {
        let mut breaker = Breaker::new(20, 4, false);
        assert_eq!(breaker.count(true), None);
        assert_eq!(breaker.count(true).unwrap(), "6 of the first 26 recipients were refused");
        assert_eq!(Breaker::new(94, 5, true).count(true), None);
        assert_eq!(Breaker::new(95, 5, false).count(true), None);
        let mut late = Breaker::new(90, 5, false);
        assert_eq!((0..4).find_map(|_| late.count(false)), None);
        assert!(late.count(true).is_some());
    }
}
