//! Where `DynamoDB` is, and who we are there.

use std::env;

use aws_sdk_dynamodb::config::Credentials;

/// Region, endpoint and credentials. Shows no secret when it is printed.
#[derive(Debug, Clone)]
pub struct Access {
    /// `AWS_REGION`: the services of one region work together.
    pub region: String,
    /// `AWS_ENDPOINT_URL_DYNAMODB`, for a stand-in.
    pub endpoint: Option<String>,
    /// Who the process is, for all services.
    pub credentials: Credentials,
}

/// The environment says too little.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not set: Lambda sets it; elsewhere it has to be set for this process")]
pub struct AccessError(&'static str);

impl Access {
    /// As the environment has it: what Lambda sets, and `AWS_ENDPOINT_URL_DYNAMODB` or `AWS_ENDPOINT_URL` for a stand-in.
    ///
    /// Lambda's credentials stay the same for the life of a process, so they are read once.
    pub fn from_env() -> Result<Self, AccessError> {
        Self::from_variables(|name| env::var(name).ok())
    }

    /// As these variables have it, by the same names.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, AccessError> {
        let variable = |name| variable(name).filter(|value| !value.is_empty());
        let needed = |name| variable(name).ok_or(AccessError(name));
        Ok(Self {
            region: variable("AWS_REGION")
                .or_else(|| variable("AWS_DEFAULT_REGION"))
                .ok_or(AccessError("AWS_REGION"))?,
            endpoint: variable("AWS_ENDPOINT_URL_DYNAMODB").or_else(|| variable("AWS_ENDPOINT_URL")),
            credentials: Credentials::new(
                needed("AWS_ACCESS_KEY_ID")?,
                needed("AWS_SECRET_ACCESS_KEY")?,
                variable("AWS_SESSION_TOKEN"),
                None,
                "environment",
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAMBDA: [(&str, &str); 4] = [
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "the id"),
        ("AWS_SECRET_ACCESS_KEY", "the secret"),
        ("AWS_SESSION_TOKEN", "the token"),
    ];

    fn access(variables: &[(&str, &str)]) -> Result<Access, AccessError> {
        let value = |name: &str| variables.iter().find(|(other, _)| *other == name).map(|(_, value)| *value);
        Access::from_variables(|name| value(name).map(str::to_owned))
    }

    #[test]
    fn what_lambda_sets_is_enough() {
        let access = access(&LAMBDA).unwrap();
        assert_eq!((access.region.as_str(), access.endpoint), ("eu-central-1", None));
        assert_eq!(access.credentials.session_token(), Some("the token"));
    }

    #[test]
    fn it_shows_neither_secret_nor_token() {
        let shown = format!("{:?}", access(&LAMBDA).unwrap());
        assert!(!shown.contains("the secret") && !shown.contains("the token"), "{shown}");
    }

    #[test]
    fn what_is_missing_or_empty_is_named() {
        for (place, (name, _)) in LAMBDA.iter().enumerate().take(3) {
            let mut without = LAMBDA;
            without[place].1 = "";
            assert_eq!(access(&without).unwrap_err(), AccessError(name));
        }
    }

    #[test]
    fn a_stand_in_for_dynamodb_goes_before_one_for_everything() {
        let both = [("AWS_ENDPOINT_URL", "http://all"), ("AWS_ENDPOINT_URL_DYNAMODB", "http://dynamodb")];
        for (given, expected) in [(&both[..1], "http://all"), (&both[..], "http://dynamodb")] {
            let access = access(&[&LAMBDA[..], given].concat()).unwrap();
            assert_eq!(access.endpoint.as_deref(), Some(expected));
        }
    }
}
