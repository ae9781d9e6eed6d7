//! Where `tests/run` leaves the programs that tests start.

use std::{
    env, io,
    path::{Path, PathBuf},
};

/// A Lambda function as `cargo lambda build` left it: `target/lambda/NAME/bootstrap`, or below `CASEBRIDGE_FUNCTIONS`.
pub fn function(name: &str) -> io::Result<PathBuf> {
    let folder = env::var_os("CASEBRIDGE_FUNCTIONS").map_or_else(|| target().join("lambda"), PathBuf::from);
    existing(folder.join(name).join("bootstrap"))
}

/// A program of this workspace that was built with the running test: `casebridge`, say.
pub fn program(name: &str) -> io::Result<PathBuf> {
    let test = env::current_exe()?;
    let profile = test.parent().and_then(Path::parent).unwrap_or(&test);
    existing(profile.join(name))
}

/// A program of others that tests need: `target/tools/bin/NAME`, or below `CASEBRIDGE_TOOLS`.
pub fn tool(name: &str) -> io::Result<PathBuf> {
    existing(tools().join(name))
}

/// The Python that has the stand-in for AWS, beside the folder of tools.
pub fn stack_python() -> io::Result<PathBuf> {
    existing(tools().join("../stack/bin/python"))
}

fn tools() -> PathBuf {
    env::var_os("CASEBRIDGE_TOOLS").map_or_else(|| target().join("tools").join("bin"), PathBuf::from)
}

fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from)
}

fn existing(path: PathBuf) -> io::Result<PathBuf> {
    if path.exists() {
        return Ok(path);
    }
    Err(io::Error::new(io::ErrorKind::NotFound, format!("{} is not there: run tests/run once", path.display())))
}
