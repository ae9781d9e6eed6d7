//! The service's own refusals, in its words and shapes.

use bytes::Bytes;
use http::{Response, StatusCode, header::CONTENT_TYPE};
use serde_json::{Value, json};

use super::Operation;

const DYNAMODB: &str = "com.amazonaws.dynamodb.v20120810#";

pub(super) fn conflict(operation: Operation, request: &Value, item: usize) -> Response<Bytes> {
    if !operation.is_transaction() {
        return refusal(
            StatusCode::BAD_REQUEST,
            &json!({
                "__type": format!("{DYNAMODB}TransactionConflictException"),
                "message": "Transaction is ongoing for the item",
            }),
        );
    }
    let items = request["TransactItems"].as_array().map_or(1, Vec::len);
    let conflicting = item % items.max(1);
    let reasons: Vec<Value> = (0..items)
        .map(|place| {
            if place == conflicting {
                json!({"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"})
            } else {
                json!({"Code": "None"})
            }
        })
        .collect();
    let codes: Vec<&str> = reasons.iter().filter_map(|reason| reason["Code"].as_str()).collect();
    let message =
        format!("Transaction cancelled, please refer cancellation reasons for specific reasons [{}]", codes.join(", "));
    refusal(
        StatusCode::BAD_REQUEST,
        &json!({
            "__type": format!("{DYNAMODB}TransactionCanceledException"),
            "Message": message,
            "CancellationReasons": reasons,
        }),
    )
}

pub(super) fn throttled() -> Response<Bytes> {
    refusal(
        StatusCode::BAD_REQUEST,
        &json!({
            "__type": "com.amazon.coral.availability#ThrottlingException",
            "message": "Rate of requests exceeds the allowed throughput.",
        }),
    )
}

pub(super) fn over_throughput() -> Response<Bytes> {
    refusal(
        StatusCode::BAD_REQUEST,
        &json!({
            "__type": format!("{DYNAMODB}ProvisionedThroughputExceededException"),
            "message": "The level of configured provisioned throughput for the table was exceeded. \
                        Consider increasing your provisioning level with the UpdateTable API.",
        }),
    )
}

pub(super) fn internal_error() -> Response<Bytes> {
    refusal(
        StatusCode::INTERNAL_SERVER_ERROR,
        &json!({"__type": format!("{DYNAMODB}InternalServerError"), "message": "Internal server error"}),
    )
}

fn refusal(status: StatusCode, body: &Value) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::from(body.to_string()));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static("application/x-amz-json-1.0"));
    answer
}
