use casebridge_app::close_guard::{reserve_closing, ticket_closed};
use casebridge_app::ports::store::{Due, Versioned};
use casebridge_domain::branding::{Colour, CustomerLink};
use casebridge_domain::letter::LetterKind;
use casebridge_domain::{Letter, Requester, ServiceCase, Text, TicketId};
use chrono::TimeDelta;

use super::*;
use crate::testing::{Answer, Pages, acme, address, forms, wish};

/// Letters that are owed, the newest last.
async fn owed(pages: &Pages) -> Vec<Letter> {
    let due = pages.world.store.due(pages.world.now(), 100).await.unwrap();
    let letters = due.into_iter().filter_map(|due| match due {
        Due::Letter(Versioned { value, .. }) => Some(value),
        _ => None,
    });
    let mut letters: Vec<Letter> = letters.collect();
    letters.sort_by_key(|letter| letter.id);
    letters
}

fn happened(case: &ServiceCase) -> Vec<&'static str> {
    case.events().iter().map(|event| event.kind.name()).collect()
}

/// A case whose time is over, and its link.
async fn expired(pages: &Pages) -> (ServiceCase, String) {
    let case = pages.play(wish()).await;
    let path = pages.path(&case).await;
    pages.advance(TimeDelta::hours(25));
    (case, path)
}

fn is_safe(page: &Answer) {
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("x-robots-tag"), "noindex, nofollow");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    let policy = page.header("content-security-policy");
    for says in ["default-src 'none'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"] {
        assert!(policy.contains(says), "{policy}");
    }
    assert!(!policy.contains("script-src") && !policy.contains("unsafe"), "{policy}");
    for never in ["<script", "<style", " style=", "javascript:", " onerror=alert(1)>", "SUPPORT", "http-equiv"] {
        assert!(!page.text.contains(never), "{never} in {}", page.text);
    }
}

#[tokio::test]
async fn the_page_says_who_helps_on_what_until_when_and_with_which_code() {
    let pages = Pages::new().await;
    let case = pages.play(wish()).await;
    let page = pages.get(&pages.path(&case).await).await;
    is_safe(&page);
    for says in [
        "Acme &amp; Sons",
        "Ana &quot;A&quot; Souza would like to help you with this ticket:",
        "Ticket INC-1",
        "&lt;img src=x onerror=alert(1)&gt;",
        "s100-000-001",
        "2 March 2100 at 13:00 (Europe/Paris, UTC+01:00)",
        "I did not ask for this",
    ] {
        assert!(page.text.contains(says), "{says} is not in {}", page.text);
    }
    assert!(!page.text.contains("jane@example.com") && !page.text.contains("get.teamviewer.com"), "{}", page.text);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self' https://get.teamviewer.com https://*.teamviewer.com;"), "{policy}");
}

#[tokio::test]
async fn looking_changes_nothing_however_often_and_by_whatever_method() {
    let pages = Pages::new().await;
    let case = pages.play(wish()).await;
    let path = pages.path(&case).await;
    let writes = pages.writes();
    for _ in 0..3 {
        assert_eq!(pages.get(&path).await.status, 200);
        let head = pages.call("HEAD", &path, &[]).await;
        assert_eq!((head.status, head.text.as_str()), (200, ""));
        for press in ["join", "not-me", "new-link"] {
            let back = pages.get(&format!("{path}/{press}")).await;
            let secret = path.rsplit('/').next().unwrap();
            assert_eq!((back.status, back.header("location")), (303, format!("../{secret}").as_str()));
        }
    }
    assert_eq!(pages.writes(), writes);
}

#[tokio::test]
async fn whatever_is_wrong_with_a_link_the_answer_is_the_same() {
    let pages = Pages::new().await;
    let case = pages.play(wish()).await;
    let path = pages.path(&case).await;
    let (id, secret) = (case.id().to_string(), path.rsplit('/').next().unwrap().to_owned());
    let writes = pages.writes();
    let mut answers = Vec::new();
    for wrong in [
        format!("/c/acme/{id}/{}A", &secret[..26]),
        format!("/c/acme/{id}/{secret}A"),
        format!("/c/acme/{id}/x"),
        format!("/c/acme/01890a5d-ac96-774b-bcce-b302099a8057/{secret}"),
        format!("/c/nowhere/{id}/{secret}"),
        format!("/c/No!/{id}/{secret}"),
        format!("/c/acme/1/{secret}"),
    ] {
        let page = pages.get(&wrong).await;
        is_safe(&page);
        answers.push((page.status, page.text));
        for press in ["join", "not-me", "new-link"] {
            assert_eq!(pages.post(&format!("{wrong}/{press}")).await.status, 404, "{wrong}");
        }
    }
    assert_eq!(answers[0].0, 404);
    assert!(!answers[0].1.contains("Acme"), "{}", answers[0].1);
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(pages.writes(), writes);
}

