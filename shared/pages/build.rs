//! Lists the files that are served as they are, so that one that is added is served without being named anywhere. Scripts
//! leave their comments here: a third of what browsers would load. Each file is there as gzip too.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use flate2::Compression;
use flate2::write::GzEncoder;

/// Where files lie, and below what they are served.
const FOLDERS: [(&str, &str); 6] = [
    ("assets/pages", "pages"),
    ("assets/widget", "widget"),
    ("messages/widget", "widget/messages"),
    ("assets/console", "console"),
    ("assets/vendor", "console/vendor"),
    ("messages/console", "console/messages"),
];

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
            let mut path = entry.path();
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("js") => path = without_comments(&path, &name)?,
                Some("json") => path = in_one_line(&path, &name)?,
                _ => {}
            }
            let zipped = zipped(&path, &name)?;
            let [plain, zipped] = [path, zipped].map(|path| path.display().to_string());
            let file = format!("    ({name:?}, include_bytes!({plain:?}), include_bytes!({zipped:?})),\n");
            list.push_str(&file);
        }
    }
    Ok(())
}

/// A copy without the lines that hold nothing but comment, without types within a line, and without indentation: none of them
/// is within a text of our scripts where it would be missed.
fn without_comments(script: &Path, name: &str) -> io::Result<PathBuf> {
    let mut lean = String::new();
    let mut within = false;
    for line in fs::read_to_string(script)?.lines().map(str::trim) {
        let begins = !within && line.starts_with("/**");
        let ends = line.ends_with("*/");
        let is_comment = within || line.starts_with("//") || (begins && (ends || !line.contains("*/")));
        within = (within || begins) && is_comment && !ends;
        if !is_comment && !line.is_empty() {
            lean.push_str(&without_types(line));
            lean.push('\n');
        }
    }
    let copy = made(name)?;
    fs::write(&copy, lean)?;
    Ok(copy)
}

/// A copy of messages without the lines that translators see them in: no text has one.
fn in_one_line(messages: &Path, name: &str) -> io::Result<PathBuf> {
    let lean: String = fs::read_to_string(messages)?.lines().map(str::trim).collect();
    let copy = made(name)?;
    fs::write(&copy, lean)?;
    Ok(copy)
}

/// A line without the types that are said within it: `/** @type {Node} */ (node)` is `(node)`.
fn without_types(line: &str) -> String {
    let mut rest = line;
    let mut lean = String::new();
    while let Some((before, (_, after))) =
        rest.split_once("/** @").and_then(|(before, said)| Some((before, said.split_once("*/")?)))
    {
        lean.push_str(before);
        rest = after.strip_prefix(' ').unwrap_or(after);
    }
    lean + rest
}

fn zipped(file: &Path, name: &str) -> io::Result<PathBuf> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&fs::read(file)?)?;
    let copy = made(&format!("{name}.gz"))?;
    fs::write(&copy, encoder.finish()?)?;
    Ok(copy)
}

/// Where a file lies that is made here.
fn made(name: &str) -> io::Result<PathBuf> {
    Ok(Path::new(&env::var("OUT_DIR").map_err(io::Error::other)?).join(name.replace('/', ".")))
}
