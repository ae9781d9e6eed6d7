//! Whether an audit trail holds: in the store, or in an export of it.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::Context as _;
use casebridge_app::audit::{self, Chain, Verified, VerifyError};
use casebridge_domain::audit::AuditEntry;
use clap::Args;

use super::super::Where;
use super::{Finding, beside_the_server, parse_account, say};

/// Which trail.
#[derive(Debug, Args)]
pub struct Verify {
    /// The configuration file (TOML).
    #[arg(long, value_name = "FILE", required_unless_present_any = ["file", "table"])]
    config: Option<PathBuf>,
    /// A DynamoDB table instead; region and credentials are the environment's.
    #[arg(long, value_name = "NAME", conflicts_with = "config")]
    table: Option<String>,
    /// Whose trail.
    #[arg(long, required_unless_present = "file")]
    account: Option<String>,
    /// An export, instead of the store: nothing else is needed.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["config", "table", "account"])]
    file: Option<PathBuf>,
    /// The last entry as it was said earlier: it must still be the same.
    #[arg(long, value_name = "NUMBER:HASH")]
    expect: Option<Expected>,
}

/// An entry that somebody wrote down.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Expected {
    number: u64,
    hash: String,
}

impl FromStr for Expected {
    type Err = &'static str;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let parsed = raw.trim().split_once(':').and_then(|(number, hash)| {
            let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            Some(Self { number: number.parse().ok().filter(|_| is_hash)?, hash: hash.to_ascii_lowercase() })
        });
        parsed.ok_or("must be a number, a colon and 64 hex digits, as `verify` says them")
    }
}

impl Expected {
    /// Says what is wrong, given the entry of that number.
    fn fault(&self, found: Option<&AuditEntry>) -> Option<String> {
        match found {
            Some(entry) if entry.hash.as_str() == self.hash => None,
            Some(entry) => Some(format!(
                "entry {} is not the one that was written down: it has {}",
                self.number,
                entry.hash.as_str()
            )),
            None => Some(format!("entry {} is missing, though it was written down", self.number)),
        }
    }
}

pub(super) async fn run(verify: Verify) -> anyhow::Result<Finding> {
    let at = Where { config: verify.config, table: verify.table };
    let (whose, holds) = match (verify.file, verify.account) {
        (Some(file), _) => (file.display().to_string(), in_file(&file, verify.expect.as_ref())?),
        (None, Some(account)) => {
            let holds = in_store(&at, &account, verify.expect.as_ref()).await?;
            (format!("account {account}"), holds)
        }
        _ => anyhow::bail!("say which trail: --file, or --config or --table and --account"),
    };
    match holds {
        Ok(verified) => {
            say(&format!("{whose}: the trail holds; {}", last_entry(&verified)));
            Ok(Finding::Well)
        }
        Err(fault) => {
            say(&format!("{whose}: the trail does NOT hold; {fault}"));
            Ok(Finding::Off)
        }
    }
}

/// In words, with the last entry as `--expect` reads it.
pub(super) fn last_entry(verified: &Verified) -> String {
    let Verified { entries, erased, hash } = verified;
    let entries_in_words = if *entries == 1 { "1 entry".to_owned() } else { format!("{entries} entries") };
    format!("{entries_in_words}, {erased} of them erased; the last is {entries}:{}", hash.as_str())
}

/// What does not hold is an answer, not an error.
type Holds = Result<Verified, String>;

async fn in_store(at: &Where, account: &str, expected: Option<&Expected>) -> anyhow::Result<Holds> {
    let account = parse_account(account)?;
    beside_the_server(at, async |world| {
        let verified = match audit::verify(&world, &account).await {
            Ok(verified) => verified,
            Err(VerifyError::Outside(error)) => return Err(error.into()),
            Err(fault @ (VerifyError::Broken(_) | VerifyError::End { .. })) => return Ok(Err(fault.to_string())),
        };
        anyhow::ensure!(verified.entries > 0, "account {account} has no audit trail");
        let Some(expected) = expected else { return Ok(Ok(verified)) };
        let found = audit::entries(&world, &account, expected.number.saturating_sub(1), 1).await?;
        let found = found.first().filter(|entry| entry.number == expected.number);
        Ok(expected.fault(found).map_or(Ok(verified), Err))
    })
    .await
}

