//! The postman: hands letters over, one by one, and again later where the relay is away.

use std::sync::Arc;

use super::State;
use crate::delivery::{Attempt, Single, Transport};
use crate::ledger::{LedgerError, Posted};
use crate::mail::Message;

/// Goes his rounds until the server ends.
pub(super) fn work(state: &Arc<State>, transports: &[Box<dyn Transport>]) {
    while !state.is_over() {
        match round(state, transports) {
            Ok(()) => {}
            Err(error) => state.tell(&format!("letters wait: {error}")),
        }
        state.sleep();
    }
}

fn round(state: &State, transports: &[Box<dyn Transport>]) -> Result<(), LedgerError> {
    while let Some(letter) = { state.ledger().next_letter(state.now())? } {
        let Posted { id, attempts, message_id, sender, recipient, text } = letter;
        let message = Message { id: message_id, sender, recipient, text };
        let domain = message.sender.domain().to_owned();
        let taking = transports.iter().filter(|transport| transport.takes(&domain));
        let (mut is_done, mut is_reached) = (false, false);
        for transport in taking {
            let Some(attempt) = hand_over(transport.as_ref(), message.clone()) else { continue };
            is_reached = true;
            // One that is refused for good has nobody who could be told.
            is_done = match attempt {
                Attempt::Taken(_) => true,
                Attempt::Refused(_, reply) => reply.code >= 500,
                Attempt::Broken(..) => false,
            };
            if is_done {
                break;
            }
        }
        tracing::info!(letter = id, attempt = attempts + 1, is_reached, is_done, "letter");
        let ledger = state.ledger();
        if is_done {
            ledger.letter_done(id)?;
        } else {
            ledger.letter_later(id, attempts, state.now())?;
        }
        // The others wait with it where every relay is away.
        if state.is_stopped() || !is_reached {
            break;
        }
    }
    Ok(())
}

fn hand_over(transport: &dyn Transport, message: Message) -> Option<Attempt> {
    let mut session = transport.open().ok()?;
    let attempt = Single::hand_over(session.as_mut(), message);
    session.close();
    Some(attempt)
}
