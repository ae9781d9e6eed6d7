use casebridge_domain::text::Paragraph;
use casebridge_domain::{Language, Text};

use super::*;

const LINK: &str = r#"<a href="{{teamviewer.customer_link}}">Go</a>"#;

fn said(subject: &str, text: &str, html: Option<&str>) -> Vec<(&'static str, String)> {
    of(&MailTemplate {
        language: Language::English,
        subject: Text::parse(subject).unwrap(),
        text: Paragraph::parse(text).unwrap(),
        html: html.map(|html| Paragraph::parse(html).unwrap()),
    })
    .into_iter()
    .map(|fault| (fault.field, fault.fault.to_string()))
    .collect()
}

/// What is said about this HTML, which has its link.
fn of_html(html: &str) -> Vec<String> {
    let said = said("Hi", "{{teamviewer.customer_link}}", Some(&format!("{html}\n{LINK}")));
    said.into_iter().map(|(field, said)| (field == "html").then_some(said).unwrap()).collect()
}

#[test]
fn an_ordinary_body_is_fine() {
    for html in [
        "<p>Hello,<p>all is <b>well</b> &amp; good.<br/>",
        r#"<table width=600><tr><td style="color:red" title='{{ ticket.title }}'>{{ticket.number}}</table>"#,
        "<h1>{{ticket.technician.name}}</h1><ul><li>one<li>two</ul><hr>",
        r#"<A HREF="https://example.com/?a=1&amp;b=2">x</A> <a href="mailto:x@example.com">y</a> <a href='tel:+49'>z</a>"#,
        r#"<img src="https://example.com/logo.png" alt="{{ticket.title}}">"#,
        r#"<a href=" {{ teamviewer.customer_link }} ">{{teamviewer.customer_link}}</a>"#,
    ] {
        assert_eq!(of_html(html), [""; 0], "{html}");
    }
}

#[test]
fn an_unknown_parameter_is_told_with_its_field_and_place() {
    let faults = said("{{ticket.titel}}", "{{teamviewer.customer_link}} {{x}}", Some("<p>{{y</p>"));
    let told: Vec<_> = faults.iter().map(|(field, said)| (*field, said.split(';').next().unwrap())).collect();
    assert_eq!(
        told,
        [
            ("subject", "unknown parameter {{ticket.titel}} at line 1, column 1"),
            ("text", "unknown parameter {{x}} at line 1, column 30"),
            ("html", "{{ at line 1, column 4 is never closed by }}"),
        ]
    );
}

#[test]
fn a_body_without_the_customer_link_is_refused() {
    let missing = "must contain {{teamviewer.customer_link}}: without it the customer can't come";
    let faults = said("{{teamviewer.customer_link}}", "Hello", Some("<p>Hello</p>"));
    assert_eq!(faults, [("text", missing.to_owned()), ("html", missing.to_owned())]);
}

#[test]
fn what_runs_or_loads_something_is_refused() {
    for (html, said) in [
        ("x\n <script>alert(1)</script>", "<script> at line 2, column 2 is not allowed in a mail"),
        ("<IFRAME src='https://x'></IFRAME>", "<iframe> at line 1, column 1 is not allowed in a mail"),
        ("<object></object>", "<object> at line 1, column 1 is not allowed in a mail"),
        ("<embed>", "<embed> at line 1, column 1 is not allowed in a mail"),
        ("<form></form>", "<form> at line 1, column 1 is not allowed in a mail"),
        ("<svg/>", "<svg> at line 1, column 1 is not allowed in a mail"),
        ("<p OnClick='x'>", "onclick at line 1, column 13 is an event handler, which a mail can't have"),
        ("<p/onclick=x>", "onclick=x> at line 1, column 4 is not the > that must follow a / in a tag"),
        ("<p onload>", "onload at line 1, column 4 is an event handler, which a mail can't have"),
        (
            "<a href='javascript:alert(1)'>x</a>",
            "the href at line 1, column 10 must begin with https://, mailto: or tel:",
        ),
        (
            "<a href=' &#106;avascript:alert(1)'>x</a>",
            "the href at line 1, column 10 must begin with https://, mailto: or tel:",
        ),
        ("<img src=//x.example/y>", "the src at line 1, column 10 must begin with https://, mailto: or tel:"),
        (
            "<p style='background:URL(https://x)'>",
            "the style at line 1, column 11 may not name a parameter or load anything",
        ),
        (
            "<style>p{}</style>",
            "<style> at line 1, column 1 belongs to the page around the body, which is added; write only what goes inside",
        ),
        ("<!-- x -->", "<!-- x --> at line 1, column 1 is a comment or declaration, which a mail's body can't have"),
    ] {
        assert_eq!(of_html(html), [said], "{html}");
    }
}

#[test]
fn a_parameter_may_not_become_a_tag_an_attribute_or_a_link() {
    for (html, said) in [
        (
            "<{{ticket.title}} >",
            "<{{ticket.title}} > at line 1, column 1 is a < that begins no tag; write &lt; to show one",
        ),
        (
            "<p {{ticket.title}}>",
            "{{ticket.title}}> at line 1, column 4 is a parameter in a tag; there it may only stand in a quoted attribute value",
        ),
        (
            "<p title={{ticket.title}}>",
            "{{ticket.title}}> at line 1, column 10 is a parameter in a tag; there it may only stand in a quoted attribute value",
        ),
        (
            "<p title=x{{ticket.title}}>",
            "the value of title at line 1, column 10 names a parameter and must stand in quotes",
        ),
        (
            "<a href='{{ticket.title}}'>x</a>",
            "the href at line 1, column 10 names {{ticket.title}}; the only parameter that can be a link is href=\"{{teamviewer.customer_link}}\", alone",
        ),
        (
            "<a href='https://x/?{{ticket.number}}'>x</a>",
            "the href at line 1, column 10 names {{ticket.number}}; the only parameter that can be a link is href=\"{{teamviewer.customer_link}}\", alone",
        ),
        (
            "<a href='java{{teamviewer.customer_link}}'>x</a>",
            "the href at line 1, column 10 names {{teamviewer.customer_link}}; the only parameter that can be a link is href=\"{{teamviewer.customer_link}}\", alone",
        ),
        (
            "<img src='{{teamviewer.customer_link}}'>",
            "the src at line 1, column 11 names {{teamviewer.customer_link}}; the only parameter that can be a link is href=\"{{teamviewer.customer_link}}\", alone",
        ),
        (
            "<p style='color:{{ticket.title}}'>",
            "the style at line 1, column 11 may not name a parameter or load anything",
        ),
    ] {
        assert_eq!(of_html(html), [said], "{html}");
    }
}

#[test]
fn nothing_can_break_out_of_the_frame() {
    for (html, said) in [
        ("</div></div>", vec!["</div> at line 1, column 1", "</div> at line 1, column 7"]),
        ("<b><div></b></div>", vec!["</b> at line 1, column 9"]),
        ("<table><tr><td>x", vec!["<table> at line 1, column 1"]),
        ("<a href='https://x'>", vec!["<a> at line 1, column 1"]),
        ("</p>", vec!["</p> at line 1, column 1"]),
    ] {
        let told = of_html(html);
        assert!(said.iter().zip(&told).all(|(said, told)| told.starts_with(said)), "{html}: {told:?}");
        assert!(!told.is_empty());
    }
}
