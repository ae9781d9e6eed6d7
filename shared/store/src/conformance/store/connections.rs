//! Connections and mail templates.

use casebridge_app::ports::store::{Due, Saved};
use casebridge_domain::mail_template::MailTemplate;
use casebridge_domain::text::Paragraph;
use casebridge_domain::{Language, Text};
use futures::future::join_all;

use crate::conformance::Stage;
use crate::conformance::fixtures::{acme, connection, entry, globex, noon};

/// Of many first connections, one is kept.
pub async fn a_first_connection_is_made_once(stage: &Stage) {
    let store = stage.store();
    let wanted = connection(&acme());
    let saved = join_all((0..16).map(|_| store.save_connection(&wanted, None, None))).await;
    let kept: Vec<_> = saved.into_iter().map(Result::unwrap).filter(|saved| *saved != Saved::Lost).collect();
    let there = store.connection(&acme()).await.unwrap().unwrap();
    assert_eq!(kept, [Saved::Done(there.revision)]);
    assert_eq!(there.value, wanted);
    assert_eq!(store.connection(&globex()).await.unwrap(), None);
}

/// Whoever read an older version reads again.
pub async fn a_connection_saved_over_a_newer_one_is_lost(stage: &Stage) {
    let store = stage.store();
    let first = stage.connect(&acme()).await;
    let draining = connection(&acme()).draining(noon());
    let Saved::Done(second) = store.save_connection(&draining, Some(first), None).await.unwrap() else {
        panic!("nobody was faster")
    };
    assert_eq!(store.save_connection(&connection(&acme()), Some(first), None).await.unwrap(), Saved::Lost);
    assert_eq!(store.delete_connection(&acme(), first, &entry()).await.unwrap(), Saved::Lost);
    let there = store.connection(&acme()).await.unwrap().unwrap();
    assert_eq!((there.value, there.revision), (draining, second));
}

/// After that there is none, and another one can be made.
pub async fn a_deleted_connection_is_gone(stage: &Stage) {
    let store = stage.store();
    let first = stage.connect(&acme()).await;
    assert!(matches!(store.delete_connection(&acme(), first, &entry()).await.unwrap(), Saved::Done(_)));
    assert_eq!(store.connection(&acme()).await.unwrap(), None);
    assert_eq!(store.delete_connection(&acme(), first, &entry()).await.unwrap(), Saved::Lost);
    assert_eq!(store.save_connection(&connection(&acme()), Some(first), None).await.unwrap(), Saved::Lost);
    stage.connect(&acme()).await;
}

/// What was left behind while TeamViewer could not be asked is looked at; a save that is lost makes nobody due.
pub async fn a_connection_that_serves_again_makes_the_account_due(stage: &Stage) {
    let store = stage.store();
    let first = stage.connect(&acme()).await;
    let refused = connection(&acme()).token_refused(noon());
    let Saved::Done(second) = store.save_connection(&refused, Some(first), None).await.unwrap() else {
        panic!("nobody was faster")
    };
    let again = refused.serving_again();
    assert_eq!(store.save_serving_connection(&again, Some(first), noon(), &entry()).await.unwrap(), Saved::Lost);
    stage.settle_indexes().await;
    assert_eq!(store.due(noon(), 10).await.unwrap(), []);
    assert!(matches!(
        store.save_serving_connection(&again, Some(second), noon(), &entry()).await.unwrap(),
        Saved::Done(_)
    ));
    stage.settle_indexes().await;
    let due = store.due(noon(), 10).await.unwrap();
    assert!(matches!(&due[..], [Due::Tick(tick)] if tick.value.account == acme()), "{due:?}");
}

/// One per language and account; the largest there may be.
pub async fn a_template_is_kept_replaced_and_deleted(stage: &Stage) {
    let store = stage.store();
    let template = |language, subject: &str| MailTemplate {
        language,
        subject: Text::parse(subject).unwrap(),
        text: Paragraph::parse("{{ticket.title}}").unwrap(),
        html: Some(Paragraph::parse(&"é".repeat(60_000)).unwrap()),
    };
    store.delete_template(&acme(), Language::Chinese, &entry()).await.unwrap();
    for kept in [template(Language::Chinese, "一"), template(Language::Chinese, "二"), template(Language::English, "1")]
    {
        store.save_template(&acme(), &kept, &entry()).await.unwrap();
        assert_eq!(store.template(&acme(), kept.language).await.unwrap(), Some(kept));
    }
    assert_eq!(store.template(&globex(), Language::Chinese).await.unwrap(), None);
    store.delete_template(&acme(), Language::Chinese, &entry()).await.unwrap();
    assert_eq!(store.template(&acme(), Language::Chinese).await.unwrap(), None);
    assert!(store.template(&acme(), Language::English).await.unwrap().is_some());
}
