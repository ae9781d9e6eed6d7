use casebridge_domain::{SessionCode, Text, TimeZone};

use super::*;

const LINK: &str = "https://help.acme.example/j/9fQ2?a=1&b=2";

fn invitation_facts() -> InvitationFacts {
    InvitationFacts {
        account_name: Text::parse("Acme Service Desk").unwrap(),
        customer_link: Text::parse(LINK).unwrap(),
        ticket_title: Text::parse("Printer on 3rd floor prints only half pages").unwrap(),
        ticket_number: Text::parse("INC-4711").unwrap(),
        technician_name: Some(Text::parse("Ana Souza").unwrap()),
        session_code: SessionCode::parse("s119457589").unwrap(),
        valid_until: "2026-08-05T14:05:00Z".parse().unwrap(),
        time_zone: TimeZone::parse("America/Sao_Paulo").unwrap(),
    }
}

fn about(title: &str) -> About {
    About::Ticket { number: Text::parse("INC-4711").unwrap(), title: Text::parse(title).unwrap() }
}

fn online_facts() -> OnlineFacts {
    OnlineFacts {
        account_name: Text::parse("Acme Service Desk").unwrap(),
        requester_name: Text::parse("Jane Roe").unwrap(),
        about: about("Printer on 3rd floor prints only half pages"),
        session_code: SessionCode::parse("s119457589").unwrap(),
        supporter_link: Some(Text::parse("https://get.teamviewer.com/s119457589/supporter?t=a&s=b").unwrap()),
        webclient_supporter_link: Some(Text::parse("https://webclient.teamviewer.com/s119457589").unwrap()),
        online_at: "2026-08-05T14:05:00Z".parse().unwrap(),
        time_zone: TimeZone::parse("America/Sao_Paulo").unwrap(),
    }
}

fn asked_facts() -> AskedFacts {
    AskedFacts {
        account_name: Text::parse("Acme & Söhne").unwrap(),
        requester_name: Text::parse("Jane <Doe>").unwrap(),
        about: About::Ticket {
            number: Text::parse("INC-1").unwrap(),
            title: Text::parse("Printer <on> fire").unwrap(),
        },
        note: Paragraph::parse("It smokes & <stinks>").ok(),
        asked_at: "2026-08-05T14:05:00Z".parse().unwrap(),
        until: "2026-08-05T15:05:00Z".parse().unwrap(),
        time_zone: TimeZone::parse("Europe/Paris").unwrap(),
    }
}

fn disowned_facts() -> DisownedFacts {
    DisownedFacts {
        account_name: Text::parse("Acme Service Desk").unwrap(),
        requester_name: Text::parse("Jane Roe").unwrap(),
        about: about("Printer on 3rd floor prints only half pages"),
        session_code: Some(SessionCode::parse("s119457589").unwrap()),
        disowned_at: "2026-08-05T14:05:00Z".parse().unwrap(),
        time_zone: TimeZone::parse("America/Sao_Paulo").unwrap(),
    }
}

fn invited(language: Language, facts: InvitationFacts) -> Rendered {
    Words.render(language, &Occasion::Invitation { template: None, facts })
}

fn invited_by(text: &str, html: Option<&str>, facts: InvitationFacts) -> Rendered {
    let template = MailTemplate {
        language: Language::English,
        subject: Text::parse("{{ticket.number}}: {{ticket.title}}").unwrap(),
        text: Paragraph::parse(text).unwrap(),
        html: html.map(|html| Paragraph::parse(html).unwrap()),
    };
    Words.render(Language::English, &Occasion::Invitation { template: Some(template), facts })
}

