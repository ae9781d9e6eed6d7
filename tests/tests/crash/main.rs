//! `casebridge` killed with -9 at every named step, and at random under load. Sandbox and mail catcher survive.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test: it fails by panicking, and prints where it hit")]

mod aftermath;
mod installation;
mod journal;
mod vendor;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use casebridge_app::step::STEPS;
use futures::future::join_all;
use installation::Installation;
use tokio::task::JoinSet;
use vendor::{Story, Vendor};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn n2_a_crash_at_any_named_step_loses_nothing_and_doubles_nothing() {
    join_all(STEPS.map(a_crash_at)).await;
}

/// One story from play to stop, with a crash in the middle.
async fn a_crash_at(step: &'static str) {
    let installation = Installation::set_up().await;
    let vendor = Vendor::of(&installation);
    // The account is numbered before the story begins: let the crash be in the story.
    let passes = if step == "journal.numbered" { 4 } else { 0 };
    let process = installation.start_standing_still_at(step, passes).await;
    vendor.connect().await;
    let story = tokio::spawn(vendor.clone().tell(Story::numbered(1)));
    process.prints("stands still at", Duration::from_mins(1)).await.unwrap();
    process.kill().await;
    println!("hit {step}: 1");
    // At a step of other work the mail may have been sent just then, and nobody could have written it down any more.
    let output = process.output();
    let times = |step: &str| output.lines().filter(|line| line.ends_with(&format!("step {step}"))).count();
    let was_sending = !step.starts_with("mail.") && times("mail.sending") > times("mail.recorded");
    let process = installation.start().await;
    let told = story.await.unwrap();
    aftermath::is_quiet(&installation, &vendor).await;
    process.ask_to_end();
    process.exited().await;
    let copies_allowed = if step == "mail.sent" || was_sending { 2 } else { 1 };
    aftermath::is_whole(&installation, &[told], copies_allowed).await;
    journal::is_whole(&installation).await;
}

/// Kills during the load, and how many stories are begun meanwhile at most.
const KILLS: u64 = 50;
const STORIES_AT_ONCE: usize = 120;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn n2_fifty_crashes_under_load_lose_nothing_and_double_nothing() {
    let installation = Installation::set_up().await;
    let vendor = Arc::new(Vendor::of(&installation));
    let mut process = installation.start_telling_steps().await;
    vendor.connect().await;
    let mut stories = JoinSet::new();
    let mut told = Vec::new();
    let mut hits: BTreeMap<String, u32> = BTreeMap::new();
    let mut number = 0;
    let mut random = fastrand::Rng::with_seed(20_261_122);
    for _ in 0..KILLS {
        // A burst of stories, and a kill somewhere in it: waiting for a time is the point here.
        for _ in 0..12 {
            if stories.len() < STORIES_AT_ONCE {
                number += 1;
                stories.spawn((*vendor).clone().tell(Story::numbered(number)));
            }
        }
        tokio::time::sleep(Duration::from_millis(random.u64(20..500))).await;
        process.kill().await;
        let output = process.output();
        let last = output.lines().filter_map(|line| line.split_once("step ")).next_back();
        *hits.entry(last.map_or("no step", |(_, step)| step.trim()).to_owned()).or_default() += 1;
        process = installation.start_telling_steps().await;
        while let Some(story) = stories.try_join_next() {
            told.push(story.unwrap());
        }
    }
    told.extend(stories.join_all().await);
    aftermath::is_quiet(&installation, &vendor).await;
    process.ask_to_end();
    process.exited().await;
    println!("{} stories told through {KILLS} crashes; the last step before each:", told.len());
    for (step, count) in &hits {
        println!("hit {step}: {count}");
    }
    aftermath::is_whole(&installation, &told, 2).await;
    journal::is_whole(&installation).await;
}