#[tokio::test]
async fn a_press_goes_to_teamviewer_and_is_an_event_the_first_time_only() {
    let pages = Pages::new().await;
    let case = pages.play(wish()).await;
    let path = pages.path(&case).await;
    pages.advance(TimeDelta::minutes(30));
    let join = forms(&pages.get(&path).await, &path)["join"].clone();
    assert_eq!(join, format!("{path}/join"));
    for _ in 0..2 {
        let gone = pages.post(&join).await;
        assert_eq!((gone.status, gone.header("location")), (303, "https://get.teamviewer.com/v15/s100-000-001"));
        assert_eq!(gone.header("referrer-policy"), "no-referrer");
    }
    let kept = pages.kept(&case).await;
    assert_eq!(kept.link_opened_at(), Some(pages.world.now()));
    assert_eq!(kept.eager_since(), pages.world.now(), "the watch looks often again");
    assert_eq!(happened(&kept), ["case.opened", "invitation.queued", "invitation.opened"]);

    let writes = pages.writes();
    pages.advance(TimeDelta::seconds(59));
    assert_eq!(pages.post(&join).await.status, 303);
    assert_eq!(pages.writes(), writes, "nobody makes the store write by pressing on");
    pages.advance(TimeDelta::minutes(20));
    assert_eq!(pages.post(&join).await.status, 303);
    let kept = pages.kept(&case).await;
    assert_eq!((kept.eager_since(), happened(&kept).len()), (pages.world.now(), 3));
}

#[tokio::test]
async fn who_did_not_ask_is_thanked_and_the_account_is_told_once() {
    let pages = Pages::new().await;
    let case = pages.play(wish()).await;
    let path = pages.path(&case).await;
    for _ in 0..2 {
        let thanks = pages.post(&format!("{path}/not-me")).await;
        is_safe(&thanks);
        assert_eq!(thanks.status, 200);
        assert!(thanks.text.contains("Thank you for telling us"), "{}", thanks.text);
        assert!(thanks.text.contains("href=\"../../../../pages/"), "{}", thanks.text);
    }
    assert_eq!(happened(&pages.kept(&case).await), ["case.opened", "invitation.queued", "invitation.disowned"]);
    let told: Vec<_> = owed(&pages).await.into_iter().filter(|letter| letter.kind == LetterKind::Disowned).collect();
    let mut told: Vec<_> = told.iter().map(|letter| letter.to.as_str()).collect();
    told.sort_unstable();
    assert_eq!(told, ["ana@acme.example", "lead@acme.example"]);
}

#[tokio::test]
async fn an_ended_case_says_so_and_gives_nothing_away() {
    let pages = Pages::new().await;
    let case = pages.play(wish()).await;
    let path = pages.path(&case).await;
    pages.stop(&case).await;
    let writes = pages.writes();
    let mut answers = vec![pages.get(&path).await];
    for press in ["join", "not-me", "new-link"] {
        answers.push(pages.post(&format!("{path}/{press}")).await);
    }
    for page in answers {
        is_safe(&page);
        assert_eq!(page.status, 200);
        assert!(page.text.contains("This session has ended") && page.text.contains("INC-1"), "{}", page.text);
        assert!(!page.text.contains("s100-000-001") && !page.text.contains("<form"), "{}", page.text);
        assert!(!page.header("content-security-policy").contains("teamviewer"));
    }
    assert_eq!(pages.writes(), writes);
}

