//! `casebridge`: the one process.

use std::process::ExitCode;

fn main() -> ExitCode {
    casebridge::run(None)
}
