//! The product as it runs: the same scenarios ask either host.

mod cloud;
mod on_prem;
mod stack;
mod table;

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context as _, bail};
use casebridge_store::{Key, woken_by};
use serde_json::{Value, json};

pub use self::{
    cloud::{CONFIGURATION_SET, Cloud, METRICS, TABLE},
    on_prem::{Checked, OnPrem, Settings},
    stack::Stack,
};
use crate::{api::Api, help_desk::HelpDesk, test_kit::TestKit, until::until};

/// The vendor whose key every host has.
pub const VENDOR: &str = "boss";

/// Another vendor, whose key every host has as well.
pub const RIVAL: &str = "rival";

/// How long numbering may take; busy machines are slow.
const NUMBERED_WITHIN: Duration = Duration::from_secs(30);

/// One running host with the test kit it talks to.
#[derive(Debug)]
pub struct Host {
    side: Side,
    kit: TestKit,
    vendor: Api,
    rival: Api,
}

#[derive(Debug)]
enum Side {
    OnPrem(Box<OnPrem>),
    Cloud(Box<Cloud>),
    Stack(Box<Stack>),
}

fn waits_for_numbers(place: &str) -> bool {
    let key = place.split_once(' ').map(|(pk, sk)| Key { partition: pk.to_owned(), sort: sk.to_owned() });
    key.is_some_and(|key| woken_by(&key).is_some())
}

impl Host {
    /// One process on its embedded store.
    pub async fn on_prem() -> anyhow::Result<Self> {
        let kit = TestKit::start().await?;
        let host = OnPrem::start(&kit, &Settings::default()).await?;
        let (vendor, rival) = (host.api().with_key(host.vendor_key()), host.api().with_key(host.rival_key()));
        Ok(Self { side: Side::OnPrem(Box::new(host)), kit, vendor, rival })
    }

    /// The functions on a table.
    pub async fn cloud() -> anyhow::Result<Self> {
        let kit = TestKit::start().await?;
        let host = Cloud::start(&kit).await?;
        let (vendor, rival) = (host.api().with_key(host.vendor_key()), host.api().with_key(host.rival_key()));
        Ok(Self { side: Side::Cloud(Box::new(host)), kit, vendor, rival })
    }

    /// The template and the functions, deployed.
    pub async fn stack() -> anyhow::Result<Self> {
        let kit = TestKit::start().await?;
        let host = Stack::start(&kit).await?;
        let (vendor, rival) = (host.api().with_key(host.vendor_key()), host.api().with_key(host.rival_key()));
        Ok(Self { side: Side::Stack(Box::new(host)), kit, vendor, rival })
    }

    /// The test kit.
    pub fn kit(&self) -> &TestKit {
        &self.kit
    }

    /// The API with the vendor's own key.
    pub fn vendor(&self) -> &Api {
        &self.vendor
    }

    /// The API with the other vendor's key.
    pub fn rival(&self) -> &Api {
        &self.rival
    }

    /// Every item that is kept, by its place, once everything that happened has its numbers; but for what the watch keeps
    /// for itself: that changes whenever it looks.
    pub async fn kept(&self) -> anyhow::Result<BTreeMap<String, String>> {
        let numbered = until(NUMBERED_WITHIN, async || {
            let kept = match &self.side {
                Side::OnPrem(host) => host.kept(),
                Side::Cloud(host) => host.kept().await,
                Side::Stack(host) => host.kept().await,
            };
            Some(kept).filter(|kept| !kept.as_ref().is_ok_and(|kept| kept.keys().any(|place| waits_for_numbers(place))))
        });
        let mut kept = numbered.await.context("something waits for its numbers in vain")??;
        kept.retain(|place, _| !place.ends_with(" TICK") && !place.ends_with(" WATCH"));
        Ok(kept)
    }

    /// Runs a command of the operator's beside what serves.
    pub async fn check(&self, words: &[&str]) -> anyhow::Result<Checked> {
        match &self.side {
            Side::OnPrem(host) => host.check(words).await,
            Side::Cloud(host) => host.check(words).await,
            Side::Stack(host) => host.check(words).await,
        }
    }

    /// The one process, where it is one.
    pub fn one_process(&self) -> anyhow::Result<&OnPrem> {
        match &self.side {
            Side::OnPrem(host) => Ok(host),
            Side::Cloud(_) | Side::Stack(_) => bail!("there are several processes here"),
        }
    }

    /// The functions, where they are.
    pub fn functions(&self) -> anyhow::Result<&Cloud> {
        match &self.side {
            Side::OnPrem(_) | Side::Stack(_) => bail!("there are no functions at hand here"),
            Side::Cloud(host) => Ok(host),
        }
    }

    /// The deployed stack, where it is one.
    pub fn deployed(&self) -> anyhow::Result<&Stack> {
        match &self.side {
            Side::OnPrem(_) | Side::Cloud(_) => bail!("nothing is deployed here"),
            Side::Stack(host) => Ok(host),
        }
    }

    /// An account that is connected to the sandbox's own company.
    pub async fn help_desk(&self, account: &str) -> anyhow::Result<HelpDesk> {
        self.help_desk_with(account, &json!({})).await
    }

    /// The same, with further settings.
    pub async fn help_desk_with(&self, account: &str, settings: &Value) -> anyhow::Result<HelpDesk> {
        let desk = HelpDesk::open(&self.vendor, account, settings).await?;
        desk.connect(&self.kit.script_token).await?.expect(200).context("the account can't be connected")?;
        Ok(desk)
    }

    /// What its processes have printed.
    pub fn output(&self) -> String {
        match &self.side {
            Side::OnPrem(host) => host.output(),
            Side::Cloud(host) => host.output(),
            Side::Stack(host) => host.output(),
        }
    }
}
