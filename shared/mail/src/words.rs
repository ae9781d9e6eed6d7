//! Puts letters into words, in five languages.
//!
//! Around the body, which the account may write itself, stands a frame that it can't change: the account's name above;
//! the session code, how long the link works, and what to do with an unexpected mail below. Text and HTML have the same.

use casebridge_app::ports::Renderer;
use casebridge_app::ports::mail::{
    About, AskedFacts, DisownedFacts, InvitationFacts, Occasion, OnlineFacts, Rendered, TemplateFault,
};
use casebridge_domain::Language;
use casebridge_domain::mail_template::MailTemplate;
use casebridge_domain::text::Paragraph;

use crate::body::Values;
use crate::moment::moment;
use crate::phrases::{Phrases, fill};
use crate::{default_template, escape, faults, page};

/// The product's words for every letter.
#[derive(Debug, Clone, Copy, Default)]
pub struct Words;

impl Renderer for Words {
    fn render(&self, language: Language, occasion: &Occasion) -> Rendered {
        match occasion {
            Occasion::Invitation { template: Some(own), facts } => {
                let html = own.html.as_ref().map(Paragraph::as_str);
                invitation(language, own.subject.as_str(), own.text.as_str(), html, facts)
            }
            Occasion::Invitation { template: None, facts } => {
                let (subject, text) = default_template::of(language);
                invitation(language, subject, text, None, facts)
            }
            Occasion::CustomerOnline(facts) => online(language, facts),
            Occasion::HelpAsked(facts) => asked(language, facts),
            Occasion::Disowned(facts) => disowned(language, facts),
        }
    }

    fn default_template(&self, language: Language) -> MailTemplate {
        default_template::as_own(language)
    }

    fn faults(&self, template: &MailTemplate) -> Vec<TemplateFault> {
        faults::of(template)
    }
}

fn invitation(language: Language, subject: &str, text: &str, html: Option<&str>, facts: &InvitationFacts) -> Rendered {
    let phrases = Phrases::of(language);
    let values = Values::new(facts, phrases);
    let subject = escape::one_line(&values.text(subject));
    let account = facts.account_name.as_str();
    let code = facts.session_code.to_string();
    let until = fill(phrases.valid_until, &[("time", &moment(phrases, facts.valid_until, facts.time_zone))]);
    let sent_by = fill(phrases.sent_by, &[("account", account)]);

    let body = html.map_or_else(|| values.html_of_text(text), |own| format!("<div>\n{}\n</div>\n", values.html(own)));
    let card = [
        body,
        page::code(phrases.session_code, &code, Some(phrases.code_hint)),
        page::note(&until),
        page::note(phrases.unexpected),
    ];
    let html = page::document(language, &subject, account, &card.concat(), &sent_by);
    let text = [
        account,
        &values.text(text),
        &format!("{}{}{code}\n{}", phrases.session_code, phrases.colon, phrases.code_hint),
        &until,
        phrases.unexpected,
        &sent_by,
    ];
    Rendered { subject, text: paragraphs(&text), html }
}

fn online(language: Language, facts: &OnlineFacts) -> Rendered {
    let phrases = Phrases::of(language);
    let ([subject, lead], [number, title]) = match &facts.about {
        About::Ticket { number, title } => {
            ([phrases.online_subject, phrases.online_lead], [number.as_str(), title.as_str()])
        }
        About::Device { name } => ([phrases.online_subject_device, phrases.online_lead_device], [name.as_str(); 2]),
    };
    let told = [("requester", facts.requester_name.as_str()), ("number", number), ("title", title), ("device", title)];
    let subject = escape::one_line(&fill(subject, &told));
    let lead = fill(lead, &told);
    let account = facts.account_name.as_str();
    let code = facts.session_code.to_string();
    let since = fill(phrases.online_since, &[("time", &moment(phrases, facts.online_at, facts.time_zone))]);
    let sent_by = fill(phrases.sent_by, &[("account", account)]);
    let ways: Vec<(&str, &str)> =
        [(phrases.join_app, &facts.supporter_link), (phrases.join_browser, &facts.webclient_supporter_link)]
            .into_iter()
            .filter_map(|(label, link)| Some((label, escape::link(link.as_ref()?.as_str()))))
            .collect();
    let advice = if ways.is_empty() { phrases.open_ticket } else { phrases.keep_links };

    let mut card = page::paragraph(&lead);
    card.extend(ways.iter().map(|(label, link)| page::button(label, link)));
    card.push_str(&page::code(phrases.session_code, &code, None));
    card.push_str(&page::note(&since));
    card.push_str(&page::note(advice));
    let html = page::document(language, &subject, account, &card, &sent_by);

    let mut text = vec![account.to_owned(), lead];
    text.extend(ways.iter().map(|(label, link)| format!("{label}{}\n{link}", phrases.colon.trim_end_matches(' '))));
    text.extend([format!("{}{}{code}", phrases.session_code, phrases.colon), since, advice.to_owned(), sent_by]);
    Rendered { subject, text: paragraphs(&text), html }
}

