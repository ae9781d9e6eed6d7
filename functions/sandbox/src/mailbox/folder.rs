//! Mails on disk: `<id>.eml` and, written last, `<id>.json` with the envelope.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::message::{Envelope, Message};

/// A folder that mails are kept in.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn open(path: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// The mails in it, oldest first.
    pub(crate) fn read(&self) -> io::Result<Vec<Message>> {
        let mut messages = Vec::new();
        for path in self.envelopes()? {
            let envelope: Envelope = serde_json::from_slice(&fs::read(&path)?)?;
            messages.push(Message::read(envelope, &fs::read(path.with_extension("eml"))?));
        }
        messages.sort_by_key(|message| message.id);
        Ok(messages)
    }

    pub(crate) fn write(&self, envelope: &Envelope, raw: &[u8]) -> io::Result<()> {
        let path = self.0.join(format!("{:08}", envelope.id));
        fs::write(path.with_extension("eml"), raw)?;
        let unfinished = path.with_extension("json.part");
        fs::write(&unfinished, serde_json::to_vec(envelope)?)?;
        fs::rename(unfinished, path.with_extension("json"))
    }

    pub(crate) fn clear(&self) -> io::Result<()> {
        for path in self.envelopes()? {
            fs::remove_file(&path)?;
            fs::remove_file(path.with_extension("eml"))?;
        }
        Ok(())
    }

    fn envelopes(&self) -> io::Result<Vec<PathBuf>> {
        let is_envelope = |path: &Path| path.extension().is_some_and(|extension| extension == "json");
        let mut paths = Vec::new();
        for entry in fs::read_dir(&self.0)? {
            let path = entry?.path();
            if is_envelope(&path) {
                paths.push(path);
            }
        }
        Ok(paths)
    }
}
