//! `casebridge doctor`: what is wrong, and how to mend it.

use std::error::Error;

use casebridge_app::World;
use casebridge_app::doctor::{Complaint, Severity, examine};
use casebridge_domain::AccountId;
use casebridge_host::function::{Network, Table, chain, examine_table};
use clap::Args;

use super::{Finding, Where, Whose, accounts_of, beside_the_server, desk, say};
use crate::config::Mail;
use crate::serve::mailer;

/// Whom the doctor looks at.
#[derive(Debug, Args)]
pub struct Doctor {
    #[command(flatten)]
    at: Where,
    #[command(flatten)]
    whose: Whose,
}

/// The installation first, then each account.
pub(crate) async fn run(doctor: Doctor) -> anyhow::Result<Finding> {
    let owner = doctor.whose.owner()?;
    let of_installation = installation(&doctor.at).await?;
    beside_the_server(&doctor.at, async |world| {
        let mut finding = of_installation;
        for account in accounts_of(&world, owner).await? {
            if account_is_off(&world, &account).await? {
                finding = Finding::Off;
            }
        }
        Ok(finding)
    })
    .await
}

async fn installation(at: &Where) -> anyhow::Result<Finding> {
    let faults = match (at.load()?, &at.table) {
        (Some(config), _) => of_mail(config.mail).await?,
        (None, Some(name)) => {
            let network = Network::of_operator().map_err(anyhow::Error::from_boxed)?;
            let found = examine_table(&Table::named(name)?, &network).await.map_err(anyhow::Error::from_boxed)?;
            report(&format!("table {name}"), &found);
            found
        }
        (None, None) => Vec::new(),
    };
    Ok(if faults.is_empty() { Finding::Well } else { Finding::Off })
}

/// Signs in to the mail server, and sends nothing.
async fn of_mail(mail: Option<Mail>) -> anyhow::Result<Vec<String>> {
    let (place, faults) = match mail {
        None => (
            "mail".to_owned(),
            vec!["no mail server is set: letters stay queued; see [mail] of the configuration".to_owned()],
        ),
        Some(mail) => {
            let place = format!("mail server {}", mail.host);
            let checked = mailer(mail)?.check().await;
            (place, checked.err().map(|error| chain(&error as &dyn Error)).into_iter().collect())
        }
    };
    report(&place, &faults);
    Ok(faults)
}

fn report(place: &str, faults: &[String]) {
    if faults.is_empty() {
        say(&format!("{place}: well"));
    }
    for fault in faults {
        say(&format!("{place}: wrong: {fault}"));
    }
}

/// Says what was found, and whether anything of it is wrong.
async fn account_is_off(world: &World, account: &AccountId) -> anyhow::Result<bool> {
    let findings = examine(&desk(world, account).await?).await?;
    let is_wrong = |complaint: Complaint| complaint.severity() == Severity::Wrong;
    if !findings.iter().any(|finding| is_wrong(finding.complaint)) {
        say(&format!("account {account}: well"));
    }
    for finding in &findings {
        let complaint = finding.complaint;
        let detail = finding.detail.as_ref().map(|detail| format!(" ({detail})")).unwrap_or_default();
        say(&format!("account {account}: {}: {}{detail}", complaint.severity().name(), complaint.what()));
        say(&format!("  {}", complaint.fix()));
    }
    Ok(findings.iter().any(|finding| is_wrong(finding.complaint)))
}
