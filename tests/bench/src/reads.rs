//! How many cases a second can be read, against rows of the same size.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use anyhow::Context as _;

use crate::baseline::{Baseline, NewRow, remove_store};
use crate::client::{Ask, Line, rate_of, text_of};
use crate::figure::Figure;
use crate::product::{HelpDesk, Product, case_size};
use crate::{How, say};

/// Cases and rows that are read.
const KEPT: usize = 2000;

/// The share of the baseline's reads that the product should serve.
const TARGET: f64 = 0.6;

pub(crate) async fn measure(how: &How, connections: usize) -> anyhow::Result<Figure> {
    let files = ["reads-product.db", "reads-baseline.db"].map(|name| how.folder.join(name));
    for file in &files {
        remove_store(file)?;
    }
    let [product_file, baseline_file] = &files;
    let product = Product::start(product_file).await?;
    let desk = product.sign_up(1).await?.pop().context("one was made")?;
    let cases = play_all(&product, &desk).await?;
    let bytes = case_size(product_file)?;
    let baseline = Baseline::start(baseline_file).await?;
    let rows = baseline.fill(KEPT, &NewRow::of_size(bytes)).await?;
    say(&format!("reads: {KEPT} of {bytes} bytes, {connections} connections"));

    let case_keys = vec![desk.reader_key.clone(); connections];
    let row_keys = vec![baseline.key.clone(); connections];
    let span = how.pick(Duration::from_secs(3), Duration::from_secs(1));
    let name = format!("reads, {connections} connections");
    let mut figure = Figure::new(name, "cases read per second", "baseline: rows read per second", TARGET);
    for round in 0..=how.rounds() {
        let of_row = in_turn(rows.clone(), |row| Ask::get(format!("/rows/{row}")));
        let rows = rate_of(baseline.address, &row_keys, span, of_row).await?;
        let desk = desk.clone();
        let of_case = in_turn(cases.clone(), move |case| desk.case(case));
        let cases = rate_of(product.address, &case_keys, span, of_case).await?;
        // The first is to warm up.
        if round > 0 {
            figure.round(rows, cases);
        }
    }
    Ok(figure)
}

async fn play_all(product: &Product, desk: &HelpDesk) -> anyhow::Result<Vec<String>> {
    let mut line = Line::open(product.address, &desk.technician_key).await?;
    let mut cases = Vec::with_capacity(KEPT);
    for number in 0..KEPT {
        let opened = line.ask(desk.play(&format!("INC-{number}"), "rita@example.com")).await?;
        cases.push(text_of(&opened, "id")?);
    }
    Ok(cases)
}

/// Asks for one after another, with a stride so that neighbours in time are no neighbours in the file.
fn in_turn(ids: Vec<String>, ask: impl Fn(&str) -> Ask) -> impl Fn(usize) -> Ask {
    let turn = AtomicUsize::new(0);
    move |_| ask(&ids[turn.fetch_add(7919, Relaxed) % ids.len()])
}
