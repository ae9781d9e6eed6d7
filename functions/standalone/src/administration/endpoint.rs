//! `casebridge endpoint`: where an account or a vendor has events pushed to.

use casebridge_app::World;
use casebridge_app::endpoints::{EndpointChange, EndpointView, Endpoints, GoOn, NewEndpoint, ReplayWish};
use casebridge_domain::endpoint::{
    Delivery, EndpointState, EndpointUrl, EventFilter, EventPattern, Outcome, Range, SigningMethod,
};
use casebridge_domain::journal::Principal;
use casebridge_domain::key::Owner;
use casebridge_domain::time::rfc3339;
use casebridge_domain::{EndpointId, Malformed, Text};
use casebridge_host::function::reach_from_environment;
use clap::{Args, Subcommand};
use secrecy::ExposeSecret as _;

use super::{Where, Whose, beside_the_server, beside_the_server_with_key, desk, lanes_of_table, say};

/// What can be done with endpoints, while the installation is being served.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Makes an endpoint and prints its id and its secret, this once. On a table it seals the secret with the functions' key, which the
    /// environment names: `CASEBRIDGE_KMS_KEY`.
    Add(Add),
    /// Lists endpoints: id, state, URL, events.
    List(List),
    /// Switches an endpoint on; what happened meanwhile is pushed.
    On(On),
    /// Switches an endpoint off.
    Off(One),
    /// Gives an endpoint another secret and prints it, this once. The one before signs as well for a day. On a table it needs the
    /// key, as `add` does.
    Rotate(One),
    /// Has a test pushed. What became of it is among the deliveries.
    Test(One),
    /// Lists the last attempts, what is to be tried again, and what was given up.
    Deliveries(One),
    /// Pushes events once more.
    Replay(Replay),
    /// Removes an endpoint.
    Remove(One),
}

/// A new endpoint.
#[derive(Debug, Args)]
pub struct Add {
    #[command(flatten)]
    at: Where,
    #[command(flatten)]
    whose: Whose,
    /// Where events are pushed to.
    #[arg(long)]
    url: String,
    /// Which events, such as `case.closed` or `case.*`; may be said several times. All of them if left out.
    #[arg(long)]
    events: Vec<String>,
    /// What it is for.
    #[arg(long)]
    description: Option<String>,
    /// hmac or ed25519.
    #[arg(long, default_value = "hmac")]
    signing: String,
}

/// Whose endpoints.
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    at: Where,
    #[command(flatten)]
    whose: Whose,
}

/// Which endpoint.
#[derive(Debug, Args)]
pub struct One {
    #[command(flatten)]
    at: Where,
    #[command(flatten)]
    whose: Whose,
    /// The endpoint's id, as `list` shows it.
    #[arg(long)]
    id: String,
}

/// An endpoint that is to go on.
#[derive(Debug, Args)]
pub struct On {
    #[command(flatten)]
    one: One,
    /// Begins with what happens from now on.
    #[arg(long)]
    from_now: bool,
}

/// What is to be pushed once more.
#[derive(Debug, Args)]
pub struct Replay {
    #[command(flatten)]
    one: One,
    /// The first event's number in the feed.
    #[arg(long)]
    from: u64,
    /// The last one's; the newest if left out.
    #[arg(long)]
    to: Option<u64>,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add(add) => make(add).await,
        Command::List(list) => {
            with(&list.at, &list.whose, async |endpoints| {
                show(&endpoints.list().await?);
                Ok(())
            })
            .await
        }
        Command::On(on) => {
            let go_on = if on.from_now { GoOn::Now } else { GoOn::WhereItStopped };
            switch(&on.one, true, go_on).await
        }
        Command::Off(one) => switch(&one, false, GoOn::default()).await,
        Command::Rotate(one) => {
            let id = one.id()?;
            with_key(&one.at, &one.whose, async |endpoints| {
                say(endpoints.rotate(id).await?.1.for_receiver().expose_secret());
                Ok(())
            })
            .await
        }
        Command::Test(one) => {
            with_one(&one, async |endpoints, id| {
                say(&endpoints.test(id).await?.id);
                Ok(())
            })
            .await
        }
        Command::Deliveries(one) => with_one(&one, deliveries).await,
        Command::Replay(replay) => push_again(replay).await,
        Command::Remove(one) => {
            with_one(&one, async |endpoints, id| {
                anyhow::ensure!(endpoints.delete(id).await?, "there is no such endpoint");
                say("removed");
                Ok(())
            })
            .await
        }
    }
}

