//! Accounts.

use casebridge_app::ports::store::{Admission, Made, Saved, Visit};
use casebridge_domain::branding::{Branding, Logo, LogoKind, LogoMark};
use casebridge_domain::key::{ApiKey, KeyHash, Owner, Scope};
use casebridge_domain::mail_template::MailTemplate;
use casebridge_domain::text::Paragraph;
use casebridge_domain::{Account, AccountId, CaseId, KeyId, Language, Sealed, Text, VendorId};
use futures::future::join_all;
use uuid::Uuid;

use crate::conformance::Stage;
use crate::conformance::fixtures::{account, acme, after_noon, connection, entry, globex, noon, request, vendor};

/// A key of acme's.
fn key(n: u128) -> ApiKey {
    ApiKey {
        id: KeyId::new(Uuid::from_u128(n)),
        owner: Owner::Account(acme()),
        scope: Scope::Admin,
        label: None,
        created_at: noon(),
        hash: KeyHash::new(format!("{n:064x}")),
        signed_in: None,
    }
}

/// Key, account and connection are there together, as they were kept.
pub async fn an_account_is_let_in_with_its_key_and_connection(stage: &Stage) {
    let store = stage.store();
    assert_eq!(store.admission(None, None).await.unwrap(), Admission::default());
    assert_eq!(store.admission(None, Some(&acme())).await.unwrap(), Admission::default());
    stage.sign_up(&acme()).await;
    stage.connect(&acme()).await;
    assert_eq!(store.make_key(&key(1), None, None).await.unwrap(), Made::New);
    let (owner, hash) = (Owner::Account(acme()), key(1).hash);
    let admission = store.admission(Some((&owner, &hash)), Some(&acme())).await.unwrap();
    assert_eq!(admission.key, Some(key(1)));
    assert_eq!(admission.account.unwrap().value, account(&acme()));
    assert_eq!(admission.connection.unwrap().value, connection(&acme()));
    let only_key = store.admission(Some((&owner, &hash)), None).await.unwrap();
    assert_eq!(only_key, Admission { key: Some(key(1)), ..Admission::default() });
}

/// Neither while the account exists nor after it was deleted.
pub async fn an_account_id_is_never_given_out_twice(stage: &Stage) {
    let store = stage.store();
    let made = stage.sign_up(&acme()).await;
    assert_eq!(store.make_account(&account(&acme()), &entry(), None).await.unwrap(), Made::Exists);
    assert!(matches!(store.delete_account(&made, noon(), &entry()).await.unwrap(), Saved::Done(_)));
    assert_eq!(store.make_account(&account(&acme()), &entry(), None).await.unwrap(), Made::Exists);
    let other_vendor = Account { vendor: VendorId::parse("other").unwrap(), ..account(&acme()) };
    assert_eq!(store.make_account(&other_vendor, &entry(), None).await.unwrap(), Made::Exists);
    assert_eq!(store.admission(None, Some(&acme())).await.unwrap(), Admission::default());
    assert!(store.accounts(&other_vendor.vendor, None, 10).await.unwrap().items.is_empty());
}

/// Of many who want the same id, one gets it.
pub async fn an_account_is_made_by_one_of_many(stage: &Stage) {
    let (account, entry) = (account(&acme()), entry());
    let made = join_all((0..16).map(|_| stage.store().make_account(&account, &entry, None))).await;
    assert_eq!(made.iter().filter(|made| matches!(made, Ok(Made::New))).count(), 1);
    assert_eq!(made.iter().filter(|made| matches!(made, Ok(Made::Exists))).count(), 15);
}

/// Everything that opens doors to the account goes with it, however much there is.
pub async fn a_deleted_account_takes_its_things_along(stage: &Stage) {
    let store = stage.store();
    let made = stage.sign_up(&acme()).await;
    stage.connect(&acme()).await;
    for n in 0..60 {
        assert_eq!(store.make_key(&key(n), None, None).await.unwrap(), Made::New);
    }
    let template = MailTemplate {
        language: Language::French,
        subject: Text::parse("Bonjour").unwrap(),
        text: Paragraph::parse("{{teamviewer.customer_link}}").unwrap(),
        html: None,
    };
    store.save_template(&acme(), &template, &entry()).await.unwrap();
    assert!(matches!(store.delete_account(&made, noon(), &entry()).await.unwrap(), Saved::Done(_)));
    let owner = Owner::Account(acme());
    assert!(store.keys(&owner).await.unwrap().is_empty());
    assert!(store.template(&acme(), Language::French).await.unwrap().is_none());
    assert!(store.connection(&acme()).await.unwrap().is_none());
    assert_eq!(store.admission(Some((&owner, &key(7).hash)), Some(&acme())).await.unwrap(), Admission::default());
    assert!(store.accounts(&vendor(), None, 10).await.unwrap().items.is_empty());
}

/// A deletion that was decided on older settings deletes nothing.
pub async fn an_account_that_changed_is_not_deleted(stage: &Stage) {
    let store = stage.store();
    let made = stage.sign_up(&acme()).await;
    assert_eq!(store.make_key(&key(1), None, None).await.unwrap(), Made::New);
    let renamed = Account { name: Text::parse("Acme 2").unwrap(), ..account(&acme()) };
    assert!(matches!(store.save_account(&renamed, made.revision, &entry()).await.unwrap(), Saved::Done(_)));
    assert_eq!(store.delete_account(&made, noon(), &entry()).await.unwrap(), Saved::Lost);
    assert_eq!(store.save_account(&account(&acme()), made.revision, &entry()).await.unwrap(), Saved::Lost);
    assert_eq!(store.keys(&Owner::Account(acme())).await.unwrap(), [key(1)]);
    assert_eq!(store.admission(None, Some(&acme())).await.unwrap().account.unwrap().value, renamed);
    assert_eq!(store.accounts(&vendor(), None, 10).await.unwrap().items, [acme()]);
}

