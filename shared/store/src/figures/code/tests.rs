use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::conformance::record::record;
use crate::conformance::sessions::technician;

fn month() -> Month {
    Month::of("2026-11-22".parse().unwrap())
}

/// As an item holds them.
fn counts(coded: &Coded) -> Counts<'_> {
    let counters = coded.counters.iter().map(|(name, figure)| (Cow::from(name), *figure)).collect();
    Counts::new(counters, coded.labels.iter().map(|(name, text)| (Cow::from(name), Cow::from(text))).collect())
}

fn read(coded: &Coded) -> BTreeMap<Cell, Tally> {
    let counts = counts(coded);
    let reader = Reader::of(&counts, month());
    let mut cells: BTreeMap<Cell, Tally> = BTreeMap::new();
    for (name, figure) in counts.counters() {
        let (measure, cell) = reader.counter(name).unwrap();
        *cells.entry(cell).or_default() += Tally::default().with(measure, figure);
    }
    cells
}

fn cells() -> impl Strategy<Value = BTreeMap<Cell, Tally>> {
    let value = prop::option::of(prop_oneof!["\\PC{1,80}", "~\\PC{1,11}", "[a-d]{12,13}"]);
    let by_value = (0..Dimension::ALL.len() - 1, value);
    let day = (0..60_u64).prop_map(|days| NaiveDate::from_ymd_opt(2026, 10, 15).unwrap() + chrono::Days::new(days));
    let cell = prop_oneof![
        1 => Just(Cell::All),
        8 => by_value.prop_map(|(dimension, value)| Cell::Of(Dimension::ALL[dimension], value)),
        2 => day.prop_map(|day| Cell::Of(Dimension::Day, Some(day.to_string()))),
    ];
    let figures = prop::collection::vec((0..Measure::ALL.len(), 1..1_000_000_i64), 1..4);
    let tally = figures.prop_map(|figures| {
        figures.into_iter().fold(Tally::default(), |tally, (measure, figure)| tally.with(Measure::ALL[measure], figure))
    });
    prop::collection::btree_map(cell, tally, 0..20)
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(cells in cells()) {
        let coded = Coded::of(&cells, month());
        prop_assert_eq!(read(&coded), cells);
        prop_assert!(coded.counters.iter().all(|(name, _)| name.len() <= 3 + SHORT));
    }
}

fn of(dimension: Dimension, value: &str) -> Cell {
    Cell::Of(dimension, Some(value.to_owned()))
}

fn coded(cells: impl IntoIterator<Item = Cell>) -> Coded {
    let one = Tally::default().with(Measure::Closed, 1);
    let cells: BTreeMap<Cell, Tally> = cells.into_iter().map(|cell| (cell, one)).collect();
    Coded::of(&cells, month())
}

#[test]
fn short_values_are_called_as_they_are() {
    let called = |cell| {
        let coded = coded([cell]);
        assert!(coded.labels.is_empty());
        coded.counters[0].0.clone()
    };
    assert_eq!(called(Cell::All), "C*");
    assert_eq!(called(of(Dimension::Category, "c/Hardware")), "Cc/c/Hardware");
    assert_eq!(called(Cell::Of(Dimension::Type, None)), "Cy");
    assert_eq!(called(of(Dimension::Day, "2026-11-05")), "Cd/05");
    assert_eq!(called(of(Dimension::Day, "2026-10-05")), "Cd/2026-10-05");
}

#[test]
fn long_values_are_spelled_out_once() {
    let long = "Printer on the second floor";
    let coded = coded([of(Dimension::Category, long), of(Dimension::Type, long)]);
    let names: Vec<&str> = coded.counters.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Cc/~XoGEEnP4Vss", "Cy/~XoGEEnP4Vss"]);
    assert_eq!(coded.labels, BTreeMap::from([("~XoGEEnP4Vss".to_owned(), long.to_owned())]));
}

#[test]
fn what_says_nothing_is_not_written() {
    let cells = BTreeMap::from([(of(Dimension::Category, "a long name of nothing"), Tally::default())]);
    assert_eq!(Coded::of(&cells, month()), Coded::default());
}

#[test]
fn what_nobody_writes_is_not_read() {
    let nothing = Counts::default();
    let reader = Reader::of(&nothing, month());
    for name in ["", "C", "*", "C*x", "Cz", "CcHardware", "c/Hardware", "Ü*", "Cc/~XoGEEnP4Vss"] {
        assert_eq!(reader.counter(name), None, "{name}");
    }
    let labels = [("u/1", "1 Tess"), ("t/", "1 Tess"), ("t/1", "Tess Ter"), ("t/1", "1"), ("t/~1", "1 Tess")];
    for (label, text) in labels {
        assert_eq!(reader.label(label, text), None, "{label} {text}");
    }
}

#[test]
fn a_technician_is_named_by_his_id_however_long() {
    for id in ["u/1 2", "~", "0b9f7b2e-6c1d-4f0e-9d53-000000000001"] {
        let mut coded = Coded::default();
        let record = record(technician(id, "Tess Ter"));
        coded.name_technician(&record);
        let counts = counts(&coded);
        let reader = Reader::of(&counts, month());
        let labels = counts.labels().map(|(label, text)| reader.label(label, text).unwrap());
        let named: Vec<Label> = labels.filter(|label| *label != Label::SpellsOut).collect();
        let (at, name) = (record.ended_at.timestamp_millis(), PersonName::parse("Tess Ter").unwrap());
        assert_eq!(named, [Label::Names { technician: TechnicianId::parse(id).unwrap(), at, name }]);
    }
}