#[tokio::test]
async fn an_expired_link_asks_for_a_new_one_that_is_mailed_and_never_shown() {
    let pages = Pages::new().await;
    let (case, path) = expired(&pages).await;
    let page = pages.get(&path).await;
    is_safe(&page);
    assert!(page.text.contains("This link has expired") && !page.text.contains("s100-000-001"), "{}", page.text);
    let new_link = forms(&page, &path)["new-link"].clone();
    let sent = pages.post(&new_link).await;
    is_safe(&sent);
    assert_eq!(sent.status, 200);
    assert!(sent.text.contains("A new link is on its way"), "{}", sent.text);
    assert!(!sent.text.contains("jane@example.com") && !sent.text.contains("s100-000-002"), "{}", sent.text);
    let newest = pages.world.store.newest_case(&acme(), &case.ticket().unwrap().id).await.unwrap().unwrap().value;
    assert_ne!(newest.id(), case.id());
    assert_eq!(
        (newest.ticket(), newest.requester(), newest.technician()),
        (case.ticket(), case.requester(), case.technician())
    );
    let letter = owed(&pages).await.pop().unwrap();
    assert_eq!((letter.to, letter.case), (address("jane@example.com"), Some(newest.id())));
    let link = letter.link.unwrap().to_string();
    assert!(link.ends_with(&pages.path(&newest).await) && !sent.text.contains(&link));

    // Once for each expired case.
    let writes = pages.writes();
    assert_eq!(pages.post(&new_link).await.status, 200);
    assert_eq!(pages.writes(), writes);
}

#[tokio::test]
async fn a_ticket_gets_three_new_links_in_a_day_whatever_links_ask() {
    let pages = Pages::new().await;
    let short = casebridge_domain::account::CaseLifetime::of_minutes(1).unwrap();
    pages.set(|account| account.case_lifetime = short).await;
    let mut case = pages.play(wish()).await;
    for round in 0..4 {
        let path = pages.path(&case).await;
        pages.advance(TimeDelta::minutes(2));
        let answer = pages.post(&format!("{path}/new-link")).await;
        if round == 3 {
            assert_eq!(answer.status, 429);
            assert!(answer.text.contains("INC-1 have been asked for several times today"), "{}", answer.text);
            pages.advance(TimeDelta::hours(24));
            assert_eq!(pages.post(&format!("{path}/new-link")).await.status, 200, "a day later it goes on");
        } else {
            assert_eq!(answer.status, 200);
            case = pages.world.store.newest_case(&acme(), &case.ticket().unwrap().id).await.unwrap().unwrap().value;
        }
    }
}

#[tokio::test]
async fn where_the_ticket_is_live_again_its_own_invitation_goes_once_more() {
    let pages = Pages::new().await;
    let (_, path) = expired(&pages).await;
    let live = pages.play(wish()).await;
    let before = owed(&pages).await.len();
    for _ in 0..2 {
        let sent = pages.post(&format!("{path}/new-link")).await;
        assert!(sent.status == 200 && sent.text.contains("A new link is on its way"), "{}", sent.text);
    }
    let letters = owed(&pages).await;
    assert_eq!((letters.len(), letters.last().unwrap().case), (before + 1, Some(live.id())));
    assert_eq!(happened(&pages.kept(&live).await), ["case.opened", "invitation.queued", "invitation.queued"]);
}

#[tokio::test]
async fn a_closed_ticket_gets_no_new_link() {
    let pages = Pages::new().await;
    let (case, path) = expired(&pages).await;
    let ticket: TicketId = case.ticket().unwrap().id.clone();
    reserve_closing(&pages.desk().await, &ticket, None).await.unwrap();
    assert_eq!(pages.post(&format!("{path}/new-link")).await.status, 409);
    ticket_closed(&pages.desk().await, &ticket, None).await.unwrap();
    let refused = pages.post(&format!("{path}/new-link")).await;
    is_safe(&refused);
    assert!(refused.status == 409 && refused.text.contains("Ticket INC-1 is closed."), "{}", refused.text);
    let newest = pages.world.store.newest_case(&acme(), &ticket).await.unwrap().unwrap().value;
    assert_eq!(newest.id(), case.id());
}

#[tokio::test]
async fn a_link_asks_for_a_new_one_only_for_a_week_and_never_without_an_address() {
    let pages = Pages::new().await;
    let (_, path) = expired(&pages).await;
    pages.advance(TimeDelta::days(7));
    assert!(pages.get(&path).await.text.contains("This session has ended"));
    let nameless = Requester { email: None, ..wish().requester };
    let case = pages.play(casebridge_app::open_case::OpenCase { requester: nameless, ..wish() }).await;
    let path = pages.path(&case).await;
    pages.advance(TimeDelta::hours(25));
    assert!(pages.get(&path).await.text.contains("This session has ended"));
}

