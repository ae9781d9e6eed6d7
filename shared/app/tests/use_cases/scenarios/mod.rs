//! Corners, one sentence each.

mod activation;
mod audit;
mod close_guard;
mod connection;
mod customer_link;
mod days;
mod deletion;
mod device_sessions;
mod doctor;
mod doctor_of_endpoints;
mod feed;
mod group;
mod hand_over;
mod help_request;
mod kept_items;
mod mail;
mod numbering;
mod play;
mod push;
mod rebuild;
mod records;
mod reports;
mod rush;
mod shares;
mod stop;
mod technicians;
mod vendor_values;
mod watch;

use casebridge_app::close_case::close_case;
use casebridge_app::open_case::{OpenCase, Opened, open_case};
use casebridge_app::reports::{Report, ReportWish, report};
use casebridge_domain::report::{Days, Dimension, Scope};
use casebridge_domain::{ServiceCase, TimeZone};
use chrono::TimeDelta;
use futures::FutureExt;
use futures::future::BoxFuture;

use crate::oracle::{opens, report_is_exact};
use crate::world::{Beginning, Helper, TestWorld, acme, play_of, stop, unkeyed};

impl TestWorld {
    /// A world whose first account is connected, in a time zone and at a moment.
    async fn at(zone: &str, at: &str) -> Self {
        let (time_zone, at) = (TimeZone::parse(zone).unwrap(), at.parse().unwrap());
        Self::connected_at(Beginning { at, time_zone, ..Beginning::default() }).await
    }

    /// Play on a ticket of acme's gives a new case.
    fn opened<'a>(&'a self, ticket: &'a str) -> BoxFuture<'a, ServiceCase> {
        self.played(play_of(ticket))
    }

    fn played(&self, wish: OpenCase) -> BoxFuture<'_, ServiceCase> {
        let open = async move {
            let desk = self.desk(&acme()).await;
            let opened = self.patiently(open_case(&desk, unkeyed(wish))).await.unwrap();
            let Opened::New(case) = opened else { panic!("{opened:?}") };
            case
        };
        open.boxed()
    }

    /// Stop on a case of acme's ends it.
    fn stopped(&self, case: ServiceCase) -> BoxFuture<'_, ServiceCase> {
        let stop = async move {
            let desk = self.desk(&acme()).await;
            close_case(&desk, case.id(), unkeyed(stop())).await.unwrap()
        };
        stop.boxed()
    }

    /// A session of acme's from play to stop.
    fn helped(&self, wish: OpenCase, seconds: i64) -> BoxFuture<'_, ServiceCase> {
        let help = async move {
            let case = self.played(wish).await;
            self.advance(TimeDelta::seconds(seconds));
            self.stopped(case).await
        };
        help.boxed()
    }

    /// Acme's report, which is what a plain count says, and whose every number opens the sessions behind it.
    async fn reported(&self, wish: &ReportWish) -> Report {
        let desk = self.desk(&acme()).await;
        let told = report(&desk, wish).await.unwrap();
        report_is_exact(&told, wish, &self.records(&acme()).await).unwrap();
        opens(&desk, wish).await.unwrap();
        told
    }
}

fn asked(from: &str, to: &str) -> ReportWish {
    let days = Days::new(from.parse().unwrap(), to.parse().unwrap()).unwrap();
    ReportWish { days, scope: Scope::Everyone, group_by: None }
}

fn asked_by(group_by: Dimension, from: &str, to: &str) -> ReportWish {
    ReportWish { group_by: Some(group_by), ..asked(from, to) }
}

fn asked_of(helper: Option<Helper>, from: &str, to: &str) -> ReportWish {
    ReportWish { scope: Scope::Technician(helper.map(Helper::id)), ..asked(from, to) }
}

/// Groups and how many sessions each has.
fn sessions(report: &Report) -> Vec<(Option<&str>, i64)> {
    report.groups.iter().map(|group| (group.value.as_deref(), group.tally.sessions())).collect()
}
