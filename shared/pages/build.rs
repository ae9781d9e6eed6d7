//! Lists the files that are served as they are, so that one that is added is served without being named anywhere.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Where files lie, and below what they are served.
const FOLDERS: [(&str, &str); 3] =
    [("assets/pages", "pages"), ("assets/widget", "widget"), ("messages/widget", "widget/messages")];

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let mut list = String::from("&[\n");
    for (folder, below) in FOLDERS {
        // A folder that is added later is noticed by the one above.
        let folder = root.join(folder);
        println!("cargo::rerun-if-changed={}", folder.parent().unwrap_or(&root).display());
        if folder.is_dir() {
            add(&folder, below, &mut list)?;
        }
    }
    list.push_str("]\n");
    fs::write(Path::new(&env::var("OUT_DIR").map_err(io::Error::other)?).join("files.rs"), list)
}

fn add(folder: &Path, below: &str, list: &mut String) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{below}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            add(&entry.path(), &name, list)?;
        } else {
            let path = entry.path().display().to_string();
            writeln!(list, "    ({name:?}, include_bytes!({path:?})),").map_err(io::Error::other)?;
        }
    }
    Ok(())
}
