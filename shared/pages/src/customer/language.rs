//! The language that a browser asks for.

use axum::http::HeaderValue;
use casebridge_domain::Language;

/// Of those that we have, the one that is wished most; of two alike the first.
pub(crate) fn asked_for(field: Option<&HeaderValue>) -> Option<Language> {
    let wishes = field?.to_str().ok()?.split(',').take(20).filter_map(|wish| {
        let mut parts = wish.split(';').map(str::trim);
        let language = Language::of_tag(parts.next()?)?;
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |raw| raw.parse::<f32>().ok())?;
        (weight > 0.0).then_some((language, weight))
    });
    wishes.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(language, _)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_wished_of_ours_is_taken() {
        for (field, language) in [
            ("fr", Some(Language::French)),
            ("de, fr;q=0.5, es;q=0.8", Some(Language::Spanish)),
            ("pt-BR,pt;q=0.9,en;q=0.8", Some(Language::Portuguese)),
            ("en;q=0, zh-CN;q=0.1", Some(Language::Chinese)),
            ("es;q=x, *", None),
            ("de", None),
            ("", None),
        ] {
            assert_eq!(asked_for(HeaderValue::from_str(field).ok().as_ref()), language, "{field}");
        }
        assert_eq!(asked_for(None), None);
    }
}
