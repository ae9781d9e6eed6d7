//! What the kernel says of a process.

use std::fs;

use anyhow::Context as _;

/// Milliseconds on a processor, of all its threads, since it was started. The scheduler counts nanoseconds.
pub(super) fn processor_milliseconds(id: u32) -> anyhow::Result<f64> {
    let mut milliseconds = 0.0;
    for thread in fs::read_dir(format!("/proc/{id}/task"))? {
        let counted = fs::read_to_string(thread?.path().join("schedstat"))?;
        let nanoseconds = counted.split_whitespace().next().context("an empty schedstat")?;
        milliseconds += nanoseconds.parse::<f64>()? / 1e6;
    }
    Ok(milliseconds)
}

/// Megabytes that it has in memory.
pub(super) fn resident_megabytes(id: u32) -> anyhow::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next());
    Ok(kilobytes.context("no VmRSS")?.parse::<f64>()? / 1024.0)
}
