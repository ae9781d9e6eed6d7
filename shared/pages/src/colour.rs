//! An account's colour as a style sheet: with it what may stand on it, and an edge that is seen, whatever was chosen.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use casebridge_domain::branding::Colour;

use crate::files::{FOREVER, NOTHING, not_found};

/// What pages have where the account chose nothing.
pub(crate) const USUAL: &str = "#0a58a8";

/// The card and the text on it, light and dark; the same stand in `customer.css`.
const LIGHT: (&str, &str) = ("#ffffff", "#1b1f24");
const DARK: (&str, &str) = ("#1c2128", "#f2f4f7");

/// What WCAG asks for between a control and what is around it.
const SEEN: f64 = 3.0;

/// `GET /pages/colour/{rrggbb}.css`. It is made of the address alone: nobody's settings are looked at.
pub(crate) async fn sheet(Path(file): Path<String>) -> Response {
    let colour = file.strip_suffix(".css").and_then(|digits| Colour::parse(&format!("#{digits}")).ok());
    let Some(colour) = colour else { return not_found() };
    let head =
        [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, FOREVER), (CONTENT_SECURITY_POLICY, NOTHING)];
    (head, css(colour)).into_response()
}

/// Where the sheet of a colour is, below the installation's address.
pub(crate) fn name(colour: Option<Colour>) -> String {
    let colour = colour.map_or_else(|| USUAL.to_owned(), |colour| colour.to_string());
    format!("pages/colour/{}.css", colour.trim_start_matches('#'))
}

fn css(colour: Colour) -> String {
    let ink = if contrast(colour, [0; 3]) > contrast(colour, [255; 3]) { "#000000" } else { "#ffffff" };
    let (light, dark) = (edge(colour, LIGHT), edge(colour, DARK));
    format!(
        ":root{{--accent:{colour};--on-accent:{ink};--edge:{light}}}\n\
         @media (prefers-color-scheme:dark){{:root{{--edge:{dark}}}}}\n"
    )
}

/// The colour itself where it is seen on the card, else the text's.
fn edge(colour: Colour, (card, text): (&str, &str)) -> String {
    let seen = Colour::parse(card).is_ok_and(|card| contrast(colour, card.parts()) >= SEEN);
    if seen { colour.to_string() } else { text.to_owned() }
}

/// As WCAG 2 reckons it: 1 to 21.
fn contrast(colour: Colour, other: [u8; 3]) -> f64 {
    let (one, two) = (luminance(colour.parts()), luminance(other));
    (one.max(two) + 0.05) / (one.min(two) + 0.05)
}

fn luminance(parts: [u8; 3]) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    let [red, green, blue] = parts.map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Pages;

    fn of(css: &str, name: &str, nth: usize) -> Colour {
        let value = css.split(&format!("--{name}:")).nth(nth).unwrap().trim_start();
        Colour::parse(&value[..7]).unwrap()
    }

    #[test]
    fn text_on_any_colour_is_read_and_its_button_is_seen() {
        for step in 0..=0x00ff_ffff_u32 / 1031 {
            let colour = Colour::parse(&format!("#{:06x}", step * 1031)).unwrap();
            let css = css(colour);
            assert!(contrast(colour, of(&css, "on-accent", 1).parts()) >= 4.5, "{css}");
            for (nth, (card, _)) in [LIGHT, DARK].into_iter().enumerate() {
                let card = Colour::parse(card).unwrap();
                assert!(contrast(of(&css, "edge", nth + 1), card.parts()) >= SEEN, "{css}");
            }
        }
    }

    #[test]
    fn the_pages_own_words_are_read_on_their_grounds() {
        let sheet = include_str!("../assets/pages/customer.css");
        for (nth, theme) in [LIGHT, DARK].into_iter().enumerate() {
            let named = |name: &str| of(sheet, name, nth + 1);
            assert_eq!((named("card").to_string().as_str(), named("text").to_string().as_str()), theme);
            for ground in ["card", "field"] {
                for words in ["text", "soft"] {
                    let reached = contrast(named(words), named(ground).parts());
                    assert!(reached >= 4.5, "{words} on {ground}: {reached}");
                }
            }
        }
    }

    #[tokio::test]
    async fn a_colour_has_a_sheet_and_nothing_else_has() {
        let pages = Pages::new().await;
        let sheet = pages.get("/pages/colour/ffcc00.css").await;
        assert_eq!((sheet.status, sheet.header("content-type")), (200, "text/css; charset=utf-8"));
        assert!(sheet.text.starts_with(":root{--accent:#ffcc00;--on-accent:#000000;--edge:#1b1f24}"), "{}", sheet.text);
        for bad in ["ffcc0.css", "ffcc00", "red.css", "ffcc00%7D.css", "%23ffcc00.css"] {
            assert_eq!(pages.get(&format!("/pages/colour/{bad}")).await.status, 404, "{bad}");
        }
    }
}
