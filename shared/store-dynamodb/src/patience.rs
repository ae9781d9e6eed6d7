//! How long the engine tries, and how it waits between tries.

use std::time::Duration;

use casebridge_app::ports::Ids;
use casebridge_store::EngineError;
use tokio::time::{Instant, sleep, timeout};

use crate::failure::{Failure, Remedy};

/// How long one call of the engine may take.
///
/// Pauses are drawn evenly from nothing up to a bound that doubles ("full jitter"): writers that met once are spread
/// apart, and of many that want one item always some come soon. By the simulation below, the last of 64 transactions
/// that want the same three items and keep them for 10 ms gets through after about 1.2 s and 20 tries, at 30 ms after
/// 2.5 s and 37, at 50 ms after 3.9 s and 52.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// All tries and pauses together. A query has it for each page, for each page is progress.
    pub total: Duration,
    /// The same where the last try met another transaction: whoever is in the way is served, and our turn comes.
    pub crowded: Duration,
    /// One try.
    pub attempt: Duration,
    /// So many tries at the most.
    pub attempts: u32,
    /// The first pause's bound.
    pub first_pause: Duration,
    /// The bound where doubling ends.
    pub longest_pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            total: Duration::from_millis(2500),
            crowded: Duration::from_secs(5),
            attempt: Duration::from_secs(1),
            attempts: 80,
            first_pause: Duration::from_millis(20),
            longest_pause: Duration::from_millis(160),
        }
    }
}

/// What is left of the patience for one call.
pub(crate) struct Budget<'a> {
    patience: &'a Patience,
    ids: &'a dyn Ids,
    table: &'a str,
    operation: &'static str,
    started: Instant,
    tries: u32,
    is_crowded: bool,
}

impl<'a> Budget<'a> {
    pub(crate) fn new(patience: &'a Patience, ids: &'a dyn Ids, table: &'a str, operation: &'static str) -> Self {
        Self { patience, ids, table, operation, started: Instant::now(), tries: 0, is_crowded: false }
    }

    /// One try, cut off when its time is up.
    pub(crate) async fn attempt<T>(&mut self, call: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        self.tries += 1;
        let limit = self.patience.attempt.min(self.left());
        let answer = timeout(limit, Box::pin(call)).await;
        answer.unwrap_or_else(|_| Err(Failure::passing(format!("no answer within {} ms", limit.as_millis()))))
    }

    /// Waits before another try, or says that there will be none.
    pub(crate) async fn another(&mut self, failure: Failure) -> Result<(), EngineError> {
        if failure.remedy != Remedy::Again {
            return Err(failure.into_error(self.table));
        }
        self.is_crowded = failure.is_conflict();
        let pause = self.pause();
        if self.tries >= self.patience.attempts || pause >= self.left() {
            return Err(failure.after_tries(self.table, self.operation, self.tries));
        }
        tracing::debug!(operation = self.operation, tries = self.tries, ?pause, cause = %failure, "trying again");
        sleep(pause).await;
        Ok(())
    }

