//! Mail to standard output, one message after another, for other programs to take.

use std::io::Write;
use std::sync::Mutex;

use super::transport::{Attempt, Outbox, Phase, RelayDown, Reply, Session, Transport};
use crate::mail::Message;

/// Standard output, or whatever stands for it.
pub struct Stdout<W: Write + Send> {
    out: Mutex<W>,
}

impl<W: Write + Send> Stdout<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out: Mutex::new(out) }
    }
}

impl<W: Write + Send> Transport for Stdout<W> {
    fn name(&self) -> String {
        "stdout".to_owned()
    }

    fn sessions(&self) -> usize {
        1
    }

    fn open(&self) -> Result<Box<dyn Session + '_>, RelayDown> {
        Ok(Box::new(Printing { out: self }))
    }

    fn window(&self) -> usize {
        1
    }
}

struct Printing<'a, W: Write + Send> {
    out: &'a Stdout<W>,
}

impl<W: Write + Send> Printing<'_, W> {
    fn print(&mut self, message: &Message) -> Attempt {
        let Ok(mut out) = self.out.out.lock() else {
            return Attempt::Broken(Phase::Connect, "the output is gone".into());
        };
        // An empty line parts a message from the next.
        let written = write!(out, "{}\r\n", message.text).and_then(|()| out.flush());
        match written {
            Ok(()) => Attempt::Taken(Reply { code: 250, enhanced: None, text: "written".into() }),
            Err(error) => Attempt::Broken(Phase::Dot, error.to_string()),
        }
    }
}

impl<W: Write + Send> Session for Printing<'_, W> {
    fn hand_over(&mut self, outbox: &mut dyn Outbox) {
        while let Some(message) = outbox.next() {
            outbox.done(self.print(&message));
        }
    }

    fn is_usable(&self) -> bool {
        true
    }

    fn close(self: Box<Self>) {}
}
