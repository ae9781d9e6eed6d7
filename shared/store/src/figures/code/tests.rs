use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::conformance::record::record;
use crate::conformance::sessions::technician;

fn november() -> Period {
    Period::Month(Month::of("2026-11-22".parse().unwrap()))
}

fn spelling(coded: &Coded) -> Spelling<'_> {
    let mut spelling = Spelling::default();
    for (label, text) in &coded.labels {
        spelling.learn(Cow::from(label), Cow::from(text));
    }
    spelling
}

fn read(coded: &Coded) -> BTreeMap<Cell, Tally> {
    let spelling = spelling(coded);
    let mut cells: BTreeMap<Cell, Tally> = BTreeMap::new();
    for (name, figure) in &coded.counters {
        let (place, measure) = counter(&Cow::from(name)).unwrap();
        let cell = spelling.cell(&place, month_of(november())).unwrap();
        assert!(Dimension::ALL.into_iter().all(|by| name.starts_with(letters(by)) == is_meant(&cell, by)));
        *cells.entry(cell).or_default() += Tally::default().with(measure, *figure);
    }
    cells
}

fn is_meant(cell: &Cell, by: Dimension) -> bool {
    match cell {
        Cell::All => true,
        Cell::Of(dimension, _) => *dimension == by,
    }
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
        let coded = Coded::of(&cells, november());
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
    Coded::of(&cells, november())
}

#[test]
fn short_values_are_called_as_they_are() {
    let called = |cell| {
        let coded = coded([cell]);
        assert!(coded.labels.is_empty());
        coded.counters[0].0.clone()
    };
    assert_eq!(called(Cell::All), "*C");
    assert_eq!(called(of(Dimension::Category, "c/Hardware")), "cC/c/Hardware");
    assert_eq!(called(Cell::Of(Dimension::Type, None)), "yC");
    assert_eq!(called(of(Dimension::Day, "2026-11-05")), "dC/05");
    assert_eq!(called(of(Dimension::Day, "2026-10-05")), "dC/2026-10-05");
}

#[test]
fn long_values_are_spelled_out_once_in_each_dimension() {
    let long = "Printer on the second floor";
    let coded = coded([of(Dimension::Category, long), of(Dimension::Type, long)]);
    let names: Vec<&str> = coded.counters.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["cC/~XoGEEnP4Vss", "yC/~XoGEEnP4Vss"]);
    assert_eq!(
        coded.labels,
        BTreeMap::from(["c~XoGEEnP4Vss", "y~XoGEEnP4Vss"].map(|label| (label.to_owned(), long.to_owned())))
    );
}

#[test]
fn what_says_nothing_is_not_written() {
    let cells = BTreeMap::from([(of(Dimension::Category, "a long name of nothing"), Tally::default())]);
    assert_eq!(Coded::of(&cells, november()), Coded::default());
}

#[test]
fn what_nobody_writes_is_not_read() {
    let spelling = Spelling::default();
    for name in ["", "C", "*", "*Cx", "zC", "cCHardware", "c/Hardware", "*Ü", "ÜC", "cC/~XoGEEnP4Vss"] {
        let cell = counter(&Cow::from(name)).and_then(|(place, _)| spelling.cell(&place, month_of(november())));
        assert_eq!(cell, None, "{name}");
    }
    let labels = [("u/1", "1 Tess"), ("t/", "1 Tess"), ("t/1", "Tess Ter"), ("t/1", "1"), ("t/~1", "1 Tess")];
    for (label, text) in labels {
        assert_eq!(spelling.name(label, text), None, "{label} {text}");
    }
}

#[test]
fn a_technician_is_named_by_his_id_however_long() {
    for id in ["u/1 2", "~", "0b9f7b2e-6c1d-4f0e-9d53-000000000001"] {
        let mut coded = Coded::default();
        let record = record(technician(id, "Tess Ter"));
        coded.name_technician(&record);
        let spelling = spelling(&coded);
        let labels = coded.labels.iter().filter(|(label, _)| !label[1..].starts_with(HASHED));
        let named: Vec<Named> = labels.map(|(label, text)| spelling.name(label, text).unwrap()).collect();
        let (at, name) = (record.ended_at.timestamp_millis(), PersonName::parse("Tess Ter").unwrap());
        assert_eq!(named, [Named { technician: TechnicianId::parse(id).unwrap(), at, name }]);
    }
}
