//! The invitation: B3, B15, P1.

use casebridge_tests::{
    help_desk::{RITA, usual_play},
    host::Host,
};
use http::Method;
use serde_json::{Value, json};

use crate::run::{Outcome, SOON, on_every_host, soon};

mod invited {
    use super::*;

    on_every_host![
        b3_play_queues_the_invitation_and_it_is_sent,
        b3_a_requester_without_an_address_gets_no_mail_and_the_case_shows_the_code,
        p1_the_invitation_can_be_sent_again,
        p1_an_invitation_that_is_asked_for_twice_with_one_key_is_one_letter,
        p1_a_case_that_ended_invites_nobody,
    ];
}

mod written {
    use super::*;

    on_every_host![
        b3_the_mail_has_the_link_in_plain_text_and_html_and_nothing_of_the_supporter,
        b3_the_mail_is_in_the_requesters_language_else_the_accounts,
        b15_the_accounts_own_template_is_filled_in_and_html_is_escaped,
    ];

    crate::run::stack![b3_the_mail_has_the_link_in_plain_text_and_html_and_nothing_of_the_supporter];
}

async fn b3_play_queues_the_invitation_and_it_is_sent(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    assert_eq!(case["invitation"]["state"], "queued");
    soon("it is sent", async || Ok(desk.case("T-1").await?["invitation"]["state"] == "accepted")).await?;
    assert_eq!(host.kit().mail.to(RITA).await?.len(), 1);
    Ok(())
}

async fn b3_a_requester_without_an_address_gets_no_mail_and_the_case_shows_the_code(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let mut play = usual_play();
    play["requester"] = json!({ "name": "Phone Caller" });
    let case = desk.play_with("T-1", &play).await?.expect(201)?;
    assert!(case["invitation"].is_null(), "{case}");
    assert!(case["session_code"].is_string(), "{case}");
    let refused = desk.invite_again(&case).await?.expect_problem(409, "no-address")?;
    assert_eq!(refused["fix"], "Read the session code out to the requester.");
    desk.new_case("T-2").await?;
    host.kit().mail.arrive(RITA, 1, SOON).await?;
    assert_eq!(host.kit().mail.all().await?.len(), 1, "a later letter left, and no other");
    Ok(())
}

async fn p1_the_invitation_can_be_sent_again(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    host.kit().mail.arrive(RITA, 1, SOON).await?;
    let invited = desk.invite_again(&case).await?.expect(202)?;
    assert_eq!(invited["invitation"]["state"], "queued");
    let mails = host.kit().mail.arrive(RITA, 2, SOON).await?;
    assert_ne!(mails[0]["message_id"], mails[1]["message_id"], "another letter, not a copy");
    assert_eq!(mails[0]["subject"], mails[1]["subject"]);
    Ok(())
}

async fn p1_an_invitation_that_is_asked_for_twice_with_one_key_is_one_letter(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    let invite = desk.technician.call(Method::POST, &desk.case_path(&case, "/invitation")?);
    let invite = invite.json(&json!({})).header("Idempotency-Key", "again");
    let first = invite.clone().send().await?.expect(202)?;
    let second = invite.send().await?.expect(202)?;
    assert_eq!(first["invitation"]["at"], second["invitation"]["at"]);
    let mut later = usual_play();
    later["requester"]["email"] = json!("later@example.com");
    desk.play_with("T-2", &later).await?.expect(201)?;
    host.kit().mail.arrive("later@example.com", 1, SOON).await?;
    assert_eq!(host.kit().mail.arrive(RITA, 2, SOON).await?.len(), 2);
    Ok(())
}

async fn p1_a_case_that_ended_invites_nobody(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    desk.stop(&case).await?.expect(200)?;
    desk.invite_again(&case).await?.expect_problem(409, "case-ended")?;
    Ok(())
}

