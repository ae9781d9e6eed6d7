//! The key file: one key a line in base64, the newest first, readable by its owner only.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use casebridge_app::ports::Ids;
use zeroize::Zeroizing;

use crate::{KeyRing, MasterKey};

/// Far more keys than anybody rotates through.
const LARGEST: u64 = 16 * 1024;

/// What is wrong with a key file, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// A key file is never overwritten: everything sealed with it would be lost.
    #[error("{0} exists already; a key file is never overwritten, because every secret sealed with it would be lost")]
    Exists(PathBuf),
    /// There is none.
    #[error("there is no key file {0}; make one, or restore it from the backup if this installation had one")]
    Missing(PathBuf),
    /// Others than its owner can read or change it.
    #[error("{path} can be used by others than its owner (mode {mode:04o}); run: chmod 600 {path}")]
    TooOpen {
        /// Which file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// A line is no key.
    #[error("line {line} of {path} is not a key (32 bytes in base64, 44 characters); restore the file from its backup")]
    NoKey {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
    },
    /// A key stands there twice.
    #[error("line {line} of {path} repeats an earlier key; remove the line")]
    Repeated {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
    },
    /// No key, or no file of text at all.
    #[error("{0} is not a key file (keys of 32 bytes in base64, one a line); restore it from its backup")]
    NoKeyFile(PathBuf),
    /// Another reason, from the operating system.
    #[error("the key file {path} can't be used")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl KeyRing {
    /// Makes a key file with one fresh key.
    pub fn create(path: &Path, ids: &dyn Ids) -> Result<Self, KeyFileError> {
        let ring = Self::new(MasterKey::new(ids.secret()));
        write_new(path, &ring).map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => KeyFileError::Exists(path.to_owned()),
            _ => KeyFileError::Io { path: path.to_owned(), source },
        })?;
        Ok(ring)
    }

    /// Reads a key file that only its owner can use.
    pub fn load(path: &Path) -> Result<Self, KeyFileError> {
        let text = read(path)?;
        let mut ring: Option<Self> = None;
        for (line, content) in (1..).zip(text.lines()) {
            let content = content.trim();
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            let key = parse(content).ok_or_else(|| KeyFileError::NoKey { path: path.to_owned(), line })?;
            ring = Some(match ring {
                None => Self::new(key),
                Some(ring) if ring.holds(&key) => return Err(KeyFileError::Repeated { path: path.to_owned(), line }),
                Some(ring) => ring.and_older(key),
            });
        }
        ring.ok_or_else(|| KeyFileError::NoKeyFile(path.to_owned()))
    }

    /// Puts a fresh key in front; what older keys sealed still opens.
    pub fn rotate(path: &Path, ids: &dyn Ids) -> Result<Self, KeyFileError> {
        let rotated = Self::load(path)?.and_newer(MasterKey::new(ids.secret()));
        let io = |source| KeyFileError::Io { path: path.to_owned(), source };
        let beside = path.with_added_extension("new");
        write_new(&beside, &rotated).map_err(io)?;
        fs::rename(&beside, path).and_then(|()| sync_folder(path)).map_err(io)?;
        Ok(rotated)
    }
}

fn read(path: &Path) -> Result<Zeroizing<String>, KeyFileError> {
    let io = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => KeyFileError::Missing(path.to_owned()),
        io::ErrorKind::InvalidData => KeyFileError::NoKeyFile(path.to_owned()),
        _ => KeyFileError::Io { path: path.to_owned(), source },
    };
    let file = File::open(path).map_err(io)?;
    let about = file.metadata().map_err(io)?;
    let mode = about.permissions().mode() & 0o7777;
    if !about.is_file() || about.len() > LARGEST {
        return Err(KeyFileError::NoKeyFile(path.to_owned()));
    }
    if mode & 0o077 != 0 {
        return Err(KeyFileError::TooOpen { path: path.to_owned(), mode });
    }
    // Room for all of it, so that growing leaves no copies behind.
    let mut text = Zeroizing::new(String::with_capacity(usize::try_from(LARGEST).unwrap_or_default()));
    file.take(LARGEST).read_to_string(&mut text).map_err(io)?;
    Ok(text)
}

