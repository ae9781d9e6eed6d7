//! What all operations have in common: variables of the address, `Idempotency-Key`, problems, keys.

use utoipa::Modify;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Components, ContentBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder, SecurityRequirement,
};

/// The variables of addresses, with what they stand for.
const VARIABLES: [(&str, &str); 8] = [
    ("account", "The account's id"),
    ("ticket", "The vendor's id of the ticket, percent-encoded: 1 to 128 characters without / ? # % or \\"),
    ("device", "The vendor's id of the device, percent-encoded: 1 to 128 characters without / ? # % or \\"),
    ("technician", "The vendor's id of the support user, percent-encoded: 1 to 128 characters without / ? # % or \\"),
    ("case", "The case's id"),
    ("key", "The key's id, not the key"),
    ("endpoint", "The endpoint's id"),
    ("language", "en, pt, es, fr or zh; a tag such as pt-BR counts as its language"),
];

/// Refusals that any operation can answer with.
const ALWAYS: [(&str, &str); 3] =
    [("500", "`internal`"), ("503", "`unavailable`, with Retry-After"), ("507", "`store-full`")];

/// Refusals of operations that take a key.
const WITH_KEY: [(&str, &str); 3] = [("401", "`unauthorized`"), ("403", "`forbidden`"), ("404", "`not-found`")];

/// Refusals of operations that take a body.
const WITH_BODY: [(&str, &str); 4] = [
    ("400", "`malformed-request`: not JSON, or not the shape"),
    ("408", "`body-too-slow`"),
    ("413", "`body-too-large`"),
    ("415", "`not-json`"),
];

/// Adds what all operations have in common.
pub(super) struct Shared;

impl Modify for Shared {
    fn modify(&self, openapi: &mut OpenApi) {
        let components = openapi.components.get_or_insert_with(Components::new);
        components.add_security_scheme("key", key());
        components.add_security_scheme("signature", signature());
        components.add_security_scheme("widget token", widget_token());
        openapi.security = Some(vec![SecurityRequirement::new("key", Vec::<String>::new())]);
        for (path, item) in &mut openapi.paths.paths {
            let PathItem { get, put, post, delete, patch, .. } = item;
            for operation in [get, put, delete, patch].into_iter().flatten() {
                complete(path, operation);
            }
            if let Some(operation) = post {
                operation.parameters.get_or_insert_default().push(RefOr::T(idempotency_key()));
                complete(path, operation);
            }
        }
    }
}

fn key() -> SecurityScheme {
    let about = "A key of the account or of its vendor. Its scope is admin, technician, read or notify; admin includes \
                 all others, technician includes read.";
    SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(about)).build())
}

fn widget_token() -> SecurityScheme {
    let about = "A token that the vendor's back end makes with POST /v1/accounts/{account}/widget-tokens, for one ticket and \
                 one technician. It may be in a browser's hands.";
    SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(about)).build())
}

fn signature() -> SecurityScheme {
    let about = "Standard Webhooks: HMAC-SHA256 with the account's inbound secret over \"id.timestamp.body\", sent as \
                 webhook-id, webhook-timestamp and webhook-signature, within five minutes.";
    SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description("webhook-signature", about)))
}

fn complete(path: &str, operation: &mut Operation) {
    for (name, about) in VARIABLES.iter().filter(|(name, _)| path.contains(&format!("{{{name}}}"))) {
        let variable = text(name, ParameterIn::Path, Required::True, about);
        operation.parameters.get_or_insert_default().push(RefOr::T(variable));
    }
    let open = operation.security.as_ref().is_some_and(|needed| needed.contains(&SecurityRequirement::default()));
    let mut common: Vec<(&str, &str)> = Vec::new();
    if !open {
        common.extend(ALWAYS);
        common.extend(WITH_KEY);
    }
    if operation.request_body.is_some() {
        common.extend(WITH_BODY);
    }
    let responses = &mut operation.responses.responses;
    for (status, about) in common {
        responses
            .entry(status.to_owned())
            .or_insert_with(|| RefOr::T(ResponseBuilder::new().description(about).build()));
    }
    for (status, response) in responses.iter_mut() {
        if let (RefOr::T(response), true) = (response, status.as_str() >= "400") {
            as_problem(response);
        }
    }
}

fn as_problem(response: &mut Response) {
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    response.content.insert("application/problem+json".to_owned(), problem.into());
}

fn idempotency_key() -> Parameter {
    let about = "1 to 255 visible ASCII characters, in quotes or not: makes the request safe to repeat";
    text("Idempotency-Key", ParameterIn::Header, Required::False, about)
}

fn text(name: &str, place: ParameterIn, required: Required, about: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .description(Some(about))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).build()))
        .build()
}
