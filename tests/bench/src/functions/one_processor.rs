//! Keeps those who talk to each other on one processor.

use std::fs;

use anyhow::Context as _;
use rustix::thread::{CpuSet, Pid, sched_getaffinity, sched_setaffinity};

/// As long as it lives, all threads of this process share a processor with what they start.
///
/// Whoever sends something to somebody who waits on another processor pays for waking that one up. On a virtual machine it is
/// the host that decides how much that is: from one minute to the next, it was between nothing and as much again as the request.
pub(super) struct OneProcessor {
    before: CpuSet,
}

impl OneProcessor {
    pub(super) fn share() -> anyhow::Result<Self> {
        let before = sched_getaffinity(None)?;
        // The first one is where the machine's interrupts go.
        let last = (0..CpuSet::MAX_CPU).rev().find(|cpu| before.is_set(*cpu)).context("no processor")?;
        let mut one = CpuSet::new();
        one.set(last);
        let shared = Self { before };
        all_threads_on(&one)?;
        Ok(shared)
    }
}

impl Drop for OneProcessor {
    fn drop(&mut self) {
        // What is measured next would say it, if it were left as it is.
        let _ = all_threads_on(&self.before);
    }
}

fn all_threads_on(processors: &CpuSet) -> anyhow::Result<()> {
    for thread in fs::read_dir("/proc/self/task")? {
        let id = thread?.file_name().to_string_lossy().parse()?;
        sched_setaffinity(Pid::from_raw(id), processors)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_share_a_processor_until_they_need_not_any_more() {
        let before = sched_getaffinity(None).unwrap();
        let shared = OneProcessor::share().unwrap();
        let processors = std::thread::spawn(|| sched_getaffinity(None).unwrap().count()).join().unwrap();
        assert_eq!((processors, sched_getaffinity(None).unwrap().count()), (1, 1));
        drop(shared);
        assert_eq!(sched_getaffinity(None).unwrap().count(), before.count());
    }
}
