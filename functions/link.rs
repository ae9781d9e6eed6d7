//! Links a function where it will be loaded: what is optimised has no pointers left to be put right at every start.
//!
//! Lambda gives each function a machine of its own; that its program lies at the same place in all of them is the price.

#![expect(clippy::print_stdout, reason = "that is how a build script speaks to cargo")]

fn main() {
    println!("cargo::rerun-if-changed=../link.rs");
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
