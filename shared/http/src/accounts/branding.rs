//! Branding as it is sent, on its way into the domain's types.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use casebridge_domain::branding::{Colour, Logo, LogoKind, LogoMark};
use casebridge_domain::hex::hex;
use casebridge_domain::{Branding, Malformed, Text};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::extract::Faults;

/// Bytes that a logo may have.
const LARGEST_LOGO: usize = 64 * 1024;

/// How the account's own pages shall look. What is left out (or null) stays as it is; an empty text takes it away.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BrandingWish {
    /// Instead of the account's name; at most 100 characters.
    #[schema(example = "Acme Service Desk")]
    name: Option<String>,
    /// Of buttons and edges, as `#rrggbb`. Text on it is black or white, whichever reads better.
    #[schema(example = "#0a58a8")]
    colour: Option<String>,
    /// A PNG or JPEG of at most 64 kB, as `data:image/png;base64,...`.
    #[schema(example = "data:image/png;base64,iVBORw0KGgo=")]
    logo: Option<String>,
}

/// What becomes of one piece.
#[derive(Debug, Clone, Default)]
pub(super) enum Piece<T> {
    /// It stays as it is.
    #[default]
    Stays,
    /// It is this from now on, or nothing.
    Becomes(Option<T>),
}

/// What shall change.
#[derive(Debug, Clone, Default)]
pub(super) struct BrandingChange {
    name: Piece<Text<100>>,
    colour: Piece<Colour>,
    pub(super) logo: Piece<Logo>,
}

impl BrandingWish {
    /// The change; whatever is wrong goes to `faults`.
    pub(super) fn parse(&self, faults: &mut Faults) -> BrandingChange {
        BrandingChange {
            name: piece("branding.name", self.name.as_deref(), Text::parse, faults),
            colour: piece("branding.colour", self.colour.as_deref(), Colour::parse, faults),
            logo: piece("branding.logo", self.logo.as_deref(), logo, faults),
        }
    }
}

impl BrandingChange {
    /// Makes the change, but for the logo, which is kept apart.
    pub(super) fn apply(&self, branding: &mut Branding) {
        if let Piece::Becomes(name) = &self.name {
            branding.name.clone_from(name);
        }
        if let Piece::Becomes(colour) = &self.colour {
            branding.colour = *colour;
        }
    }
}

fn piece<T>(
    field: &str,
    raw: Option<&str>,
    parse: impl FnOnce(&str) -> Result<T, Malformed>,
    faults: &mut Faults,
) -> Piece<T> {
    match raw {
        None => Piece::Stays,
        Some("") => Piece::Becomes(None),
        Some(raw) => faults.take(field, parse(raw)).map_or(Piece::Stays, |value| Piece::Becomes(Some(value))),
    }
}

/// What the bytes are counts, and has to be what they are said to be.
fn logo(raw: &str) -> Result<Logo, Malformed> {
    let refused = || Malformed::new("must be a PNG or JPEG as data:image/png;base64,... or data:image/jpeg;base64,...");
    let (said, data) = raw.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,")).ok_or_else(refused)?;
    let bytes = STANDARD.decode(data).map_err(|_| refused())?;
    if bytes.len() > LARGEST_LOGO {
        return Err(Malformed::new("must have at most 64 kB"));
    }
    let kind = LogoKind::of(&bytes).filter(|kind| kind.media_type() == said).ok_or_else(refused)?;
    let mark = LogoMark { kind, digest: hex(&Sha256::digest(&bytes)) };
    Ok(Logo { mark, data: STANDARD.encode(bytes) })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::TestApi;

    const PATH: &str = "/v1/accounts/acme";

    fn png(bytes: usize) -> String {
        let mut picture = b"\x89PNG\r\n\x1a\n".to_vec();
        picture.resize(bytes, 7);
        format!("data:image/png;base64,{}", STANDARD.encode(picture))
    }

    async fn set(api: &TestApi, body: &Value) -> Value {
        api.call("PATCH", PATH).key(&api.keys.admin).json(body).send().await.is(200)
    }

    #[tokio::test]
    async fn branding_is_set_piece_by_piece_and_taken_away_by_an_empty_text() {
        let api = TestApi::new().await;
        let before = api.call("GET", PATH).key(&api.keys.admin).send().await.is(200);
        assert_eq!((&before["branding"], &before["customer_link"]), (&json!({}), &json!("page")));
        set(&api, &json!({ "branding": { "name": "Acme Help", "logo": png(64 * 1024) } })).await;
        let after = set(&api, &json!({ "branding": { "colour": "#FFcc00", "name": null } })).await;
        assert_eq!(
            (&after["branding"]["name"], &after["branding"]["colour"]),
            (&json!("Acme Help"), &json!("#ffcc00"))
        );
        assert!(after["branding"]["logo"].as_str().unwrap().starts_with("/pages/logo/acme/"));
        let nothing = json!({ "branding": { "name": "", "logo": "", "colour": "" }, "customer_link": "direct" });
        let away = set(&api, &nothing).await;
        assert_eq!((&away["branding"], &away["customer_link"]), (&json!({}), &json!("direct")));
        let kept = api.call("GET", PATH).key(&api.keys.admin).send().await.is(200);
        assert_eq!(kept, away);
    }

    #[tokio::test]
    async fn what_is_no_safe_picture_is_refused_and_nothing_is_kept() {
        let api = TestApi::new().await;
        let writes = api.engine.writes();
        let svg = format!("data:image/svg+xml;base64,{}", STANDARD.encode("<svg/>"));
        let disguised = format!("data:image/png;base64,{}", STANDARD.encode("<svg onload='x'/>"));
        let mistaken = png(100).replace("image/png", "image/jpeg");
        for bad in [svg, disguised, mistaken, png(64 * 1024 + 1), "https://example.com/logo.png".to_owned()] {
            let body = json!({ "branding": { "name": "New", "logo": bad } });
            let answer = api.call("PATCH", PATH).key(&api.keys.admin).json(&body).send().await;
            answer.problem_with(422, "invalid-fields", &["branding.logo"]);
        }
        let body = json!({ "branding": { "colour": "red", "name": "x".repeat(101) }, "customer_link": "mail" });
        let answer = api.call("PATCH", PATH).key(&api.keys.admin).json(&body).send().await;
        answer.problem_with(422, "invalid-fields", &["customer_link", "branding.name", "branding.colour"]);
        assert_eq!(api.engine.writes(), writes);
    }
}
