//! `PUT /v1/accounts/{account}/connection/shares`: shares the group with other support users.

use axum::Json;
use axum::extract::State;
use casebridge_app::connection::{ShareError, UserRef, share_with};
use casebridge_app::open_case::OpenCaseError;
use casebridge_domain::{EmailAddress, TeamViewerUserId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::ConnectionView;
use crate::Api;
use crate::extract::{Admin, Faults, JsonBody, Object};
use crate::problem::{Kind, Problem};

/// Users named at most (our own choice).
const USERS_LIMIT: usize = 200;

/// Everybody whom the group shall be shared with: whoever is not named loses it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShareRequest {
    /// At most 200.
    #[schema(value_type = Vec<UserWish>)]
    users: Vec<Object<UserWish>>,
}

/// A support user, by id or by address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserWish {
    /// TeamViewer's id.
    #[schema(example = "u11293276")]
    id: Option<String>,
    /// Needs a token that can list the company's users.
    #[schema(example = "sam@example.com")]
    email: Option<String>,
}

impl ShareRequest {
    fn parse(&self) -> Result<Vec<UserRef>, Problem> {
        let mut faults = Faults::default();
        if self.users.len() > USERS_LIMIT {
            faults.add("users", format!("must name at most {USERS_LIMIT} users"));
            return Err(faults.problem());
        }
        let mut users = Vec::with_capacity(self.users.len());
        for (place, user) in self.users.iter().enumerate() {
            let field = format!("users[{place}]");
            users.extend(match (&user.id, &user.email) {
                (Some(id), None) => faults.take(&format!("{field}.id"), TeamViewerUserId::parse(id)).map(UserRef::Id),
                (None, Some(email)) => {
                    faults.take(&format!("{field}.email"), EmailAddress::parse(email)).map(UserRef::Email)
                }
                _ => {
                    faults.add(&field, "must have either id or email");
                    None
                }
            });
        }
        if faults.is_empty() { Ok(users) } else { Err(faults.problem()) }
    }
}

impl From<ShareError> for Problem {
    fn from(error: ShareError) -> Self {
        match error {
            ShareError::Group(error) => group(error),
            ShareError::Outsiders(places) => {
                named(&places, "is no user of the TeamViewer company: only those can be given access to the group")
            }
            ShareError::IdsNeeded(places) => named(
                &places,
                "can't be looked up, because the token may not list users: give the TeamViewer id instead",
            ),
            ShareError::NotTaken(places) => {
                named(&places, "was not given access by TeamViewer: probably no user of the company")
            }
            ShareError::Overtaken => Self::new(Kind::ChangedMeanwhile),
            ShareError::Outside(error) => error.into(),
        }
    }
}

/// The group could not be had. Nothing waits for a ticket here, so only some of play's refusals can come up.
fn group(error: OpenCaseError) -> Problem {
    match error {
        OpenCaseError::NotConnected => Problem::new(Kind::NotConnected),
        OpenCaseError::Draining => Problem::new(Kind::Draining),
        OpenCaseError::TokenRefused => Problem::new(Kind::TokenRefused),
        OpenCaseError::NoSession(_, error) => error.into(),
        OpenCaseError::Outside(error) => error.into(),
        other => Problem::new(Kind::Internal).caused_by(other),
    }
}

fn named(places: &[usize], message: &str) -> Problem {
    let problem = Problem::new(Kind::InvalidFields);
    places.iter().fold(problem, |problem, place| problem.and_field(format!("users[{place}]"), message))
}

/// Shares the group with exactly these users. The group is made if the first case has not made it yet.
#[utoipa::path(
    put, path = "/v1/accounts/{account}/connection/shares", tag = "connection", operation_id = "shareGroup", request_body = ShareRequest,
    responses(
        (status = 200, body = ConnectionView),
        (status = 409, description = "`not-connected`, `connection-draining`, `token-refused`, `changed-meanwhile`"),
        (status = 422, description = "`invalid-fields`: users outside the company, or that can't be looked up")
    )
)]
pub async fn share(
    State(api): State<Api>,
    Admin(admitted): Admin,
    JsonBody(body): JsonBody<ShareRequest>,
) -> Result<Json<ConnectionView>, Problem> {
    let users = body.parse()?;
    let shared = share_with(&admitted.desk, &users).await;
    api.admissions.forget(admitted.desk.id());
    Ok(Json(ConnectionView::from(&shared?)))
}
