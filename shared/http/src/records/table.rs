//! Session records as a table: the same fields, one line each.

use super::view::{ExclusionView, RecordView};
use crate::spreadsheet::Cell;

/// The columns' names.
pub(super) const COLUMNS: [&str; 31] = [
    "case",
    "session_code",
    "session_type",
    "ticket",
    "ticket_number",
    "ticket_title",
    "category",
    "type",
    "priority",
    "source",
    "technician",
    "technician_name",
    "started_at",
    "picked_up_at",
    "online_at",
    "ended_at",
    "started_local",
    "ended_local",
    "day",
    "time_zone",
    "outcome",
    "ended_by",
    "reason",
    "duration_seconds",
    "waiting_seconds",
    "note",
    "excluded",
    "excluded_at",
    "excluded_by",
    "excluded_reason",
    "counted_without_facts",
];

/// A record in these columns.
pub(super) fn line(record: RecordView) -> [Cell; COLUMNS.len()] {
    let text = |text: String| Cell::Text(text);
    let truth = |truth: bool| Cell::text(Some(if truth { "true" } else { "false" }));
    let (technician, technician_name) = record.technician.map(|technician| (technician.id, technician.name)).unzip();
    let excluded = record.excluded.is_some();
    let (excluded_at, excluded_by, excluded_reason) = exclusion(record.excluded);
    [
        text(record.case),
        text(record.session_code),
        Cell::text(Some(record.session_type)),
        text(record.ticket.id),
        text(record.ticket.number),
        text(record.ticket.title),
        Cell::text(record.ticket.category),
        Cell::text(record.ticket.kind),
        Cell::text(record.ticket.priority),
        Cell::text(record.ticket.source),
        Cell::text(technician),
        Cell::text(technician_name),
        text(record.started_at),
        Cell::text(record.picked_up_at),
        Cell::text(record.online_at),
        text(record.ended_at),
        text(record.started_local),
        text(record.ended_local),
        text(record.day),
        text(record.time_zone),
        Cell::text(Some(record.outcome)),
        Cell::text(record.ended_by),
        Cell::text(record.reason),
        Cell::number(record.duration_seconds),
        Cell::number(record.waiting_seconds),
        Cell::text(record.note),
        truth(excluded),
        excluded_at,
        excluded_by,
        excluded_reason,
        truth(record.counted_without_facts),
    ]
}

fn exclusion(excluded: Option<ExclusionView>) -> (Cell, Cell, Cell) {
    match excluded {
        None => (Cell::Empty, Cell::Empty, Cell::Empty),
        Some(excluded) => (Cell::Text(excluded.at), Cell::text(Some(excluded.by.word())), Cell::text(excluded.reason)),
    }
}
