//! Links a function where it will be loaded: what is optimised has no pointers left to be put right at every start.
//!
//! Lambda gives each function a machine of its own; that its program lies at the same place in all of them is the price.

#![expect(clippy::print_stdout, reason = "that is how a build script speaks to cargo")]

use std::env::{var, var_os};
use std::path::Path;
use std::{fs, io};

/// What would tell how to unwind the stack is left out, all else stays where the linker would put it. A panic ends the process.
const WITHOUT_UNWIND_TABLES: &str =
    "SECTIONS { /DISCARD/ : { *(.eh_frame .eh_frame_hdr .gcc_except_table .gcc_except_table.*) } } INSERT AFTER .text;";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=../link.rs");
    if var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
        // Rust's own linker for this target can do the rest, Zig's can't.
        let is_x86 = var("TARGET").is_ok_and(|target| target == "x86_64-unknown-linux-gnu");
        if is_x86 && var_os("RUSTC_LINKER").is_none() {
            // Functions that were compiled to the same are kept once.
            println!("cargo::rustc-link-arg-bins=-Wl,--icf=all");
            let script = Path::new(&var_os("OUT_DIR").unwrap_or_default()).join("without_unwind_tables.ld");
            fs::write(&script, WITHOUT_UNWIND_TABLES)?;
            println!("cargo::rustc-link-arg-bins=-Wl,-T,{}", script.display());
        }
    }
    Ok(())
}
