//! `casebridge doctor`: what is wrong, and how to mend it.

use std::error::Error;

use casebridge_app::doctor::{Finding as Found, Severity, examine, examine_vendor};
use casebridge_domain::key::Owner;
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

/// The installation first, then the vendor, then each account.
pub(crate) async fn run(doctor: Doctor) -> anyhow::Result<Finding> {
    let owner = doctor.whose.owner()?;
    let mut finding = installation(&doctor.at).await?;
    beside_the_server(&doctor.at, async |world| {
        if let Owner::Vendor(vendor) = &owner {
            finding = finding.and(say_all(&format!("vendor {vendor}"), &examine_vendor(&world, vendor).await?));
        }
        for account in accounts_of(&world, owner).await? {
            let found = examine(&desk(&world, &account).await?).await?;
            finding = finding.and(say_all(&format!("account {account}"), &found));
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
fn say_all(whose: &str, findings: &[Found]) -> Finding {
    let is_wrong = |found: &Found| found.complaint.severity() == Severity::Wrong;
    let is_off = findings.iter().any(is_wrong);
    if !is_off {
        say(&format!("{whose}: well"));
    }
    for Found { complaint, detail } in findings {
        let detail = detail.as_ref().map(|detail| format!(" ({detail})")).unwrap_or_default();
        say(&format!("{whose}: {}: {}{detail}", complaint.severity().name(), complaint.what()));
        say(&format!("  {}", complaint.fix()));
    }
    if is_off { Finding::Off } else { Finding::Well }
}
