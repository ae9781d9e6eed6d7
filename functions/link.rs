//! Links a function where it will be loaded: what is optimised has no pointers left to be put right at every start.
//!
//! Lambda gives each function a machine of its own; that its program lies at the same place in all of them is the price.

#![expect(clippy::print_stdout, reason = "that is how a build script speaks to cargo")]

fn main() {
    println!("cargo::rerun-if-changed=../link.rs");
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
        // Functions that were compiled to the same are kept once. Rust's own linker for this target can do that, Zig's can't.
        let target = std::env::var("TARGET");
        if std::env::var_os("RUSTC_LINKER").is_none() && target.is_ok_and(|target| target == "x86_64-unknown-linux-gnu")
        {
            println!("cargo::rustc-link-arg-bins=-Wl,--icf=all");
        }
    }
}
