//! Mail into a folder on this machine, in the Maildir layout: no server, no account.

use std::path::{Path, PathBuf};

use super::transport::{Attempt, Outbox, Phase, RelayDown, Reply, Session, Transport};
use crate::fsx::{self, FileError};
use crate::ids::MessageId;
use crate::mail::Message;

/// A Maildir. A message's file is named after its `Message-ID`, so that handing it over twice leaves one copy.
#[derive(Debug)]
pub struct Maildir {
    root: PathBuf,
}

impl Maildir {
    /// The Maildir at `root`, made where there is none.
    pub fn open(root: &Path) -> Result<Self, FileError> {
        for folder in ["tmp", "new", "cur"] {
            fsx::make_dir(&root.join(folder))?;
        }
        Ok(Self { root: root.to_path_buf() })
    }

    /// `/` and `:` mean something in a Maildir's names; an id has neither, but what is not ours to promise is checked.
    fn file_name(id: &MessageId) -> String {
        id.as_str().replace(['/', ':'], "_")
    }
}

impl Transport for Maildir {
    fn name(&self) -> String {
        "maildir".to_owned()
    }

    fn sessions(&self) -> usize {
        1
    }

    fn open(&self) -> Result<Box<dyn Session + '_>, RelayDown> {
        Ok(Box::new(Writing { maildir: self }))
    }

    fn window(&self) -> usize {
        1
    }

    fn has_arrived(&self, id: &MessageId) -> Option<bool> {
        let name = Self::file_name(id);
        // A mail program moves what it has seen to `cur` and puts its flags behind a colon.
        let is_it =
            |entry: std::fs::DirEntry| entry.file_name().to_string_lossy().split(':').next() == Some(&name);
        let read = || self.root.join("cur").read_dir().is_ok_and(|entries| entries.flatten().any(is_it));
        if self.root.join("new").join(&name).exists() || read() {
            return Some(true);
        }
        // What is not there may have been taken away already; what is still being written has not arrived.
        self.root.join("tmp").join(&name).exists().then_some(false)
    }
}

struct Writing<'a> {
    maildir: &'a Maildir,
}

impl Writing<'_> {
    fn place(&self, message: &Message) -> Attempt {
        let name = Maildir::file_name(&message.id);
        let root = &self.maildir.root;
        let placed = fsx::write_by_way_of(
            &root.join("tmp").join(&name),
            &root.join("new").join(&name),
            // Mail programs read a Maildir's files by the system's own line ends.
            message.text.replace("\r\n", "\n").as_bytes(),
        );
        match placed {
            Ok(_) => Attempt::Taken(Reply { code: 250, enhanced: None, text: format!("new/{name}") }),
            Err(error) => Attempt::Broken(Phase::Connect, error.to_string()),
        }
    }
}

impl Session for Writing<'_> {
    fn hand_over(&mut self, outbox: &mut dyn Outbox) {
        while let Some(message) = outbox.next() {
            outbox.done(self.place(&message));
        }
    }

    fn is_usable(&self) -> bool {
        true
    }

    fn close(self: Box<Self>) {}
}
