//! The page behind the customer's link: B8, B13, N3, N4.

use std::time::Duration;

use anyhow::Context as _;
use casebridge_tests::{
    customer_page::{CustomerPage, LOGO},
    feed::Feed,
    help_desk::{ANNA, RITA, usual_play},
    host::Host,
};
use http::Method;
use serde_json::json;

use crate::run::{Outcome, SOON, on_every_host, soon, within};

mod pressed {
    use super::*;

    on_every_host![
        b8_the_mails_link_opens_the_accounts_page_and_its_button_teamviewer,
        b8_a_wrong_link_tells_nothing,
        b8_an_account_may_choose_teamviewers_own_link,
        b13_the_accounts_name_colour_and_logo_are_on_its_page,
        n3_opened_shows_in_the_ticket_and_in_the_feed,
        n4_a_mail_scanner_uses_nothing_up,
        n4_not_me_is_told_to_the_account_once,
        n4_new_link_is_for_links_that_expired_only,
    ];
}

mod expired {
    use super::*;

    on_every_host![n4_new_link_is_mailed_to_the_address_on_file_and_never_shown];

    crate::run::stack![n4_new_link_is_mailed_to_the_address_on_file_and_never_shown];
}

async fn b8_the_mails_link_opens_the_accounts_page_and_its_button_teamviewer(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let mut play = usual_play();
    play["ticket"]["title"] = json!("<img src=x onerror=alert(1)>");
    let case = desk.play_with("T-1", &play).await?.expect(201)?;
    let link = case["customer_link"].as_str().context("no link")?;
    assert_eq!(desk.case("T-1").await?["customer_link"], link, "a later read shows the same");
    let mail = host.kit().mail.arrive(RITA, 1, SOON).await?.remove(0);
    assert!(mail["text"].as_str().unwrap().lines().any(|line| line == link), "{mail}");

    let customer = CustomerPage::at(host.vendor(), link)?;
    let page = customer.show().await?;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")), "{page}");
    let code = case["session_code"].as_str().unwrap();
    for says in
        ["acme Help Desk", "Anna Becker would like to help", "INC-1", "&lt;img src=x onerror=alert(1)&gt;", code]
    {
        assert!(page.text.contains(says), "{says} is not in {page}");
    }
    for name in ["supporter_link", "webclient_supporter_link"] {
        let secret = case[name].as_str().unwrap().rsplit(['=', '/']).next().unwrap();
        assert!(!page.text.contains(secret), "{name}: {page}");
    }
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    for file in customer.files(&page) {
        let file = customer.file(&file).await?;
        assert_eq!((file.status, file.header("content-type")), (200, Some("text/css; charset=utf-8")), "{file}");
    }

    for _ in 0..2 {
        let gone = customer.press("join").await?;
        assert_eq!((gone.status, gone.header("location")), (303, case["session_link"].as_str()), "{gone}");
        let target = gone.header("location").unwrap();
        let origin = target.split('/').take(3).collect::<Vec<_>>().join("/");
        assert!(policy.contains(&format!("form-action 'self' {origin}")), "{policy}");
        assert_eq!(casebridge_tests::api::Api::at(target).get("").await?.status, 200);
    }

    desk.stop(&case).await?.expect(200)?;
    let ended = customer.show().await?;
    assert!(ended.text.contains("This session has ended") && !ended.text.contains(code), "{ended}");
    assert!(!ended.text.contains("<form"), "{ended}");
    Ok(())
}

async fn b8_a_wrong_link_tells_nothing(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let other = host.help_desk("umbrella").await?;
    let (case, others) = (desk.invited_case("T-1").await?, other.invited_case("T-1").await?);
    let right = CustomerPage::of(host.vendor(), &case)?;
    let (_, secret) = right.path().rsplit_once('/').unwrap();
    let (place, others_secret) = (right.path(), CustomerPage::of(host.vendor(), &others)?);
    let others_secret = others_secret.path().rsplit_once('/').unwrap().1.to_owned();
    let before = host.kept().await?;
    let mut seen = Vec::new();
    for wrong in [
        place.replace(secret, &others_secret),
        place.replace(secret, "x"),
        place.replace("acme", "umbrella"),
        place.replace("acme", "nowhere"),
        format!("/c/acme/01890a5d-ac96-774b-bcce-b302099a8057/{secret}"),
    ] {
        let page = CustomerPage::at(host.vendor(), &format!("http://host{wrong}"))?;
        let shown = page.show().await?;
        assert_eq!(shown.status, 404, "{shown}");
        seen.push(shown.text);
        for press in ["/join", "/not-me", "/new-link"] {
            assert_eq!(page.look(Method::POST, press).await?.status, 404);
        }
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:?}");
    assert!(host.kept().await? == before, "nothing changes");
    assert!(!host.output().contains(secret), "the log has a link's secret");
    assert!(!before.values().any(|kept| kept.contains(secret)), "a store that is read gives a link away");
    Ok(())
}