fn in_file(file: &Path, expected: Option<&Expected>) -> anyhow::Result<Holds> {
    let lines = File::open(file).with_context(|| format!("{} can't be read", file.display()))?;
    let mut chain = Chain::default();
    let mut written_down = None;
    for (line, place) in BufReader::new(lines).lines().zip(1_u64..) {
        let line = line.with_context(|| format!("{} can't be read", file.display()))?;
        let Ok(entry) = serde_json::from_str::<AuditEntry>(&line) else {
            return Ok(Err(format!("line {place} is no entry")));
        };
        if let Err(broken) = chain.follow(&entry) {
            return Ok(Err(broken.to_string()));
        }
        written_down = written_down
            .or_else(|| Some(entry).filter(|entry| expected.is_some_and(|expected| expected.number == entry.number)));
    }
    let verified = chain.verified();
    anyhow::ensure!(verified.entries > 0, "{} has no entry", file.display());
    let fault = expected.and_then(|expected| expected.fault(written_down.as_ref()));
    Ok(fault.map_or(Ok(verified), Err))
}

#[cfg(test)]
mod tests {
    use casebridge_domain::audit::AuditHash;
    use chrono::DateTime;

    use super::*;

    fn chain(length: u64) -> Vec<AuditEntry> {
        let mut before = AuditHash::beginning();
        (1..=length)
            .map(|number| {
                let (at, salt) = (DateTime::UNIX_EPOCH, [0; 32]);
                let entry = AuditEntry::linked(&before, number, at, "key.made", "{}".to_owned(), &salt);
                before = entry.hash.clone();
                entry
            })
            .collect()
    }

    fn export(entries: &[AuditEntry]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        for entry in entries {
            use std::io::Write as _;
            writeln!(file, "{}", serde_json::to_string(entry).unwrap()).unwrap();
        }
        file
    }

    fn expected(entry: &AuditEntry) -> Expected {
        format!("{}:{}", entry.number, entry.hash.as_str()).parse().unwrap()
    }

    #[test]
    fn an_export_holds_also_without_a_persons_details() {
        let mut entries = chain(3);
        entries[1] = entries[1].clone().erased();
        let verified = in_file(export(&entries).path(), Some(&expected(&entries[1]))).unwrap().unwrap();
        assert_eq!((verified.entries, verified.erased), (3, 1));
        assert!(last_entry(&verified).ends_with(&format!("3:{}", entries[2].hash.as_str())));
    }

    #[test]
    fn an_export_that_was_changed_does_not_hold() {
        let mut entries = chain(3);
        entries[1].kind = "key.deleted".to_owned();
        let fault = in_file(export(&entries).path(), None).unwrap().unwrap_err();
        assert!(fault.starts_with("entry 2"), "{fault}");
    }

    #[test]
    fn what_was_cut_off_or_made_anew_is_noticed_by_what_was_written_down() {
        let entries = chain(3);
        let cut_off = in_file(export(&entries[..2]).path(), Some(&expected(&entries[2]))).unwrap().unwrap_err();
        assert!(cut_off.contains("entry 3 is missing"), "{cut_off}");
        let other = Expected { number: 3, hash: "0".repeat(64) };
        let made_anew = in_file(export(&entries).path(), Some(&other)).unwrap().unwrap_err();
        assert!(made_anew.contains("not the one that was written down"), "{made_anew}");
    }

    #[test]
    fn a_file_without_entries_is_no_trail() {
        assert!(in_file(export(&[]).path(), None).is_err());
        assert!(in_file(Path::new("/nowhere/export.jsonl"), None).is_err());
    }

    #[test]
    fn an_expectation_is_a_number_and_a_hash() {
        assert!("12".parse::<Expected>().is_err());
        assert!(format!("12:{}", "g".repeat(64)).parse::<Expected>().is_err());
        assert_eq!(format!("12:{}", "A".repeat(64)).parse::<Expected>().unwrap().hash, "a".repeat(64));
    }
}
