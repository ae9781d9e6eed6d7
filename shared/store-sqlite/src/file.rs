//! The file and what lies beside it: nobody else may read them, and they survive a power cut.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::OpenError;

/// The name with something at its end: `casebridge.db-wal`.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Makes an error say which file it is about.
pub(crate) fn about(path: &Path) -> impl FnOnce(io::Error) -> OpenError {
    let path = path.to_owned();
    |source| OpenError::File { path, source }
}

/// Makes sure that the file is there; a new one is its owner's alone.
pub(crate) fn create(path: &Path) -> io::Result<()> {
    let is_new = !path.try_exists()?;
    let file = private().append(true).create(true).open(path)?;
    if is_new {
        file.sync_all()?;
        sync_folder(path)?;
    }
    Ok(())
}

/// Makes the file its owner's alone, and what SQLite keeps beside it, which gets the file's mode when it is created.
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    for path in [path.to_owned(), beside(path, "-wal"), beside(path, "-shm")] {
        tighten(&path)?;
    }
    Ok(())
}

/// Opens files that are created as their owner's alone.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(unix)]
fn tighten(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    match fs::metadata(path) {
        Ok(metadata) if metadata.permissions().mode() & 0o077 != 0 => {
            fs::set_permissions(path, fs::Permissions::from_mode(0o600))
        }
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
fn tighten(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Removes it if it is there.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// The folder a file is in.
pub(crate) fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes the names in the file's folder survive a power cut.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder(path))?.sync_all() } else { Ok(()) }
}

/// Whether the disk or a quota is exhausted. SQLite tells an exceeded quota from a broken disk no more than by "I/O
/// error", so we try to write something ourselves.
pub(crate) fn is_room_exhausted(path: &Path) -> bool {
    let probe = beside(path, "-room");
    let written = private().write(true).create(true).truncate(true).open(&probe).and_then(|mut file| {
        file.write_all(&[1; 16 * 1024])?;
        file.sync_all()
    });
    // What is left of the probe is overwritten by the next one.
    let _ = remove(&probe);
    written.is_err_and(|error| matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded))
}

/// Whether locks and shared memory can't be trusted where the file is.
#[cfg(target_os = "linux")]
pub(crate) fn is_on_a_network(path: &Path) -> io::Result<bool> {
    // NFS, SMB, CIFS, SMB2, AFS, Coda: statfs(2).
    const NETWORK: [u32; 6] = [0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x5346_414F, 0x7375_7245];

    let kind = rustix::fs::statfs(folder(path))?.f_type;
    Ok(NETWORK.iter().any(|network| i128::from(kind) & 0xFFFF_FFFF == i128::from(*network)))
}

/// Not told apart here.
#[cfg(not(target_os = "linux"))]
pub(crate) fn is_on_a_network(_: &Path) -> io::Result<bool> {
    Ok(false)
}
