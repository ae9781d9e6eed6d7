//! A row of the baseline: about the fields of a service case.

use rusqlite::{Connection, Result, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A new row, as the client sends it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct NewRow {
    pub(crate) ticket: String,
    pub(crate) title: String,
    pub(crate) requester: String,
    pub(crate) technician: String,
    pub(crate) history: String,
}

/// A row, as the client gets it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Row {
    pub(crate) id: String,
    state: String,
    #[serde(flatten)]
    new: NewRow,
}

impl NewRow {
    /// A row whose columns have `bytes` together.
    pub(crate) fn of_size(bytes: usize) -> Self {
        let mut row = Self {
            ticket: "INC-4711".to_owned(),
            title: "Printer on fire".to_owned(),
            requester: "Rita Requester <rita@example.com>".to_owned(),
            technician: "Anna Becker <anna@northwind.example>".to_owned(),
            history: String::new(),
        };
        let rest = bytes.saturating_sub(row.clone().into_row().size());
        row.history = "It began when the paper tray was opened. ".chars().cycle().take(rest).collect();
        row
    }

    pub(crate) fn into_row(self) -> Row {
        Row { id: Uuid::new_v7(uuid::Timestamp::now(uuid::NoContext)).to_string(), state: "open".to_owned(), new: self }
    }
}

impl Row {
    pub(super) const TABLE: &str = "CREATE TABLE row (id TEXT PRIMARY KEY, state TEXT NOT NULL, ticket TEXT NOT NULL,
        title TEXT NOT NULL, requester TEXT NOT NULL, technician TEXT NOT NULL, history TEXT NOT NULL) STRICT";

    fn size(&self) -> usize {
        let NewRow { ticket, title, requester, technician, history } = &self.new;
        [&self.id, &self.state, ticket, title, requester, technician, history].into_iter().map(String::len).sum()
    }

    pub(super) fn insert(&self, connection: &Connection) -> Result<()> {
        let NewRow { ticket, title, requester, technician, history } = &self.new;
        let parameters = params![self.id, self.state, ticket, title, requester, technician, history];
        connection.prepare_cached("INSERT INTO row VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute(parameters)?;
        Ok(())
    }

    pub(super) fn get(connection: &Connection, id: &str) -> Result<Self> {
        let columns = "SELECT id, state, ticket, title, requester, technician, history FROM row WHERE id = ?1";
        connection.prepare_cached(columns)?.query_row([id], |row| {
            Ok(Self {
                id: row.get(0)?,
                state: row.get(1)?,
                new: NewRow {
                    ticket: row.get(2)?,
                    title: row.get(3)?,
                    requester: row.get(4)?,
                    technician: row.get(5)?,
                    history: row.get(6)?,
                },
            })
        })
    }
}
