//! Which items a request writes.

use serde_json::Value;

use super::Operation;

/// An item as a request names it: by its key, or whole.
#[derive(Debug, PartialEq)]
pub(super) struct Written {
    pub(super) table: String,
    pub(super) attributes: serde_json::Map<String, Value>,
}

pub(super) fn written(operation: Operation, request: &Value) -> Vec<Written> {
    match operation {
        Operation::PutItem | Operation::UpdateItem | Operation::DeleteItem => one(request).into_iter().collect(),
        Operation::TransactWriteItems => {
            let items = request["TransactItems"].as_array().into_iter().flatten();
            items
                .filter_map(|item| {
                    let write = ["Put", "Update", "Delete"].iter().find_map(|kind| item.get(kind));
                    one(write?)
                })
                .collect()
        }
        Operation::BatchWriteItem => {
            let tables = request["RequestItems"].as_object().into_iter().flatten();
            tables
                .flat_map(|(table, writes)| {
                    let writes = writes.as_array().into_iter().flatten();
                    writes.filter_map(move |write| {
                        let item = write.pointer("/PutRequest/Item");
                        let attributes = item.or_else(|| write.pointer("/DeleteRequest/Key"))?;
                        Some(Written { table: table.clone(), attributes: attributes.as_object()?.clone() })
                    })
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

fn one(write: &Value) -> Option<Written> {
    Some(Written {
        table: write["TableName"].as_str()?.to_owned(),
        attributes: write.get("Item").or_else(|| write.get("Key"))?.as_object()?.clone(),
    })
}
