use casebridge_app::help_request::take_case;
use casebridge_app::open_case::Request;
use casebridge_app::request_page::{RequestLinkWish, make_request_link};
use casebridge_domain::service_case::{FailureCause, State};
use casebridge_domain::{CaseSubject, ServiceCase, Technician, TicketId};
use chrono::TimeDelta;

use crate::testing::{Answer, Pages, acme, forms, wish};

/// The link that Jane's portal shows for her ticket.
async fn link(pages: &Pages) -> String {
    let wish = wish();
    let CaseSubject::Ticket(ticket) = wish.subject else { unreachable!() };
    let link = RequestLinkWish { ticket, requester: wish.requester, span: TimeDelta::hours(24) };
    let url = make_request_link(&pages.desk().await, link).await.unwrap().url;
    format!("/c/{}", url.as_str().split_once("/c/").unwrap().1)
}

async fn press(pages: &Pages, path: &str, button: &str) -> Answer {
    let page = pages.get(path).await;
    let action = forms(&page, path).remove(button).unwrap_or_else(|| panic!("no {button} in {}", page.text));
    pages.post(&action).await
}

async fn newest(pages: &Pages) -> Option<ServiceCase> {
    let ticket = TicketId::parse("T1").unwrap();
    pages.world.store.newest_case(&acme(), &ticket).await.unwrap().map(|case| case.value)
}

async fn takes(pages: &Pages) -> ServiceCase {
    let case = newest(pages).await.unwrap();
    let ana: Technician = wish().technician.unwrap();
    take_case(&pages.desk().await, case.id(), Request { wish: ana, memory: None }).await.unwrap()
}

fn is_safe(page: &Answer) {
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    for never in ["<script", "<style", " style=", " onerror=alert(1)>", "http-equiv", "SUPPORT"] {
        assert!(!page.text.contains(never), "{never} in {}", page.text);
    }
}

fn says(page: &Answer, words: &[&str]) {
    is_safe(page);
    for words in words {
        assert!(page.text.contains(words), "{words} is not in {}", page.text);
    }
}

#[tokio::test]
async fn a_requester_asks_waits_is_told_who_took_it_and_joins() {
    let pages = Pages::new().await;
    let path = link(&pages).await;
    says(&pages.get(&path).await, &["Do you need help", "Ticket INC-1", "&lt;img src=x onerror=alert(1)&gt;"]);
    let asked = press(&pages, &path, "help").await;
    assert_eq!(
        (asked.status, asked.header("location")),
        (303, format!("../{}", path.rsplit_once('/').unwrap().1).as_str())
    );
    assert!(newest(&pages).await.unwrap().is_asked());
    says(&pages.get(&path).await, &["You are in the queue", "1 March 2100 at 14:00", "See how it stands"]);

    let case = takes(&pages).await;
    let page = pages.get(&path).await;
    says(&page, &["Ana &quot;A&quot; Souza has taken your request.", "s100-000-001", "Join the session"]);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self' https://get.teamviewer.com https://*.teamviewer.com;"), "{policy}");
    let joined = press(&pages, &path, "join").await;
    assert_eq!((joined.status, joined.header("location")), (303, case.session().unwrap().customer_link.as_str()));
    assert!(newest(&pages).await.unwrap().link_opened_at().is_some());
    pages.stop(&case).await;
    says(&pages.get(&path).await, &["Do you need help"]);
}

#[tokio::test]
async fn looking_changes_nothing_and_what_is_pressed_is_never_looked_at() {
    let pages = Pages::new().await;
    let path = link(&pages).await;
    let writes = pages.writes();
    for method in ["GET", "HEAD"] {
        assert_eq!(pages.call(method, &path, &[]).await.status, 200);
        for press in ["help", "withdraw", "join"] {
            assert_eq!(pages.call(method, &format!("{path}/{press}"), &[]).await.status, 303);
        }
    }
    for method in ["POST", "PUT", "DELETE"] {
        assert_eq!(pages.call(method, &path, &[]).await.status, 405);
    }
    assert_eq!((pages.writes(), newest(&pages).await), (writes, None));
}

#[tokio::test]
async fn who_asks_may_withdraw_and_ask_again_but_not_all_day() {
    let pages = Pages::new().await;
    let path = link(&pages).await;
    for _ in 0..5 {
        assert_eq!(press(&pages, &path, "help").await.status, 303);
        assert_eq!(pages.post(&format!("{path}/help")).await.status, 303, "pressing twice is one request");
        assert_eq!(press(&pages, &path, "withdraw").await.status, 303);
        let case = newest(&pages).await.unwrap();
        assert!(matches!(case.state(), State::Failed(failed) if failed.cause == FailureCause::Withdrawn));
    }
    let writes = pages.writes();
    let refused = press(&pages, &path, "help").await;
    assert_eq!(refused.status, 429);
    says(&refused, &["Help with ticket INC-1 has been asked for several times today."]);
    assert_eq!(pages.writes(), writes);
    pages.advance(TimeDelta::hours(23));
    assert_eq!(press(&pages, &path, "help").await.status, 429);
}

#[tokio::test]
async fn what_somebody_has_taken_is_not_withdrawn_and_what_nobody_took_is_told() {
    let pages = Pages::new().await;
    let path = link(&pages).await;
    press(&pages, &path, "help").await;
    pages.advance(TimeDelta::hours(1));
    says(&pages.get(&path).await, &["Nobody could take your request in time", "Ask for help"]);
    press(&pages, &path, "help").await;
    takes(&pages).await;
    assert_eq!(pages.post(&format!("{path}/withdraw")).await.status, 303);
    assert!(matches!(newest(&pages).await.unwrap().state(), State::Open(_)));
}

#[tokio::test]
async fn a_link_that_was_changed_or_is_anothers_or_too_old_leads_nowhere() {
    let pages = Pages::new().await;
    let path = link(&pages).await;
    let writes = pages.writes();
    let (claims, mac) = path.rsplit_once('.').unwrap();
    let cut = claims.split_at(claims.len() - 1).0;
    let anothers = path.replace("/acme/", "/globex/");
    let wrong =
        [format!("{cut}.{mac}"), format!("{claims}.AAAA"), claims.to_owned(), anothers, "/c/acme/ask/x".to_owned()];
    for wrong in wrong {
        assert_eq!(pages.get(&wrong).await.status, 404, "{wrong}");
        assert_eq!(pages.post(&format!("{wrong}/help")).await.status, 404, "{wrong}");
    }
    pages.advance(TimeDelta::hours(24));
    let late = pages.get(&path).await;
    assert_eq!(late.status, 410);
    says(&late, &["This link has expired"]);
    assert_eq!(pages.post(&format!("{path}/help")).await.status, 410);
    assert_eq!((pages.writes(), newest(&pages).await), (writes, None));
}