fn parse(line: &str) -> Option<MasterKey> {
    let mut bytes = Zeroizing::new([0; 33]);
    let length = STANDARD.decode_slice(line, bytes.as_mut_slice()).ok()?;
    bytes[..length].try_into().ok().map(MasterKey::new)
}

fn write_new(path: &Path, ring: &KeyRing) -> io::Result<()> {
    let mut text = Zeroizing::new(String::with_capacity(45 * ring.keys().count()));
    for key in ring.keys() {
        STANDARD.encode_string(**key.bytes(), &mut text);
        text.push('\n');
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        // Half a key helps nobody; the first error is the one to tell.
        let _ = fs::remove_file(path);
    }
    written.and_then(|()| sync_folder(path))
}

/// Makes the file's name as durable as its content.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key_file_vault::tests::Counting;

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("casebridge.key");
        (folder, path)
    }

    fn file(path: &Path, content: &str, mode: u32) {
        fs::write(path, content).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_key_file_is_made_for_its_owner_only_and_read_back() {
        let (_folder, path) = folder();
        let made = KeyRing::create(&path, &Counting::default()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_to_string(&path).unwrap().len(), 45);
        assert!(KeyRing::load(&path).unwrap().holds(made.newest()));
    }

    #[test]
    fn an_existing_file_is_never_overwritten() {
        let (_folder, path) = folder();
        file(&path, "something else", 0o600);
        let refused = KeyRing::create(&path, &Counting::default()).unwrap_err();
        assert!(matches!(refused, KeyFileError::Exists(_)));
        assert_eq!(fs::read_to_string(&path).unwrap(), "something else");
    }

    #[test]
    fn a_file_that_others_can_use_is_refused_with_the_command_that_helps() {
        let (_folder, path) = folder();
        KeyRing::create(&path, &Counting::default()).unwrap();
        for mode in [0o640, 0o604, 0o660, 0o644, 0o610] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let refused = KeyRing::load(&path).unwrap_err().to_string();
            assert!(refused.ends_with(&format!("run: chmod 600 {}", path.display())), "{refused}");
        }
    }

    #[test]
    fn a_malformed_file_is_refused_with_its_line_and_without_its_content() {
        let (_folder, path) = folder();
        let short = STANDARD.encode([7; 31]);
        let long = STANDARD.encode([7; 33]);
        let key = STANDARD.encode([7; 32]);
        for (content, said) in [
            (format!("# backup of May\n{short}\n"), "line 2 of"),
            (long, "line 1 of"),
            (format!("{key}\n\nnot base64!\n"), "line 3 of"),
            (format!("{key}\n{key}\n"), "line 2 of"),
            ("\n# nothing here\n".to_owned(), "is not a key file"),
        ] {
            file(&path, &content, 0o600);
            let refused = KeyRing::load(&path).unwrap_err().to_string();
            assert!(refused.contains(said), "{refused}");
            assert!(!refused.contains(&key[..20]), "{refused}");
        }
    }

    #[test]
    fn a_missing_file_a_folder_and_a_binary_are_told_apart() {
        let (folder, path) = folder();
        assert!(matches!(KeyRing::load(&path), Err(KeyFileError::Missing(_))));
        assert!(matches!(KeyRing::load(folder.path()), Err(KeyFileError::NoKeyFile(_))));
        fs::write(&path, [0xff; 32]).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(KeyRing::load(&path), Err(KeyFileError::NoKeyFile(_))));
    }

    #[test]
    fn rotating_puts_a_fresh_key_in_front_and_keeps_the_older_ones() {
        let (_folder, path) = folder();
        let ids = Counting::default();
        let first = KeyRing::create(&path, &ids).unwrap();
        let second = KeyRing::rotate(&path, &ids).unwrap();
        let third = KeyRing::rotate(&path, &ids).unwrap();
        let loaded = KeyRing::load(&path).unwrap();
        let shown: Vec<String> = loaded.keys().map(|key| format!("{key:?}")).collect();
        assert_eq!(shown, [third.newest(), second.newest(), first.newest()].map(|key| format!("{key:?}")));
    }
}
