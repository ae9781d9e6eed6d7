//! Who does what with what the function is told.

use std::collections::HashSet;

use casebridge_app::Outside;
use casebridge_app::World;
use casebridge_app::push::Feeds;
use casebridge_domain::key::Owner;
use casebridge_domain::{AccountId, Instant};
use casebridge_host::function::{Answer, Queue, Record, Told};
use casebridge_mail::SesMailer;
use casebridge_store::Chore;
use futures::future::{join, join5, try_join3};

use crate::{lapses, letters, numbering, pushes};

/// What it works with.
pub(crate) struct Relay {
    pub(crate) world: World,
    pub(crate) mailer: SesMailer,
    /// Letters wait here until they are due. A slow SES then holds up no numbers.
    pub(crate) letters: Queue,
    /// Turns of the watch, for the watch.
    pub(crate) turns: Queue,
    /// Lanes of endpoints, for those who push.
    pub(crate) lanes: Queue,
    /// What was read of feeds.
    pub(crate) feeds: Feeds,
}

impl Relay {
    /// Numbers, delivers, settles and passes on what the records tell of. Names those that are to be told again: what may succeed
    /// another time, and what nobody can read, for it belongs where somebody looks at it.
    pub(crate) async fn told(&self, records: &[Record]) -> Answer {
        let unreadable: Vec<&Record> = records.iter().filter(|record| record.is_unreadable()).collect();
        let woken: HashSet<Owner> = records.iter().filter_map(Record::wakes).collect();
        let freed: HashSet<AccountId> = records.iter().filter_map(Record::frees).collect();
        let brought = records.iter().filter_map(|record| match record.told() {
            Told::Chore(Chore::Letter(account, letter)) => Some((account.clone(), *letter)),
            _ => None,
        });
        let reports = records.iter().filter_map(|record| match record.told() {
            Told::Report(reported) => Some(reported),
            _ => None,
        });
        let followed: HashSet<Owner> = records.iter().filter_map(Record::tells).collect();
        let numbered = join5(
            numbering::number(&self.world, woken),
            self.pass_on(records),
            lapses::settle(&self.world, freed),
            letters::deliver(self, brought.collect()),
            letters::record(self, reports.collect()),
        );
        let pushes = pushes::tell(&self.world, &self.feeds, &self.lanes, followed);
        let ((unnumbered, untold, unsettled, (), unrecorded), not_told) = join(numbered, pushes).await;
        let is_left = |record: &Record| {
            record.wakes().is_some_and(|owner| unnumbered.contains(&owner))
                || record.tells().is_some_and(|owner| not_told.contains(&owner))
                || record.frees().is_some_and(|account| unsettled.contains(&account))
                || matches!(record.told(), Told::Report(reported) if unrecorded.contains(&reported))
                || (is_new(record) && record.chores().iter().any(|chore| untold.contains(chore)))
        };
        Answer::again(unreadable.into_iter().chain(records.iter().filter(|record| is_left(record))))
    }

    /// Numbers and delivers everything that is due, until `deadline`.
    pub(crate) async fn look(&self, deadline: Instant) -> Result<(), Outside> {
        let pushes = pushes::due(&self.world, &self.feeds, &self.lanes);
        try_join3(numbering::due(&self.world), letters::due(self, deadline), pushes).await.map(drop)
    }

    /// Leaves messages about what the stream tells of. Gives what could not be left.
    async fn pass_on(&self, records: &[Record]) -> HashSet<Chore> {
        let chores: HashSet<Chore> = records.iter().filter(|record| is_new(record)).flat_map(Record::chores).collect();
        let (letters, turns): (Vec<_>, Vec<_>) =
            chores.into_iter().partition(|chore| matches!(chore, Chore::Letter(..)));
        let (mut left, turns_left) = join(self.letters.send(&letters), self.turns.send(&turns)).await;
        left.extend(turns_left);
        left
    }
}

fn is_new(record: &Record) -> bool {
    matches!(record.told(), Told::New(_))
}
