//! Who asks: a page with a widget token.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use casebridge_app::widget::{AtWidget, NotAtWidget};

use crate::Api;
use crate::extract::bearer;
use crate::problem::{Kind, Problem};

impl From<NotAtWidget> for Problem {
    fn from(error: NotAtWidget) -> Self {
        match error {
            NotAtWidget::UnknownToken => Self::unauthorized_by(Kind::WidgetTokenRefused),
            NotAtWidget::Expired => {
                Self::unauthorized_by(Kind::WidgetTokenRefused).detail("The widget token has expired.")
            }
            NotAtWidget::Outside(error) => error.into(),
        }
    }
}

/// Lets in whoever has a widget token.
#[derive(Clone)]
pub struct AtWidgetToken {
    /// What may be reached.
    pub at: AtWidget,
    /// The token itself, to look at it again later.
    pub(super) token: String,
}

impl FromRequestParts<Api> for AtWidgetToken {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let token = bearer(parts)?.to_owned();
        // What is no widget token is none here either, whatever it may be elsewhere.
        if !token.starts_with("cbw_") {
            return Err(Problem::unauthorized());
        }
        Ok(Self { at: api.admissions.to_widget(&token).await?, token })
    }
}
