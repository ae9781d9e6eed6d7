//! The handle on a mailbox.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::fault::{MailFault, MailFaultKind, MailFaults};
use super::folder::Folder;
use super::message::{Envelope, Message};
use crate::clock::Clock;

/// A mailbox that takes everybody's mail. Clones are the same one.
#[derive(Clone, Debug)]
pub struct Mailbox(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    clock: Clock,
    folder: Option<Folder>,
    kept: Mutex<Kept>,
    changes: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Kept {
    last_id: u64,
    messages: Vec<Message>,
    faults: MailFaults,
}

impl Mailbox {
    /// A mailbox that forgets when the process ends.
    pub fn in_memory(clock: Clock) -> Self {
        Self::with(clock, None, Vec::new())
    }

    /// A mailbox that finds its mails again in `folder`, which is made when it is not there.
    pub fn in_folder(folder: impl Into<PathBuf>, clock: Clock) -> io::Result<Self> {
        let folder = Folder::open(folder.into())?;
        let messages = folder.read()?;
        Ok(Self::with(clock, Some(folder), messages))
    }

    fn with(clock: Clock, folder: Option<Folder>, messages: Vec<Message>) -> Self {
        let last_id = messages.last().map_or(0, |message| message.id);
        let kept = Mutex::new(Kept { last_id, messages, faults: MailFaults::default() });
        Self(Arc::new(Shared { clock, folder, kept, changes: watch::Sender::new(0) }))
    }

    /// The mails, oldest first.
    pub fn messages(&self) -> Vec<Message> {
        self.kept().messages.clone()
    }

    /// One mail.
    pub fn message(&self, id: u64) -> Option<Message> {
        self.kept().messages.iter().find(|message| message.id == id).cloned()
    }

    /// Throws every mail away. Ids go on counting while the process lives.
    pub fn clear(&self) -> io::Result<()> {
        let mut kept = self.kept();
        kept.messages.clear();
        self.0.folder.as_ref().map_or(Ok(()), Folder::clear)
    }

    /// Orders a fault. Of several that fit, the oldest strikes.
    pub fn add_fault(&self, fault: MailFault) {
        self.kept().faults.add(fault);
    }

    /// The faults that are still to strike.
    pub fn faults(&self) -> Vec<MailFault> {
        self.kept().faults.list()
    }

    /// Calls off every fault.
    pub fn clear_faults(&self) {
        self.kept().faults.clear();
    }

    /// Waits until the mails fulfil a condition.
    pub async fn until(&self, holds: impl Fn(&[Message]) -> bool) -> Vec<Message> {
        let mut changes = self.0.changes.subscribe();
        loop {
            let messages = self.messages();
            if holds(&messages) || changes.changed().await.is_err() {
                return messages;
            }
        }
    }

    /// Keeps a mail; the answer is its id.
    pub(crate) fn keep(&self, from: String, to: Vec<String>, raw: &[u8]) -> io::Result<u64> {
        let id = {
            let mut kept = self.kept();
            let envelope = Envelope { id: kept.last_id + 1, from, to, received_at: self.0.clock.now() };
            if let Some(folder) = &self.0.folder {
                folder.write(&envelope, raw)?;
            }
            kept.last_id = envelope.id;
            kept.messages.push(Message::read(envelope, raw));
            kept.last_id
        };
        self.0.changes.send_modify(|count| *count += 1);
        Ok(id)
    }

    pub(crate) fn strike(&self, fits: impl Fn(&MailFaultKind) -> bool) -> Option<MailFaultKind> {
        self.kept().faults.strike(fits)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