fn disowned(language: Language, facts: &DisownedFacts) -> Rendered {
    let phrases = Phrases::of(language);
    let time = moment(phrases, facts.disowned_at, facts.time_zone);
    let ([subject, lead], [number, title]) = match &facts.about {
        About::Ticket { number, title } => {
            ([phrases.disowned_subject, phrases.disowned_lead], [number.as_str(), title.as_str()])
        }
        About::Device { name } => ([phrases.disowned_subject_device, phrases.disowned_lead_device], [name.as_str(); 2]),
    };
    let told = [
        ("requester", facts.requester_name.as_str()),
        ("number", number),
        ("title", title),
        ("device", title),
        ("time", &time),
    ];
    let subject = escape::one_line(&fill(subject, &told));
    let lead = fill(lead, &told);
    let account = facts.account_name.as_str();
    let code = facts.session_code.as_ref().map(ToString::to_string);
    let sent_by = fill(phrases.sent_by, &[("account", account)]);

    let mut card = page::paragraph(&lead);
    card.push_str(&page::paragraph(phrases.disowned_advice));
    card.extend(code.as_deref().map(|code| page::code(phrases.session_code, code, None)));
    let html = page::document(language, &subject, account, &card, &sent_by);

    let mut text = vec![account.to_owned(), lead, phrases.disowned_advice.to_owned()];
    text.extend(code.map(|code| format!("{}{}{code}", phrases.session_code, phrases.colon)));
    text.push(sent_by);
    Rendered { subject, text: paragraphs(&text), html }
}

fn asked(language: Language, facts: &AskedFacts) -> Rendered {
    let phrases = Phrases::of(language);
    let time = moment(phrases, facts.until, facts.time_zone);
    let ([subject, lead], [number, title]) = match &facts.about {
        About::Ticket { number, title } => {
            ([phrases.asked_subject, phrases.asked_lead], [number.as_str(), title.as_str()])
        }
        About::Device { name } => ([phrases.asked_subject_device, phrases.asked_lead_device], [name.as_str(); 2]),
    };
    let told = [("requester", facts.requester_name.as_str()), ("number", number), ("title", title), ("device", title)];
    let subject = escape::one_line(&fill(subject, &told));
    let lead = fill(lead, &told);
    let account = facts.account_name.as_str();
    let until = fill(phrases.asked_until, &[("time", &time)]);
    let sent_by = fill(phrases.sent_by, &[("account", account)]);
    let note = facts.note.as_ref().map(Paragraph::as_str);

    let mut card = page::paragraph(&lead);
    card.extend(note.map(page::paragraph));
    card.push_str(&page::note(&until));
    let html = page::document(language, &subject, account, &card, &sent_by);

    let mut text = vec![account.to_owned(), lead];
    text.extend(note.map(str::to_owned));
    text.extend([until, sent_by]);
    Rendered { subject, text: paragraphs(&text), html }
}

fn paragraphs<P: AsRef<str>>(paragraphs: &[P]) -> String {
    let mut text = paragraphs.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join("\n\n");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests;