#[tokio::test]
async fn the_page_is_in_the_requesters_language_else_the_browsers_else_the_accounts() {
    let pages = Pages::new().await;
    pages.set(|account| account.language = Language::French).await;
    let case = pages.play(wish()).await;
    let path = pages.path(&case).await;
    let shown = async |path: &str, wished: &str| {
        let page = pages.call("GET", path, &[("accept-language", wished)]).await.text;
        page.split("lang=\"").nth(1).unwrap()[..2].to_owned()
    };
    assert_eq!(shown(&path, "de").await, "fr");
    assert_eq!(shown(&path, "de, zh;q=0.5").await, "zh");
    assert_eq!(shown("/c/acme/x/y", "es").await, "es");
    for language in Language::ALL {
        pages
            .stop(&pages.world.store.newest_case(&acme(), &case.ticket().unwrap().id).await.unwrap().unwrap().value)
            .await;
        let requester = Requester { language: Some(language), ..wish().requester };
        let case = pages.play(casebridge_app::open_case::OpenCase { requester, ..wish() }).await;
        let path = pages.path(&case).await;
        assert_eq!(shown(&path, "de, en").await, language.code());
        let page = pages.get(&path).await;
        is_safe(&page);
        assert!(page.text.contains(&Words::of(language).join), "{}", page.text);
    }
}

#[tokio::test]
async fn an_accounts_branding_is_on_its_pages() {
    let pages = Pages::new().await;
    let case = pages.play(wish()).await;
    let path = pages.path(&case).await;
    assert!(pages.get(&path).await.text.contains("href=\"../../../pages/colour/0a58a8.css\""));
    pages
        .set(|account| {
            account.branding.name = Text::parse("Acme <Help>").ok();
            account.branding.colour = Colour::parse("#ffcc00").ok();
        })
        .await;
    let page = pages.get(&path).await;
    is_safe(&page);
    assert!(page.text.contains("Acme &lt;Help&gt;") && !page.text.contains("Acme &amp; Sons"), "{}", page.text);
    assert!(page.text.contains("href=\"../../../pages/colour/ffcc00.css\""), "{}", page.text);
}

#[tokio::test]
async fn an_account_may_choose_direct_links_and_the_page_of_a_case_before_goes_on() {
    let pages = Pages::new().await;
    let case = pages.play(wish()).await;
    let path = pages.path(&case).await;
    pages.set(|account| account.customer_link = CustomerLink::Direct).await;
    assert_eq!(pages.get(&path).await.status, 200);
    pages.stop(&case).await;
    let direct = pages.play(wish()).await;
    assert_eq!(direct.link(), None);
    assert_eq!(owed(&pages).await.pop().unwrap().link, None);
    let link = pages.desk().await.customer_link(&direct).await.unwrap().unwrap();
    assert_eq!(link.as_str(), "https://get.teamviewer.com/v15/s100-000-002");
}

#[tokio::test]
async fn what_is_kept_of_a_case_opens_nothing() {
    let pages = Pages::new().await;
    let case = pages.play(wish()).await;
    let secret = pages.path(&case).await.rsplit('/').next().unwrap().to_owned();
    let letter = owed(&pages).await.pop().unwrap();
    assert!(letter.link.unwrap().as_str().ends_with(&secret), "only the letter has it, until it left");
    let kept = serde_json::to_string(&pages.kept(&case).await).unwrap();
    assert!(!kept.contains(&secret), "{kept}");
    let hash = case.link().unwrap().as_str();
    assert!(kept.contains(hash));
    assert_eq!(pages.get(&format!("/c/acme/{}/{hash}", case.id())).await.status, 404);
    let account = serde_json::to_string(pages.desk().await.account()).unwrap();
    assert!(!account.contains(&secret));
}

#[test]
fn a_form_may_go_on_to_the_links_own_host_only() {
    assert_eq!(origin("http://127.0.0.1:8090/v15/s1").unwrap(), "http://127.0.0.1:8090");
    assert_eq!(origin("https://get.teamviewer.com").unwrap(), "https://get.teamviewer.com https://*.teamviewer.com");
    assert_eq!(origin("https://evilteamviewer.com/x").unwrap(), "https://evilteamviewer.com");
    for bad in ["javascript:alert(1)", "https://", "https://a;script-src *", "https://a b/", "ftp://a/"] {
        assert_eq!(origin(bad), None, "{bad}");
    }
}