/// The answer of the first request is the answer of its repetition.
pub async fn the_same_request_makes_an_account_once(stage: &Stage) {
    let store = stage.store();
    let request = request("k", CaseId::new(Uuid::from_u128(1)), noon());
    assert_eq!(store.make_account(&account(&acme()), &entry(), Some(&request)).await.unwrap(), Made::New);
    let again = store.make_account(&account(&acme()), &entry(), Some(&request)).await.unwrap();
    assert_eq!(again, Made::Remembered(request.remembered.clone()));
    let other = store.make_account(&account(&globex()), &entry(), Some(&request)).await.unwrap();
    assert_eq!(other, Made::Remembered(request.remembered.clone()));
    assert_eq!(store.accounts(&vendor(), None, 10).await.unwrap().items, [acme()]);
    let refused = crate::conformance::fixtures::request("l", CaseId::new(Uuid::from_u128(2)), after_noon(1));
    assert_eq!(store.make_account(&account(&acme()), &entry(), Some(&refused)).await.unwrap(), Made::Exists);
    assert_eq!(store.remembered(&refused.key, after_noon(1)).await.unwrap(), None, "a refusal is not remembered");
}

/// All of the vendor's accounts, by id, and nobody else's.
pub async fn a_vendors_accounts_are_listed_in_pages(stage: &Stage) {
    let store = stage.store();
    let ids = ["a", "a-1", "a1", "b", "c"].map(|id| AccountId::parse(id).unwrap());
    for id in ids.iter().rev() {
        stage.sign_up(id).await;
    }
    let foreign = Account { vendor: VendorId::parse("bos").unwrap(), ..account(&globex()) };
    assert_eq!(store.make_account(&foreign, &entry(), None).await.unwrap(), Made::New);
    let (mut listed, mut after) = (Vec::new(), None);
    loop {
        let page = store.accounts(&vendor(), after.as_deref(), 2).await.unwrap();
        assert!(page.items.len() <= 2);
        listed.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(listed, ids);
    assert!(store.accounts(&vendor(), Some("what no list gave out"), 2).await.is_err());
}

fn with_logo(account: Account, digest: &str) -> (Account, Logo) {
    let mark = LogoMark { kind: LogoKind::Png, digest: digest.to_owned() };
    let branding = Branding { logo: Some(mark.clone()), ..Branding::default() };
    (Account { branding, ..account }, Logo { mark, data: "iVBORw0KGgo=".to_owned() })
}

/// Nobody sees settings that speak of another logo than there is.
pub async fn settings_and_logo_are_saved_together_or_not_at_all(stage: &Stage) {
    let store = stage.store();
    let made = stage.sign_up(&acme()).await;
    assert_eq!(store.logo(&acme()).await.unwrap(), None);
    let (with, logo) = with_logo(made.value.clone(), "one");
    let saved = store.save_account_and_logo(&with, Some(&logo), made.revision, &entry()).await.unwrap();
    let Saved::Done(revision) = saved else { panic!("nobody was faster") };
    assert_eq!(store.logo(&acme()).await.unwrap(), Some(logo.clone()));
    assert_eq!(store.admission(None, Some(&acme())).await.unwrap().account.unwrap().value, with);
    let (other, other_logo) = with_logo(made.value.clone(), "two");
    let late = store.save_account_and_logo(&other, Some(&other_logo), made.revision, &entry()).await.unwrap();
    assert_eq!(late, Saved::Lost);
    assert_eq!(store.logo(&acme()).await.unwrap(), Some(logo));
    let none = store.save_account_and_logo(&made.value, None, revision, &entry()).await.unwrap();
    assert!(matches!(none, Saved::Done(_)));
    assert_eq!(store.logo(&acme()).await.unwrap(), None);
}

/// Of two who make one, the second finds that somebody was faster.
pub async fn a_link_key_is_kept_once(stage: &Stage) {
    let store = stage.store();
    let made = stage.sign_up(&acme()).await;
    let keyed = |key: &str| Account { link_key: Some(Sealed::new(key.to_owned())), ..made.value.clone() };
    assert!(matches!(store.keep_link_key(&keyed("one"), made.revision).await.unwrap(), Saved::Done(_)));
    assert_eq!(store.keep_link_key(&keyed("two"), made.revision).await.unwrap(), Saved::Lost);
    assert_eq!(store.admission(None, Some(&acme())).await.unwrap().account.unwrap().value, keyed("one"));
}

/// What there is of them: a case of another account is as if it did not exist.
pub async fn a_visitor_finds_account_connection_and_case_together(stage: &Stage) {
    let store = stage.store();
    let nobody = CaseId::new(Uuid::from_u128(1));
    assert_eq!(store.visit(&acme(), nobody).await.unwrap(), Visit::default());
    for id in [acme(), globex()] {
        stage.sign_up(&id).await;
        stage.connect(&id).await;
    }
    let case = stage.open("T1", 1, noon()).await;
    let visit = store.visit(&acme(), case.value.id()).await.unwrap();
    assert_eq!(visit.admission.account.unwrap().value, account(&acme()));
    assert_eq!(visit.admission.connection.unwrap().value, connection(&acme()));
    assert_eq!(visit.case.unwrap().value, case.value);
    let elsewhere = store.visit(&globex(), case.value.id()).await.unwrap();
    assert!(elsewhere.admission.account.is_some() && elsewhere.case.is_none());
}
