//! What a device's readiness and a page of devices cost among a hundred thousand devices, and what reporting them does.

use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use casebridge_app::Desk;
use casebridge_app::devices::report_many;
use casebridge_domain::device::{AppFacts, DeviceFacts, HostFacts, Management, Platform, Reported, Version};
use casebridge_domain::journal::Principal;
use casebridge_domain::{AccountId, DeviceId, Text};
use casebridge_store_sqlite::{Options, SqliteEngine};

use crate::baseline::remove_store;
use crate::client::{Ask, Line, text_of};
use crate::figure::{Measured, Series, verdict};
use crate::full_store::{ACCOUNT, sign_up};
use crate::product::{serve_store, world_on};
use crate::{How, say};

const FEW: u32 = 1_000;
const MANY: u32 = 100_000;

/// As many as one call reports.
const AT_ONCE: u32 = 10_000;

/// An answer among many devices may take so many times as long as one among few.
const TARGET: f64 = 1.2;

/// How long one answer takes among few devices and among many.
pub(crate) struct AmongMany {
    name: &'static str,
    few: Series,
    many: Series,
    ratio: Series,
}

/// A device as vendors report them; every tenth runs iOS, every hundredth has the Host app.
fn device(number: u32) -> anyhow::Result<(DeviceId, DeviceFacts)> {
    let ios = number.is_multiple_of(10);
    let app = AppFacts {
        installed: Some(true),
        distributed: Some(true),
        allow_listed: Some(true),
        managed: Some(true),
        version: Some(Version::parse("15.50.112")?),
    };
    let host = HostFacts { app: app.clone(), ..HostFacts::default() };
    let reported = Reported {
        name: Some(Text::parse(&format!("Scanner {number}"))?),
        os_version: Some(Version::parse("14")?),
        maker: Some(Text::parse(if ios { "Apple" } else { "Zebra" })?),
        management: Some(Management::Enrolled),
        quicksupport: app,
        host: if number % 100 == 1 { host } else { HostFacts::default() },
        eula_accepted: Some(true),
        ..Reported::nothing_but(if ios { Platform::Ios } else { Platform::Android })
    };
    Ok((DeviceId::parse(&id(number))?, DeviceFacts::accept(reported)?))
}

fn id(number: u32) -> String {
    format!("0b9f7b2e-6c1d-4f0e-9d53-{number:012}")
}

pub(crate) async fn measure(how: &How) -> anyhow::Result<Vec<AmongMany>> {
    let mut few = open(how, FEW).await?;
    let mut many = open(how, MANY).await?;
    let times = how.pick(200, 20);
    say(&format!("devices: {FEW} and {MANY} devices, {times} of each request in a round, in turn"));
    let path = |rest: &str| format!("/v1/accounts/{ACCOUNT}/devices{rest}");
    let far = [halfway(&mut few, FEW).await?, halfway(&mut many, MANY).await?];
    let same = |path: String| [path.clone(), path];
    let questions = [
        ("a device's readiness", same(path(&format!("/{}/readiness", id(77))))),
        ("the first page of a hundred", same(path("?limit=100"))),
        ("a page of a hundred from the middle", far.map(|cursor| path(&format!("?limit=100&cursor={cursor}")))),
        ("a page of ten with the Host app", same(path("?limit=10&mode=unattended"))),
    ];
    let mut answers = Vec::new();
    for (name, [of_few, of_many]) in questions {
        let mut answer = AmongMany { name, few: Series::default(), many: Series::default(), ratio: Series::default() };
        for round in 0..=how.rounds() {
            let [mut among_few, mut among_many] = [Series::default(), Series::default()];
            for _ in 0..times {
                among_few.push(milliseconds(&mut few, &of_few).await?);
                among_many.push(milliseconds(&mut many, &of_many).await?);
            }
            // The first is to warm up.
            if round > 0 {
                answer.few.push(among_few.median());
                answer.many.push(among_many.median());
                answer.ratio.push(among_many.median() / among_few.median());
            }
        }
        answers.push(answer);
    }
    Ok(answers)
}

/// Where half of the devices were listed.
async fn halfway(line: &mut Line, devices: u32) -> anyhow::Result<String> {
    let mut cursor = String::new();
    for _ in 0..devices / 200 {
        let path = format!("/v1/accounts/{ACCOUNT}/devices?limit=100&cursor={cursor}");
        cursor = text_of(&line.ask(Ask::get(path)).await?, "next")?;
    }
    Ok(cursor)
}

async fn milliseconds(line: &mut Line, path: &str) -> anyhow::Result<f64> {
    let begun = Instant::now();
    line.ask(Ask::get(path.to_owned())).await?;
    Ok(begun.elapsed().as_secs_f64() * 1000.0)
}

async fn open(how: &How, devices: u32) -> anyhow::Result<Line> {
    let file = how.folder.join(format!("devices-{devices}.db"));
    let reader_key = filled(&file, devices).await?;
    Line::open(serve_store(&file).await?, &reader_key).await
}

/// Anew each time: how long that takes is a figure too.
async fn filled(file: &Path, devices: u32) -> anyhow::Result<String> {
    remove_store(file)?;
    let engine = Arc::new(SqliteEngine::open(file, Options::default())?);
    let world = world_on(engine.clone());
    let reader_key = sign_up(&world).await?;
    let desk = Desk::open(&world, &AccountId::parse(ACCOUNT)?, Principal::Operator).await?.context("no account")?;
    let mut calls = Series::default();
    for first in (0..devices).step_by(AT_ONCE as usize) {
        let reported = (first..devices.min(first + AT_ONCE)).map(device).collect::<anyhow::Result<Vec<_>>>()?;
        let begun = Instant::now();
        report_many(&desk, reported).await?;
        calls.push(begun.elapsed().as_secs_f64());
    }
    engine.close().await?;
    let megabytes = fs::metadata(file)?.len() / 1_000_000;
    let each = devices.min(AT_ONCE);
    say(&format!("devices: {each} reported at once took {} s; {devices} are {megabytes} MB", calls.show(2)));
    Ok(reader_key)
}

impl Measured for AmongMany {
    fn is_met(&self) -> bool {
        self.ratio.median() <= TARGET
    }
}

impl fmt::Display for AmongMany {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "devices, {}: median (least to most) of the rounds' medians", self.name)?;
        writeln!(f, "  {:<36} {}", format!("ms among {FEW}"), self.few.show(2))?;
        writeln!(f, "  {:<36} {}", format!("ms among {MANY}"), self.many.show(2))?;
        let verdict = verdict(self.is_met());
        writeln!(f, "  {:<36} {}, target at most {TARGET:.2}: {verdict}", "ratio", self.ratio.show(3))
    }
}