async fn make(add: Add) -> anyhow::Result<()> {
    let said = |option: &'static str| move |fault: Malformed| anyhow::anyhow!("--{option} {fault}");
    let types = casebridge_http::events::types();
    let patterns = add.events.iter().map(|raw| types.parse(raw)).collect::<Result<_, _>>();
    let wish = NewEndpoint {
        url: EndpointUrl::parse(&add.url).map_err(said("url"))?,
        filter: patterns.and_then(EventFilter::of).map_err(said("events"))?,
        description: add.description.as_deref().map(Text::parse).transpose().map_err(said("description"))?,
        signing: SigningMethod::parse(&add.signing).map_err(said("signing"))?,
    };
    with_key(&add.at, &add.whose, async |endpoints| {
        let made = endpoints.make(wish, None).await?;
        say(&made.endpoint.id.to_string());
        if let Some(secret) = made.secret {
            say(secret.for_receiver().expose_secret());
        }
        Ok(())
    })
    .await
}

async fn switch(one: &One, on: bool, go_on: GoOn) -> anyhow::Result<()> {
    with_one(one, async |endpoints, id| {
        let change = EndpointChange { on: Some(on), go_on, ..EndpointChange::default() };
        show(&[endpoints.change(id, &change).await?]);
        Ok(())
    })
    .await
}

async fn push_again(replay: Replay) -> anyhow::Result<()> {
    let wish = match replay.to {
        Some(to) => ReplayWish::Numbers(
            Range::new(replay.from, to).map_err(|fault| anyhow::anyhow!("--from and --to {fault}"))?,
        ),
        None => ReplayWish::Since(replay.from),
    };
    with_one(&replay.one, async |endpoints, id| {
        let range = endpoints.replay(id, wish).await?;
        say(&format!("{} to {}", range.first(), range.last()));
        Ok(())
    })
    .await
}

async fn deliveries(endpoints: &Endpoints, id: EndpointId) -> anyhow::Result<()> {
    let found = endpoints.deliveries(id).await?;
    for delivery in found.view.lane.iter().flat_map(|lane| lane.recent().newest_first()) {
        say(&attempt(delivery));
    }
    for retry in found.retries {
        let (number, attempts, due) = (retry.number, retry.attempts, rfc3339(retry.due));
        say(&format!("{number} is tried again at {due}, after {attempts} attempts"));
    }
    for given_up in found.undelivered {
        say(&format!("{} was given up at {}", given_up.number, rfc3339(given_up.due)));
    }
    Ok(())
}

fn attempt(delivery: &Delivery) -> String {
    let Delivery { kind, attempt, at, took_ms, outcome, .. } = delivery;
    let number = delivery.number.map(|number| number.to_string()).unwrap_or_default();
    let outcome = match outcome {
        Outcome::Answered { status, .. } => status.to_string(),
        Outcome::TimedOut => "no answer in time".to_owned(),
        Outcome::Refused { why } | Outcome::Unreachable { why } => why.as_str().to_owned(),
    };
    format!("{}  {number:>8}  {kind:<24}  attempt {attempt}  {outcome}  {took_ms} ms", rfc3339(*at))
}

fn show(found: &[EndpointView]) {
    for EndpointView { endpoint, .. } in found {
        let state = match endpoint.state {
            EndpointState::On => "on",
            EndpointState::Off { .. } => "off",
            EndpointState::Disabled { why, .. } => why.name(),
        };
        let events: Vec<&str> = endpoint.filter.patterns().iter().map(EventPattern::as_str).collect();
        say(&format!("{}  {state:<8}  {}  {}", endpoint.id, endpoint.url, events.join(" ")));
    }
}

impl One {
    fn id(&self) -> anyhow::Result<EndpointId> {
        EndpointId::parse(&self.id).map_err(|fault| anyhow::anyhow!("--id {fault}"))
    }
}

async fn with_one(
    one: &One,
    work: impl AsyncFnOnce(&Endpoints, EndpointId) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let id = one.id()?;
    with(&one.at, &one.whose, async |endpoints| work(endpoints, id).await).await
}

async fn with(
    at: &Where,
    whose: &Whose,
    work: impl AsyncFnOnce(&Endpoints) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    beside_the_server(at, async |world| work(&endpoints_of(world, at, whose).await?).await).await
}

/// The same for what seals secrets.
async fn with_key(
    at: &Where,
    whose: &Whose,
    work: impl AsyncFnOnce(&Endpoints) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    beside_the_server_with_key(at, async |world| work(&endpoints_of(world, at, whose).await?).await).await
}

async fn endpoints_of(world: World, at: &Where, whose: &Whose) -> anyhow::Result<Endpoints> {
    let owner = whose.owner()?;
    let (reach, lanes) = match (at.load()?, &at.table) {
        (Some(config), _) => (config.push, None),
        (None, Some(table)) => (reach_from_environment()?, lanes_of_table(table)?),
        (None, None) => (reach_from_environment()?, None),
    };
    if let Owner::Account(account) = &owner {
        desk(&world, account).await?;
    }
    Ok(Endpoints::of(world, owner, Principal::Operator, reach).notifying(lanes))
}