async fn b8_an_account_may_choose_teamviewers_own_link(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let settings = desk.set(&json!({ "customer_link": "direct" })).await?;
    assert_eq!(settings["customer_link"], "direct");
    let case = desk.new_case("T-1").await?;
    assert_eq!(case["customer_link"], case["session_link"]);
    let mail = host.kit().mail.arrive(RITA, 1, SOON).await?.remove(0);
    assert!(mail["text"].as_str().unwrap().contains(case["session_link"].as_str().unwrap()), "{mail}");
    let mut feed = Feed::of(&desk);
    feed.shows_of_case(&case, "case.opened").await?;
    assert!(feed.kinds().contains(&"account.changed"), "{:?}", feed.kinds());
    Ok(())
}

async fn b13_the_accounts_name_colour_and_logo_are_on_its_page(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let branding = json!({ "branding": { "name": "Acme <Care>", "colour": "#ffcc00", "logo": LOGO } });
    let branded = desk.set(&branding).await?;
    let logo = branded["branding"]["logo"].as_str().context("no logo")?.to_owned();
    let case = desk.new_case("T-1").await?;
    let customer = CustomerPage::of(host.vendor(), &case)?;
    let page = customer.show().await?;
    assert!(page.text.contains("Acme &lt;Care&gt;") && !page.text.contains("acme Help Desk"), "{page}");
    let files = customer.files(&page);
    assert!(files.contains(&"/pages/colour/ffcc00.css".to_owned()) && files.contains(&logo), "{files:?}");
    let picture = customer.file(&logo).await?;
    assert_eq!((picture.status, picture.header("content-type")), (200, Some("image/png")));
    assert_eq!(picture.header("x-content-type-options"), Some("nosniff"));
    assert!(picture.header("cache-control").is_some_and(|kept| kept.contains("immutable")));
    assert!(picture.text.contains("IHDR"), "{picture}");
    desk.set(&json!({ "branding": { "logo": "" } })).await?;
    assert_eq!(customer.file(&logo).await?.status, 404);
    Ok(())
}

async fn n3_opened_shows_in_the_ticket_and_in_the_feed(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.invited_case("T-1").await?;
    assert_ne!(case["invitation"]["state"], "opened");
    let customer = CustomerPage::of(host.vendor(), &case)?;
    customer.press("join").await?;
    let opened = desk.case("T-1").await?;
    assert_eq!(opened["invitation"]["state"], "opened");
    customer.press("join").await?;
    assert_eq!(desk.case("T-1").await?["invitation"], opened["invitation"], "once");
    let mut feed = Feed::of(&desk);
    feed.shows_of_case(&case, "invitation.opened").await?;
    feed.is_whole()?;
    assert_eq!(feed.kinds().iter().filter(|kind| **kind == "invitation.opened").count(), 1);
    // Sent again, it may be opened again.
    assert_eq!(desk.invite_again(&case).await?.expect(202)?["invitation"]["state"], "queued");
    let mails = host.kit().mail.arrive(RITA, 2, SOON).await?;
    let link = case["customer_link"].as_str().unwrap();
    assert!(mails.iter().all(|mail| mail["text"].as_str().unwrap().contains(link)), "the same link");
    customer.press("join").await?;
    assert_eq!(desk.case("T-1").await?["invitation"]["state"], "opened");
    Ok(())
}

async fn n4_a_mail_scanner_uses_nothing_up(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.invited_case("T-1").await?;
    let customer = CustomerPage::of(host.vendor(), &case)?;
    let before = host.kept().await?;
    for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
        for below in ["", "/join", "/not-me", "/new-link"] {
            customer.look(method.clone(), below).await?;
        }
    }
    assert!(host.kept().await? == before, "looking changes nothing");
    assert_eq!(customer.press("join").await?.status, 303, "the link still works");
    Ok(())
}

