//! Tables for spreadsheets: RFC 4180, in UTF-8, and nothing in them that a spreadsheet would execute.

use bytes::Bytes;
use csv::{Terminator, WriterBuilder};

/// How the form is asked for.
pub(crate) const CSV: &str = "text/csv";

/// What is said of the form: UTF-8, and the first line has the columns' names.
pub(crate) const CSV_WITH_HEAD: &str = "text/csv; charset=utf-8; header=present";

/// Without it spreadsheets take the file for one in the computer's old code page, and every name with an accent, and all
/// Chinese, comes out wrong. Whoever reads UTF-8 files "with signature" (`utf-8-sig`) skips it.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// What is in one place of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Somebody else's words, or our own: made harmless.
    Text(String),
    /// Our own number: stays one.
    Number(String),
    /// Nothing.
    Empty,
}

impl Cell {
    /// A text, if there is one.
    pub(crate) fn text(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.into()))
    }

    /// A number, if there is one.
    pub(crate) fn number(number: Option<impl ToString>) -> Self {
        number.map_or(Self::Empty, |number| Self::Number(number.to_string()))
    }

    fn written(self) -> String {
        match self {
            Self::Text(text) => harmless(text),
            Self::Number(number) => number,
            Self::Empty => String::new(),
        }
    }
}

/// A table's first line.
pub(crate) fn head<const COLUMNS: usize>(names: [&str; COLUMNS]) -> Result<Bytes, csv::Error> {
    Ok([BYTE_ORDER_MARK.as_bytes(), &*lines([names.map(|name| Cell::Text(name.to_owned()))])?].concat().into())
}

/// Further lines of a table.
pub(crate) fn lines<const COLUMNS: usize>(
    lines: impl IntoIterator<Item = [Cell; COLUMNS]>,
) -> Result<Bytes, csv::Error> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    for line in lines {
        writer.write_record(line.map(Cell::written))?;
    }
    Ok(writer.into_inner().map_err(csv::IntoInnerError::into_error)?.into())
}

/// Puts an apostrophe before what a spreadsheet would take for a formula (OWASP, "CSV injection"). One that is taken
/// off again from what reads like a formula behind it gives back exactly what was there.
fn harmless(text: String) -> String {
    if reads_like_a_formula(&text) { format!("'{text}") } else { text }
}

/// Whether it begins with what begins a formula, perhaps after what a spreadsheet skips: spaces, quotes, characters that
/// can't be seen.
fn reads_like_a_formula(text: &str) -> bool {
    let begins = text.chars().find(|c| !c.is_whitespace() && !is_skipped(*c));
    let skipped = text.chars().take_while(|c| c.is_whitespace() || is_skipped(*c));
    begins.is_some_and(begins_a_formula) || skipped.into_iter().any(char::is_control)
}

fn is_skipped(c: char) -> bool {
    matches!(c, '"' | '\'' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}') || c.is_control()
}

/// Also in the wide and small forms, which spreadsheets in Chinese and Japanese take for the same.
fn begins_a_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '﹦' | '﹢' | '﹣' | '﹫' | '\u{2212}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn table<const COLUMNS: usize>(names: [&str; COLUMNS], cells: Vec<[Cell; COLUMNS]>) -> String {
        String::from_utf8([head(names).unwrap(), lines(cells).unwrap()].concat()).unwrap()
    }

    /// What a reader makes of it.
    fn read(table: &str) -> Vec<Vec<String>> {
        let rows = csv::ReaderBuilder::new().from_reader(table.as_bytes()).into_records();
        rows.map(|row| row.unwrap().iter().map(ToOwned::to_owned).collect()).collect()
    }

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    #[test]
    fn a_table_is_rfc_4180_with_a_byte_order_mark() {
        let cells = vec![
            [text("a,b"), text("say \"hi\"\nthen go"), Cell::number(Some(-7))],
            [text("é"), Cell::text(None::<&str>), Cell::number(None::<i64>)],
        ];
        let expected = "\u{feff}x,y,z\r\n\"a,b\",\"say \"\"hi\"\"\nthen go\",-7\r\né,,\r\n";
        assert_eq!(table(["x", "y", "z"], cells), expected);
    }

    #[test]
    fn what_would_be_executed_gets_an_apostrophe_and_nothing_else_does() {
        for bad in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\rx",
            "\nx",
            " =1",
            "\"=1",
            "'=1",
            "' \"+1",
            "＝1",
            "＋1",
            "－1",
            "＠1",
            "\u{feff}=1",
            "\u{200b}=1",
            "\u{3000}=1",
            "\u{0}=1",
            "=",
            "−1",
            "\t",
        ] {
            assert_eq!(harmless(bad.to_owned()), format!("'{bad}"));
        }
        for good in ["", " ", "a=1", "1-2", "O'Neill", "\"quoted\"", "'", "s100-000-000", "a\n=1", "é", "打印机"] {
            assert_eq!(harmless(good.to_owned()), good);
        }
    }

    /// Texts of characters that matter here more often than others.
    fn any_text() -> impl Strategy<Value = String> {
        let hot = "=+-@＝＋－＠,;\"' \t\r\n\u{feff}\u{200b}\u{3000}aé打0".chars().collect::<Vec<_>>();
        let character = prop_oneof![3 => prop::sample::select(hot), 1 => any::<char>()];
        prop::collection::vec(character, 0..12).prop_map(String::from_iter)
    }

    /// What was written, from what was read.
    fn without_the_apostrophe(cell: &str) -> &str {
        cell.strip_prefix('\'').filter(|rest| reads_like_a_formula(rest)).unwrap_or(cell)
    }

    proptest! {
        #[test]
        fn every_table_reads_back_as_it_was_and_no_cell_begins_like_a_formula(
            rows in prop::collection::vec([any_text(), any_text(), any_text()], 0..6)
        ) {
            let cells = rows.iter().map(|row| row.clone().map(Cell::Text)).collect();
            let read = read(&table(["x", "y", "z"], cells));
            for cell in read.iter().flatten() {
                let seen = cell.trim_start_matches(|c: char| c.is_whitespace() || is_skipped(c));
                prop_assert!(cell.starts_with('\'') || !seen.starts_with(begins_a_formula), "{:?}", cell);
                prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']));
            }
            let back: Vec<Vec<_>> =
                read.iter().map(|row| row.iter().map(|cell| without_the_apostrophe(cell).to_owned()).collect()).collect();
            prop_assert_eq!(back, rows.into_iter().map(Vec::from).collect::<Vec<_>>());
        }
    }
}