    /// Tries until there is an answer.
    pub(crate) async fn answer<T, C>(&mut self, call: impl Fn() -> C) -> Result<T, EngineError>
    where
        C: Future<Output = Result<T, Failure>>,
    {
        loop {
            match self.attempt(call()).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => self.another(failure).await?,
            }
        }
    }

    fn left(&self) -> Duration {
        let total = if self.is_crowded { self.patience.crowded } else { self.patience.total };
        total.saturating_sub(self.started.elapsed())
    }

    fn pause(&self) -> Duration {
        let doubled = self.patience.first_pause.saturating_mul(2_u32.saturating_pow(self.tries.saturating_sub(1)));
        doubled.min(self.patience.longest_pause).mul_f64(self.ids.fraction().clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use casebridge_domain::Instant as Moment;
    use futures::future::join_all;
    use uuid::Uuid;

    use super::*;

    /// `SplitMix64` under a lock: repeatable.
    struct Dice(Mutex<u64>);

    impl Ids for Dice {
        fn time_ordered(&self, _: Moment) -> Uuid {
            Uuid::nil()
        }

        fn secret(&self) -> [u8; 32] {
            [0; 32]
        }

        fn fraction(&self) -> f64 {
            let mut state = self.0.lock().unwrap();
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = *state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            f64::from(u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap()) / (f64::from(u32::MAX) + 1.0)
        }
    }

    fn dice(seed: u64) -> Dice {
        Dice(Mutex::new(seed))
    }

    fn budget<'a>(patience: &'a Patience, ids: &'a Dice) -> Budget<'a> {
        Budget::new(patience, ids, "things", "a write")
    }

    fn chain(error: EngineError) -> String {
        let EngineError::Unavailable(trouble) = error else { panic!("{error}") };
        format!("{trouble}: {}", trouble.source().unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn it_ends_in_time_even_if_nothing_ever_answers() {
        let (patience, ids) = (Patience::default(), dice(1));
        let started = Instant::now();
        let silence = budget(&patience, &ids).answer(std::future::pending::<Result<(), Failure>>).await;
        assert!(started.elapsed() <= patience.total, "{:?}", started.elapsed());
        let said = chain(silence.unwrap_err());
        assert!(said.starts_with("table things: a write did not get through in 3 tries: no answer within"), "{said}");
    }

    #[tokio::test(start_paused = true)]
    async fn it_ends_after_so_many_tries() {
        let (patience, ids) = (Patience { attempts: 4, ..Patience::default() }, dice(1));
        let mut budget = budget(&patience, &ids);
        let refused: Result<(), _> = budget.answer(async || Err(Failure::passing("busy"))).await;
        assert_eq!(chain(refused.unwrap_err()), "table things: a write did not get through in 4 tries: busy");
    }

    #[tokio::test(start_paused = true)]
    async fn what_lasts_is_not_tried_again() {
        let (patience, ids) = (Patience::default(), dice(1));
        let mut budget = budget(&patience, &ids);
        let refused: Result<(), _> = budget.answer(async || Err(Failure::lasting("no"))).await;
        assert_eq!(chain(refused.unwrap_err()), "table things: the call failed, and another try would fail too: no");
        assert_eq!(budget.tries, 1);
    }

    fn conflict() -> Failure {
        Failure::said("TransactionConflict", "Transaction is ongoing for the item", 400)
    }

    #[tokio::test(start_paused = true)]
    async fn a_conflict_is_waited_for_longer_than_silence() {
        let (patience, ids) = (Patience { attempts: u32::MAX, ..Patience::default() }, dice(1));
        for (failure, limit) in
            [(conflict as fn() -> Failure, patience.crowded), (|| Failure::passing("busy"), patience.total)]
        {
            let started = Instant::now();
            let refused: Result<(), _> = budget(&patience, &ids).answer(async || Err(failure())).await;
            assert!(refused.is_err());
            let took = started.elapsed();
            assert!(took <= limit && took + patience.longest_pause >= limit, "{took:?} of {limit:?}");
        }
    }

    /// Items as the service keeps them while transactions want them: whoever has all of them has them for a while, the
    /// others let go of what they got and are sent away.
    async fn wins(items: &[Mutex<()>], ids: &Dice) -> Result<(), Failure> {
        let prepared = items.iter().map(async |item| {
            sleep(Duration::from_millis(3).mul_f64(1.0 + ids.fraction() / 3.0)).await;
            item.try_lock()
        });
        let prepared = join_all(prepared).await;
        let is_won = prepared.iter().all(Result::is_ok);
        sleep(Duration::from_millis(if is_won { 30 } else { 4 })).await;
        if is_won { Ok(()) } else { Err(conflict()) }
    }

    #[tokio::test(start_paused = true)]
    async fn sixty_four_transactions_that_want_the_same_three_items_all_get_them() {
        let patience = Patience::default();
        for seed in 0..40 {
            let (ids, items) = (dice(seed), [const { Mutex::new(()) }; 3]);
            let writers = (0..64).map(async |_| budget(&patience, &ids).answer(|| wins(&items, &ids)).await);
            let lost = join_all(writers).await.into_iter().filter(Result::is_err).count();
            assert_eq!(lost, 0, "seed {seed}");
        }
    }
}