async fn n4_not_me_is_told_to_the_account_once(host: &Host) -> Outcome {
    let desk = host.help_desk_with("acme", &json!({ "told": { "others": ["lead@northwind.example"] } })).await?;
    let case = desk.invited_case("T-1").await?;
    let customer = CustomerPage::of(host.vendor(), &case)?;
    for _ in 0..2 {
        let thanks = customer.press("not-me").await?;
        assert!(thanks.status == 200 && thanks.text.contains("Thank you for telling us"), "{thanks}");
    }
    for address in [ANNA, "lead@northwind.example"] {
        let mail = host.kit().mail.arrive(address, 1, SOON).await?.remove(0);
        assert_eq!(mail["subject"], "Rita Requester did not ask for support – ticket INC-1");
    }
    let mut feed = Feed::of(&desk);
    feed.shows_of_case(&case, "invitation.disowned").await?;
    assert_eq!(feed.kinds().iter().filter(|kind| **kind == "invitation.disowned").count(), 1);
    desk.stop(&case).await?.expect(200)?;
    feed.shows_of_case(&case, "case.closed").await?;
    assert_eq!(host.kit().mail.to(ANNA).await?.len(), 1, "told once");
    Ok(())
}

async fn n4_new_link_is_for_links_that_expired_only(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.invited_case("T-1").await?;
    let customer = CustomerPage::of(host.vendor(), &case)?;
    let before = host.kept().await?;
    let live = customer.look(Method::POST, "/new-link").await?;
    assert!(live.status == 200 && live.text.contains("/join\"") | live.text.contains("\"join\""), "{live}");
    assert!(host.kept().await? == before, "a live link needs no new one");
    desk.stop(&case).await?.expect(200)?;
    let ended = customer.look(Method::POST, "/new-link").await?;
    assert!(ended.text.contains("This session has ended"), "{ended}");
    assert_eq!(host.kit().sandbox.sessions().await?.len(), 1);
    assert_eq!(host.kit().mail.to(RITA).await?.len(), 1);
    Ok(())
}

async fn n4_new_link_is_mailed_to_the_address_on_file_and_never_shown(host: &Host) -> Outcome {
    let desk = host.help_desk_with("acme", &json!({ "case_lifetime_minutes": 1 })).await?;
    let (case, closed) = (desk.invited_case("T-1").await?, desk.invited_case("T-2").await?);
    let customer = CustomerPage::of(host.vendor(), &case)?;
    let of_the_closed = CustomerPage::of(host.vendor(), &closed)?;
    let over = async || Ok(of_the_closed.show().await?.text.contains("This link has expired"));
    within(Duration::from_secs(90), "the links expire", over).await?;
    desk.tell_ticket("T-2", &json!({ "state": "closed" })).await?.expect(200)?;
    let refused = of_the_closed.press("new-link").await?;
    assert!(refused.status == 409 && refused.text.contains("Ticket INC-1 is closed"), "{refused}");

    let page = customer.show().await?;
    assert!(!page.text.contains(case["session_code"].as_str().unwrap()), "{page}");
    let sent = customer.press("new-link").await?;
    assert!(sent.status == 200 && sent.text.contains("A new link is on its way"), "{sent}");
    let newer = desk.case("T-1").await?;
    assert_ne!(newer["id"], case["id"]);
    assert_eq!((&newer["requester"], &newer["technician"]), (&case["requester"], &case["technician"]));
    let link = newer["customer_link"].as_str().context("no link")?.to_owned();
    assert!(!sent.text.contains(&link) && !sent.text.contains(RITA), "{sent}");
    let arrived = async || {
        let mails = host.kit().mail.to(RITA).await?;
        Ok(mails.iter().any(|mail| mail["text"].as_str().is_some_and(|text| text.contains(&link))))
    };
    soon("the new link arrives", arrived).await?;

    let again = customer.press("new-link").await?;
    assert!(again.status == 200 && again.text.contains("A new link is on its way"), "{again}");
    assert_eq!(desk.case("T-1").await?["id"], newer["id"], "one for each link");
    let opened = CustomerPage::at(host.vendor(), &link)?.press("join").await?;
    assert_eq!(opened.header("location"), newer["session_link"].as_str());
    Ok(())
}
