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

#[cfg(test)]
mod tests {
    use casebridge_app::ports::teamviewer::ListedUser;
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::{Answer, TestApi};

    async fn share(api: &TestApi, users: &Value) -> Answer {
        let path = "/v1/accounts/acme/connection/shares";
        api.call("PUT", path).key(&api.keys.admin).json(&json!({ "users": users })).send().await
    }

    #[tokio::test]
    async fn the_group_is_shared_with_exactly_those_who_are_named() {
        let api = TestApi::connected().await;
        let sam = ListedUser {
            id: TeamViewerUserId::parse("u7").unwrap(),
            name: Some("Sam".to_owned()),
            email: EmailAddress::parse("sam@example.com").ok(),
        };
        api.teamviewer.company().users = Some(vec![sam]);
        let shared = share(&api, &json!([{ "email": "SAM@example.com" }])).await.is(200);
        assert_eq!(shared["shares"], json!([{ "id": "u7", "name": "Sam" }]));
        assert_eq!(shared["group"], json!({ "name": "BOSS", "id": "g1" }));
        assert_eq!(share(&api, &json!([])).await.is(200)["shares"], json!([]));
        assert!(api.teamviewer.company().groups[0].shared_with.is_empty());
    }

    #[tokio::test]
    async fn who_cannot_be_given_access_is_named_with_the_reason() {
        let api = TestApi::connected().await;
        let users = json!([{ "id": "u9" }, { "email": "out@example.com" }]);
        // The token can't list users: ids are taken as they are, addresses can't be looked up.
        share(&api, &users).await.problem_with(422, "invalid-fields", &["users[1]"]);
        api.teamviewer.company().users = Some(Vec::new());
        share(&api, &users).await.problem_with(422, "invalid-fields", &["users[0]", "users[1]"]);
        let writes = api.engine.writes();
        let users = json!([{ "id": "9" }, { "email": "x" }, {}, { "id": "u1", "email": "a@b.c" }]);
        let fields = ["users[0].id", "users[1].email", "users[2]", "users[3]"];
        share(&api, &users).await.problem_with(422, "invalid-fields", &fields);
        let many: Vec<Value> = (0..201).map(|n| json!({ "id": format!("u{n}") })).collect();
        share(&api, &json!(many)).await.problem_with(422, "invalid-fields", &["users"]);
        assert_eq!(api.engine.writes(), writes);
        assert!(api.teamviewer.company().groups.iter().all(|group| group.shared_with.is_empty()));
    }

    #[tokio::test]
    async fn without_a_connection_there_is_nothing_to_share() {
        let api = TestApi::new().await;
        share(&api, &json!([])).await.problem(409, "not-connected");
    }
}
