//! How long work took, by the clock and by this process's processors.

use std::fs;
use std::time::Instant;

/// The kernel counts processor time in hundredths of a second.
const MICROSECONDS: f64 = 10_000.0;

/// Runs since it was made.
pub(crate) struct Stopwatch {
    begun: Instant,
    used: Option<f64>,
}

/// How fast pieces of work were done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate {
    pub(crate) per_second: f64,
    /// Processor time of one piece in microseconds, the client's share included. Unlike the rate, it is much the same
    /// on a host that is busy with other things.
    pub(crate) processor: Option<f64>,
}

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self { begun: Instant::now(), used: processor_time() }
    }

    /// So many pieces were done since the start.
    pub(crate) fn stop(self, pieces: u32) -> Rate {
        let pieces = f64::from(pieces);
        let processor = self.used.zip(processor_time()).map(|(before, after)| (after - before) / pieces);
        Rate { per_second: pieces / self.begun.elapsed().as_secs_f64(), processor }
    }
}

/// Microseconds of all threads together, in user and kernel mode.
fn processor_time() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The second field, the program's name in brackets, may hold spaces.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, kernel): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((user + kernel) * MICROSECONDS)
}
