//! How large figures become: the months that a report reads have to fit into a page of DynamoDB's, a megabyte.

use casebridge_app::ports::store::Revision;
use casebridge_domain::journal::Principal;
use casebridge_domain::record::{Exclusion, Outcome};
use casebridge_domain::report::{Cover, Days, Month, Period, Scope};
use casebridge_domain::ticket::Facet;
use casebridge_domain::{CaseId, SessionRecord, Ticket};
use chrono::TimeDelta;
use futures::executor::block_on;
use uuid::Uuid;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, noon};
use crate::conformance::record::record;
use crate::conformance::recount::{day, month};
use crate::conformance::sessions::technician;
use crate::engine::{Counts, Engine, Item, MOST_READS, Written};
use crate::figures::additions;
use crate::keys;

const PAGE: usize = 1024 * 1024;

const TECHNICIANS: usize = 50;
const VALUES: usize = 30;

/// As DynamoDB counts: names and texts by their bytes, numbers by a byte for two digits and one more, and 100 bytes for
/// what every item has (developer guide, "DynamoDB item sizes and formats").
fn bytes_in_dynamodb(item: &Item) -> usize {
    let counts = Counts::parse(&item.body).unwrap();
    let counters = counts.counters().map(|(name, figure)| 1 + name.len() + figure.to_string().len().div_ceil(2) + 1);
    let labels = counts.labels().map(|(name, text)| 1 + name.len() + text.len());
    counters.sum::<usize>() + labels.sum::<usize>() + 100
}

/// As long as a value may be.
fn value(of: &str, n: usize) -> String {
    format!("{:x<80}", format!("{of} {:02} > ", n % VALUES))
}

/// A session with the n-th technician, values and day, which went in the n-th way.
fn session(n: usize, way: usize, shard: usize) -> SessionRecord {
    let [category, kind, priority, source] =
        ["Hardware", "Incident", "Priority", "Portal"].map(|of| Facet::parse(&value(of, n)).ok());
    let id = format!("0b9f7b2e-6c1d-4f0e-9d53-{n:012}");
    let like = record(technician(&id, &format!("Maximiliane Musterfrau {n}")));
    let exclusion = Exclusion { at: noon(), by: Principal::Operator, reason: None };
    SessionRecord {
        case: CaseId::new(Uuid::from_u128(shard as u128)),
        subject: Ticket { category, kind, priority, source, ..like.ticket().unwrap().clone() }.into(),
        online_at: Some(like.started_at + TimeDelta::seconds(3_599)),
        ended_at: like.started_at + TimeDelta::seconds(35_999),
        day: like.day + chrono::Days::new(u64::try_from(n % 31).unwrap()),
        outcome: if way == 0 { Outcome::Expired } else { like.outcome },
        excluded: (way == 1).then_some(exclusion),
        ..like
    }
}

/// Every technician, every value and every day in every way, in both shards.
async fn counted(engine: &dyn Engine) {
    for n in 0..TECHNICIANS {
        for (way, shard) in (0..3).flat_map(|way| [(way, 0), (way, 1)]) {
            let additions = additions(&session(n, way, shard), Revision(1));
            assert_eq!(additions.len(), 6);
            assert_eq!(engine.write(additions).await.unwrap(), Written::Done);
        }
    }
}

#[test]
fn twelve_months_or_years_of_fifty_technicians_and_thirty_values_are_a_page() {
    block_on(async {
        let stage = Stage::in_memory();
        counted(stage.engine()).await;
        let march = month("2100-03");
        for period in [Period::Month(march), Period::Year(march.year())] {
            let keys = keys::figures::all_of(&acme(), period, &Scope::Everyone.key());
            let items = stage.engine().read(&keys).await.unwrap();
            let sizes: Vec<usize> = items.iter().flatten().map(bytes_in_dynamodb).collect();
            assert_eq!(sizes.len(), 2, "everything had room");
            assert!(12 * sizes.iter().sum::<usize>() < PAGE, "{period}: {sizes:?} bytes");
        }
        let cover = Cover::of_months(&march.days());
        let figures = stage.store().figures(&acme(), &Scope::Everyone, &cover, None).await.unwrap();
        assert_eq!(figures.cells.len(), 1 + 4 * VALUES + TECHNICIANS + 31);
    });
}

#[test]
fn a_year_beginning_on_any_day_is_whole_or_twelve_months_and_few_days() {
    for n in 0..1461 {
        let from = day("2096-01-01") + chrono::Days::new(n);
        let cover = Cover::of(&Days::new(from, from + chrono::Days::new(365)).unwrap());
        let months = cover.months.iter().map(|(first, last)| {
            std::iter::successors(Some(*first), |month: &Month| Some(month.next()))
                .take_while(|month| month <= last)
                .count()
        });
        let months: Vec<usize> = months.collect();
        assert!(matches!((cover.years, &months[..]), (Some(_), []) | (None, [..=12])), "{from}: {cover:?}");
        assert!((cover.plus.len() + cover.minus.len()) * keys::figures::SHARDS.len() <= MOST_READS);
    }
}
