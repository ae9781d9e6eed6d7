//! The HTML around and inside a letter: no images, no scripts, nothing from elsewhere.
//!
//! Colours that matter stand in the tags too, for mail readers that drop the style sheet.

use casebridge_domain::Language;

use crate::escape;

const STYLE: &str = include_str!("../templates/mail.css");

/// A whole HTML document; `card` is HTML already.
pub(crate) fn document(language: Language, subject: &str, account: &str, card: &str, foot: &str) -> String {
    let (subject, account, foot) = (escape::html(subject), escape::html(account), escape::html(foot));
    format!(
        r#"<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>{subject}</title>
<style>
{STYLE}</style>
</head>
<body>
<div class="page">
<div class="card">
<p class="account">{account}</p>
{card}</div>
<p class="foot">{foot}</p>
</div>
</body>
</html>
"#
    )
}

/// Closes the paragraph of these lines (HTML), if there is any.
pub(crate) fn end_paragraph(html: &mut String, lines: &mut Vec<String>) {
    if !lines.is_empty() {
        html.push_str("<p>");
        html.push_str(&lines.join("<br>\n"));
        html.push_str("</p>\n");
        lines.clear();
    }
}

/// A paragraph of plain words.
pub(crate) fn paragraph(words: &str) -> String {
    format!("<p>{}</p>\n", escape::html(words))
}

/// A smaller paragraph of plain words.
pub(crate) fn note(words: &str) -> String {
    format!("<p class=\"note\">{}</p>\n", escape::html(words))
}

/// A link to press.
pub(crate) fn button(label: &str, link: &str) -> String {
    let (label, link) = (escape::html(label), escape::html(link));
    format!(
        "<p class=\"button\"><a href=\"{link}\" style=\"display:block;padding:14px 24px;border-radius:10px;\
         background-color:#0a58a8;color:#ffffff;font-weight:600;text-align:center;text-decoration:none\">{label}</a></p>\n"
    )
}

/// A button with its address below, to see where it leads or to type it on another device.
pub(crate) fn customer_button(label: &str, link: &str) -> String {
    format!("{}<p class=\"address\">{}</p>\n", button(label, link), anchor(link))
}

/// A link that shows its address.
pub(crate) fn anchor(link: &str) -> String {
    let link = escape::html(link);
    format!("<a href=\"{link}\">{link}</a>")
}

/// The session code, large, with what it is for.
pub(crate) fn code(label: &str, code: &str, hint: Option<&str>) -> String {
    let (label, code) = (escape::html(label), escape::html(code));
    let hint = hint.map(|hint| format!("<p>{}</p>\n", escape::html(hint))).unwrap_or_default();
    format!("<div class=\"code\">\n<p>{label}</p>\n<p class=\"digits\">{code}</p>\n{hint}</div>\n")
}