async fn b3_the_mail_has_the_link_in_plain_text_and_html_and_nothing_of_the_supporter(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    let mail = host.kit().mail.arrive(RITA, 1, SOON).await?.remove(0);
    let (link, code) = (case["customer_link"].as_str().unwrap(), case["session_code"].as_str().unwrap());
    let (text, html) = (mail["text"].as_str().unwrap(), mail["html"].as_str().unwrap());
    assert!(text.lines().any(|line| line == link), "{text}");
    assert!(html.contains(&format!("href=\"{link}\"")), "{html}");
    assert!(text.contains(code) && html.contains(code), "the code for the phone");
    assert!(text.contains("Anna Becker") && text.contains("Printer on fire") && text.contains("INC-1"), "{text}");
    assert_eq!(mail["subject"], "Your remote support session – ticket INC-1");
    assert_eq!(mail["from"], "support@casebridge.example");

    for name in ["supporter_link", "webclient_supporter_link"] {
        let supporter = case[name].as_str().unwrap();
        let secret = supporter.rsplit(['=', '/']).next().unwrap();
        for part in [text, html, mail["raw"].as_str().unwrap()] {
            assert!(!part.contains(supporter) && !part.contains(secret), "{name} is in the mail");
        }
    }
    Ok(())
}

async fn b3_the_mail_is_in_the_requesters_language_else_the_accounts(host: &Host) -> Outcome {
    let desk = host.help_desk_with("acme", &json!({ "language": "fr" })).await?;
    let languages = [
        ("en", json!("en")),
        ("pt", json!("pt-BR")),
        ("es", json!("es")),
        ("fr", json!("fr-CA")),
        ("zh", json!("zh-CN")),
        ("fr", json!("tlh")),
        ("fr", Value::Null),
    ];
    for (place, (language, tag)) in languages.into_iter().enumerate() {
        let address = format!("reader{place}@example.com");
        let mut play = usual_play();
        play["requester"] = json!({ "name": "Reader", "email": address, "language": tag });
        desk.play_with(&format!("T-{place}"), &play).await?.expect(201)?;
        let template = desk.admin.get(&desk.path(&format!("/mail-templates/{language}"))).await?.expect(200)?;
        assert_eq!(template["own"], false);
        let mail = host.kit().mail.arrive(&address, 1, SOON).await?.remove(0);
        let subject = template["subject"].as_str().unwrap().replace("{{ticket.number}}", "INC-1");
        assert_eq!(mail["subject"], subject.as_str(), "{tag}");
        let html = mail["html"].as_str().unwrap();
        assert!(html.contains(&format!("lang=\"{language}")), "{html}");
    }
    Ok(())
}

async fn b15_the_accounts_own_template_is_filled_in_and_html_is_escaped(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let template = json!({
        "subject": "[{{ticket.number}}] {{ticket.title}}",
        "text": "{{ticket.technician.name}} helps with {{ticket.title}}:\n{{teamviewer.customer_link}}",
        "html": "<p class=\"own\">{{ticket.technician.name}}: <a href=\"{{teamviewer.customer_link}}\">{{ticket.title}}</a></p>",
    });
    let saved = desk.admin.put(&desk.path("/mail-templates/en"), &template).await?.expect(200)?;
    assert_eq!(saved["own"], true);
    let mut play = usual_play();
    let title = "<img src=x onerror=alert(1)>";
    play["ticket"]["title"] = json!(title);
    let case = desk.play_with("T-1", &play).await?.expect(201)?;
    let mail = host.kit().mail.arrive(RITA, 1, SOON).await?.remove(0);
    let link = case["customer_link"].as_str().unwrap();
    assert_eq!(mail["subject"], format!("[INC-1] {title}"));
    let (text, html) = (mail["text"].as_str().unwrap(), mail["html"].as_str().unwrap());
    assert!(text.contains(&format!("Anna Becker helps with {title}:")) && text.contains(link), "{text}");
    assert!(html.contains("<p class=\"own\">Anna Becker: <a href="), "{html}");
    assert!(html.contains("&lt;img src=x onerror=alert(1)&gt;"), "{html}");
    assert!(!html.contains("<img"), "{html}");

    // Without HTML of its own it is made from the text, as safely.
    let plain = json!({ "subject": "S", "text": "About {{ticket.title}}\n{{teamviewer.customer_link}}" });
    desk.admin.put(&desk.path("/mail-templates/en"), &plain).await?.expect(200)?;
    play["requester"]["email"] = json!("second@example.com");
    desk.play_with("T-2", &play).await?.expect(201)?;
    let mail = host.kit().mail.arrive("second@example.com", 1, SOON).await?.remove(0);
    let html = mail["html"].as_str().unwrap();
    assert!(html.contains("About &lt;img src=x onerror=alert(1)&gt;") && !html.contains("<img"), "{html}");
    Ok(())
}
