//! How many cases a second can be opened and closed, with everything that they owe, against durable rows.
//!
//! A pair is done when its letter was taken by the mail server, its case is closed, and nothing is due any more.

use std::time::{Duration, Instant};

use anyhow::ensure;
use casebridge_app::World;
use casebridge_app::ports::store::Due;
use chrono::TimeDelta;
use futures::future::try_join_all;
use tokio::task::JoinSet;

use crate::baseline::{Baseline, NewRow, remove_store};
use crate::client::{Ask, Line, rate_of};
use crate::figure::Figure;
use crate::product::{Count, Gone, PostRoom, Product, case_size};
use crate::stopwatch::{Rate, Stopwatch};
use crate::{How, disk, say};

mod player;

use player::Player;

/// The share of the baseline's commits that the product should make as pairs.
const TARGET: f64 = 0.1;

/// What is still owed after so long is a fault.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) async fn measure(how: &How, connections: usize) -> anyhow::Result<Figure> {
    let files = ["pairs-product.db", "pairs-baseline.db"].map(|name| how.folder.join(name));
    for file in &files {
        remove_store(file)?;
    }
    let [product_file, baseline_file] = &files;
    let product = Product::start(product_file).await?;
    let (post_room, gone) = PostRoom::of(connections);
    let working = product.work(post_room);
    let mut players = sign_up(&product, how, gone).await?;
    // The first round is to warm up, and shows how large a case is.
    let pairs = (how.pick(200, 32) * u32::try_from(connections)?).max(how.pick(600, 100));
    play(&product, &mut players, pairs).await?;
    let bytes = case_size(product_file)?;
    let baseline = Baseline::start(baseline_file).await?;
    let keys = vec![baseline.key.clone(); connections];
    let new = serde_json::to_value(NewRow::of_size(bytes))?;
    let row = move |_| Ask::make("/rows".to_owned(), &new);
    let span = how.pick(Duration::from_secs(3), Duration::from_secs(1));
    say(&format!(
        "pairs: {pairs} a round in {} accounts, rows of {bytes} bytes, {connections} connections",
        how.accounts
    ));

    rate_of(baseline.address, &keys, span, row.clone()).await?;
    let name = format!("pairs, {connections} connections");
    let mut figure =
        Figure::new(name, "pairs of play and stop per second", "baseline: durable rows per second", TARGET);
    for _ in 0..how.rounds() {
        let transactions = baseline.transactions();
        let begun = Instant::now();
        let rows = rate_of(baseline.address, &keys, span, row.clone()).await?;
        let transactions = f64::from(baseline.transactions() - transactions) / begun.elapsed().as_secs_f64();
        let before = Before::now(&product, how);
        let rate = play(&product, &mut players, pairs).await?;
        figure.round_of(rows, rate, transactions);
        figure.note("baseline: commits per second", transactions);
        figure.note("pairs for each of its rows", rate.per_second / rows.per_second);
        before.note(&mut figure, pairs, &Before::now(&product, how));
    }
    working.send_replace(true);
    Ok(figure)
}

/// Players on a connection each, over the accounts in turn.
async fn sign_up(product: &Product, how: &How, gone: Vec<Gone>) -> anyhow::Result<Vec<Player>> {
    let desks = product.sign_up(how.accounts).await?;
    let players = gone.into_iter().zip(desks.iter().cycle()).enumerate().map(async |(number, (gone, desk))| {
        let line = Line::open(product.address, &desk.technician_key).await?;
        anyhow::Ok(Player::new(number, line, desk.clone(), gone))
    });
    try_join_all(players).await
}

/// Plays and stops so many altogether, until nothing is owed: how fast that was.
async fn play(product: &Product, players: &mut Vec<Player>, pairs: u32) -> anyhow::Result<Rate> {
    let each = pairs / u32::try_from(players.len())?;
    let all = each * u32::try_from(players.len())?;
    let watch = Stopwatch::start();
    let mut tasks = JoinSet::new();
    for player in players.drain(..) {
        tasks.spawn(player.play(each));
    }
    while let Some(player) = tasks.join_next().await {
        players.push(player??);
    }
    nothing_owed(product).await?;
    Ok(watch.stop(all))
}

/// Waits until all letters are on record, everything that happened has its number, and no turn of the watch is due.
async fn nothing_owed(product: &Product) -> anyhow::Result<()> {
    let begun = Instant::now();
    let World { store, clock, .. } = &product.world;
    loop {
        let now = clock.now();
        // What is in hand is due later, by its lease; a turn that is not due now is the watch's next one.
        let work = store.due(now + TimeDelta::days(2), usize::MAX / 2).await?;
        let is_turn = |due: &Due| matches!(due, Due::Tick(_));
        if work.iter().all(is_turn) && store.due(now, 1).await?.is_empty() {
            return Ok(());
        }
        ensure!(begun.elapsed() < PATIENCE, "something is still owed: {:?}", work.iter().find(|due| !is_turn(due)));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The counts of the product and of the disk at one moment.
struct Before {
    count: Count,
    flushes: Option<f64>,
    bytes: Option<f64>,
}

impl Before {
    fn now(product: &Product, how: &How) -> Self {
        Self { count: product.counts.now(), flushes: disk::flushes(&how.folder), bytes: disk::bytes_written() }
    }

    /// Notes per pair what was counted since.
    fn note(self, figure: &mut Figure, pairs: u32, after: &Self) {
        let count = after.count.since(self.count);
        for (name, number) in [
            ("commits per pair", count.commits),
            ("refused writes per pair", count.refused),
            ("items written per pair", count.items),
            ("reads per pair", count.reads),
            ("queries per pair", count.queries),
        ] {
            figure.note(name, f64::from(number) / f64::from(pairs));
        }
        if let (Some(before), Some(after)) = (self.flushes, after.flushes) {
            figure.note("flushes of the disk per pair", (after - before) / f64::from(pairs));
        }
        if let (Some(before), Some(after)) = (self.bytes, after.bytes) {
            figure.note("kB written per pair", (after - before) / 1000.0 / f64::from(pairs));
        }
    }
}