/// Compares with the file; `CASEBRIDGE_WRITE_GOLDEN=1` writes it anew, to be read before it is committed.
fn golden(name: &str, found: &str) {
    let path = format!("{}/src/words/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("CASEBRIDGE_WRITE_GOLDEN").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == found, "{name} has changed:\n{found}");
}

#[test]
fn every_language_has_its_letters() {
    for language in Language::ALL {
        let invitation = invited(language, invitation_facts());
        golden(&format!("invitation.{language}.txt"), &format!("{}\n\n{}", invitation.subject, invitation.text));
        golden(&format!("invitation.{language}.html"), &invitation.html);
        let online = Words.render(language, &Occasion::CustomerOnline(online_facts()));
        golden(&format!("online.{language}.txt"), &format!("{}\n\n{}", online.subject, online.text));
        golden(&format!("online.{language}.html"), &online.html);
        let disowned = Words.render(language, &Occasion::Disowned(disowned_facts()));
        golden(&format!("disowned.{language}.txt"), &format!("{}\n\n{}", disowned.subject, disowned.text));
        golden(&format!("disowned.{language}.html"), &disowned.html);
        let asked = Words.render(language, &Occasion::HelpAsked(asked_facts()));
        golden(&format!("asked.{language}.txt"), &format!("{}\n\n{}", asked.subject, asked.text));
        golden(&format!("asked.{language}.html"), &asked.html);
    }
}

#[test]
fn a_letter_about_a_device_names_the_device_and_no_ticket() {
    for language in Language::ALL {
        let about = || About::Device { name: "Jane's <tablet>".to_owned() };
        let online = Occasion::CustomerOnline(OnlineFacts { about: about(), ..online_facts() });
        let disowned = Occasion::Disowned(DisownedFacts { about: about(), ..disowned_facts() });
        for letter in [Words.render(language, &online), Words.render(language, &disowned)] {
            assert!(
                letter.subject.contains("Jane's <tablet>") && letter.text.contains("Jane's <tablet>"),
                "{letter:?}"
            );
            assert!(letter.html.contains(&escape::html("Jane's <tablet>")) && !letter.html.contains("<tablet>"));
            assert!(!letter.text.contains("INC-4711") && !letter.subject.contains('{'), "{letter:?}");
        }
    }
}

#[test]
fn a_letter_loads_nothing_and_runs_nothing() {
    for language in Language::ALL {
        for html in [
            invited(language, invitation_facts()).html,
            Words.render(language, &Occasion::CustomerOnline(online_facts())).html,
            Words.render(language, &Occasion::Disowned(disowned_facts())).html,
        ] {
            for never in ["<script", "<img", "<link", "url(", "@import", "src=", "onload", "{{", "}}"] {
                assert!(!html.contains(never), "{language}: {never}");
            }
        }
    }
}

#[test]
fn a_hostile_ticket_title_shows_as_text_everywhere() {
    for title in ["<img src=x onerror=alert(1)>", "\"><script>alert(1)</script>", "' onclick='x", "{{ticket.number}}"] {
        let facts = || InvitationFacts { ticket_title: Text::parse(title).unwrap(), ..invitation_facts() };
        let own = r#"<p title="{{ticket.title}}" lang='{{ticket.title}}'>{{ticket.title}}</p>
            <a href="{{teamviewer.customer_link}}">Go</a>"#;
        let online = OnlineFacts { about: about(title), ..online_facts() };
        let disowned = DisownedFacts { about: about(title), ..disowned_facts() };
        for letter in [
            invited(Language::English, facts()),
            Words.render(Language::English, &Occasion::Disowned(disowned)),
            invited_by("{{ticket.title}} {{teamviewer.customer_link}}", Some(own), facts()),
            Words.render(Language::English, &Occasion::CustomerOnline(online)),
        ] {
            assert!(!letter.html.contains("<script") && !letter.html.contains("<img"), "{}", letter.html);
            assert!(!letter.html.contains("' onclick") && !letter.html.contains("\" onclick"), "{}", letter.html);
            assert!(letter.html.contains(&escape::html(title)), "{}", letter.html);
            assert!(letter.text.contains(title), "{}", letter.text);
        }
    }
}

#[test]
fn only_a_link_that_may_be_followed_becomes_one() {
    let facts = InvitationFacts { customer_link: Text::parse("javascript:alert(1)").unwrap(), ..invitation_facts() };
    let own = r#"<a href="{{teamviewer.customer_link}}">Go</a>"#;
    for html in [
        invited(Language::English, facts.clone()).html,
        invited_by("{{teamviewer.customer_link}}", Some(own), facts).html,
    ] {
        assert!(!html.contains("javascript:"), "{html}");
        assert!(html.contains("href=\"about:blank\""), "{html}");
    }
}

#[test]
fn the_accounts_own_text_is_made_into_paragraphs_a_button_and_links() {
    let text =
        "Hi & welcome,\nplease come:\n{{teamviewer.customer_link}}\n\n\nOr <here>: {{teamviewer.customer_link}}.";
    let html = invited_by(text, None, invitation_facts()).html;
    let link = "https://help.acme.example/j/9fQ2?a=1&amp;b=2";
    assert!(html.contains("<p>Hi &amp; welcome,<br>\nplease come:</p>\n<p class=\"button\">"), "{html}");
    assert!(html.contains(&format!("<p>Or &lt;here&gt;: <a href=\"{link}\">{link}</a>.</p>")), "{html}");
}

#[test]
fn the_frame_is_the_same_whoever_wrote_the_body_and_in_both_parts() {
    let own =
        invited_by("{{teamviewer.customer_link}}", Some("<p>{{teamviewer.customer_link}}</p>"), invitation_facts());
    for part in [&own.text, &own.html] {
        for framed in [
            "Acme Service Desk",
            "s119-457-589",
            "5 August 2026 at 11:05 (America/Sao_Paulo, UTC−03:00)",
            "Not expecting this?",
            "Sent automatically",
        ] {
            assert!(part.contains(framed), "{framed}: {part}");
        }
    }
}

#[test]
fn a_ticket_without_technician_names_the_team() {
    let facts = || InvitationFacts { technician_name: None, ..invitation_facts() };
    for (language, team) in [
        (Language::English, "our support team would like"),
        (Language::Portuguese, "nossa equipe de suporte gostaria"),
        (Language::Spanish, "nuestro equipo de soporte desea"),
        (Language::French, "notre équipe d’assistance souhaite"),
        (Language::Chinese, "我们的支持团队希望"),
    ] {
        assert!(invited(language, facts()).text.contains(team), "{language}");
    }
    let own = invited_by("Regards\n{{ticket.technician.name}} {{teamviewer.customer_link}}", None, facts());
    assert!(own.text.contains("Regards\nOur support team https://"), "{}", own.text);
}

#[test]
fn a_notice_without_links_sends_the_technician_to_the_ticket() {
    let facts = OnlineFacts { supporter_link: None, webclient_supporter_link: None, ..online_facts() };
    let notice = Words.render(Language::English, &Occasion::CustomerOnline(facts));
    assert!(notice.text.contains("Please open the ticket to join the session."));
    assert!(!notice.html.contains("class=\"button\""));
}

#[test]
fn a_subject_is_one_line() {
    for language in Language::ALL {
        assert!(!invited(language, invitation_facts()).subject.contains(char::is_control));
    }
    assert_eq!(
        invited_by("{{teamviewer.customer_link}}", None, invitation_facts()).subject,
        "INC-4711: Printer on 3rd floor prints only half pages"
    );
}
