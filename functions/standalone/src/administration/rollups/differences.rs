//! What figures are, or were, off by, in plain words.

use casebridge_app::World;
use casebridge_app::ports::store::Figures;
use casebridge_app::rollups::Differences;
use casebridge_domain::report::{Cell, Dimension, Measure, Period, Scope, Tally};
use casebridge_domain::{AccountId, TechnicianId};

/// What the figures that are kept now are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Now {
    /// Not what the records say.
    Off,
    /// Put right.
    Right,
}

/// One line for each figure: period, whose, group, figure, what was kept and what the records say. What figures are off by
/// stays the same while sessions end, so what is kept may be read afterwards.
pub(super) async fn lines(
    world: &World,
    account: &AccountId,
    differences: &Differences,
    now: Now,
) -> anyhow::Result<Vec<String>> {
    let mut lines = Vec::new();
    for ((period, scope), cells) in differences {
        let figures = of_scope(world, account, *period, scope).await?;
        let everyone = of_scope(world, account, *period, &Scope::Everyone.key()).await?;
        let whose = whose(scope, &figures, &everyone);
        for (cell, off_by) in cells {
            let kept = figures.cells.get(cell).copied().unwrap_or_default();
            let place = format!("{period}, {whose}, {}", group(cell));
            lines.extend(of_measures(kept, *off_by, now).map(|figure| format!("  {place}: {figure}")));
        }
    }
    Ok(lines)
}

async fn of_scope(world: &World, account: &AccountId, period: Period, scope: &str) -> anyhow::Result<Figures> {
    let kept = world.store.kept(account, scope, &[period]).await?;
    Ok(kept.into_iter().next().unwrap_or_default().figures)
}

fn of_measures(kept: Tally, off_by: Tally, now: Now) -> impl Iterator<Item = String> {
    let off = Measure::ALL.into_iter().filter(move |measure| off_by.get(*measure) != 0);
    off.map(move |measure| {
        let (kept, off_by, name) = (kept.get(measure), off_by.get(measure), name(measure));
        match now {
            Now::Off => format!("{name} is {kept}, but the records say {}", kept + off_by),
            Now::Right => format!("{name} was {}, and is {kept} as the records say", kept - off_by),
        }
    })
}

/// A scope is kept under a short text; whose it is stands among the names of its figures or the groups of everyone's.
fn whose(scope: &str, figures: &Figures, everyone: &Figures) -> String {
    if scope == Scope::Everyone.key() {
        return "everyone".to_owned();
    }
    if scope == Scope::Technician(None).key() {
        return "sessions without technician".to_owned();
    }
    let in_cells = everyone.cells.keys().filter_map(|cell| match cell {
        Cell::Of(Dimension::Technician, Some(id)) => TechnicianId::parse(id).ok(),
        _ => None,
    });
    let named = figures.names.keys().cloned();
    let of_scope = |id: &TechnicianId| Scope::Technician(Some(id.clone())).key() == scope;
    match in_cells.chain(named).find(of_scope) {
        Some(id) => format!("technician {id}"),
        None => format!("a technician kept as {scope}"),
    }
}

fn group(cell: &Cell) -> String {
    match cell {
        Cell::All => "all sessions".to_owned(),
        Cell::Of(dimension, Some(value)) => format!("{} {value:?}", dimension.name()),
        Cell::Of(dimension, None) => format!("without {}", dimension.name()),
    }
}

/// As it is called in a report.
const fn name(measure: Measure) -> &'static str {
    match measure {
        Measure::Closed => "closed",
        Measure::ClosedSeconds => "total_seconds",
        Measure::Expired => "expired",
        Measure::Joined => "joined",
        Measure::WaitingSeconds => "waiting_seconds",
        Measure::Excluded => "excluded",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_figure_that_is_off_is_said_with_what_is_kept_and_what_the_records_say() {
        let kept = Tally::default().with(Measure::Closed, 3).with(Measure::Joined, 2);
        let off_by = Tally::default().with(Measure::Closed, 1).with(Measure::WaitingSeconds, -40);
        let said: Vec<String> = of_measures(kept, off_by, Now::Off).collect();
        assert_eq!(said, ["closed is 3, but the records say 4", "waiting_seconds is 0, but the records say -40"]);
        let said: Vec<String> = of_measures(kept, off_by, Now::Right).take(1).collect();
        assert_eq!(said, ["closed was 2, and is 3 as the records say"]);
    }

    #[test]
    fn a_technician_is_called_by_the_id_that_stands_in_everyones_figures() {
        let anna = TechnicianId::parse("anna").unwrap();
        let scope = Scope::Technician(Some(anna)).key();
        let mut everyone = Figures::default();
        everyone.add(Cell::Of(Dimension::Technician, Some("anna".to_owned())), Tally::default());
        let nothing = Figures::default();
        assert_eq!(whose(&scope, &nothing, &nothing), format!("a technician kept as {scope}"));
        assert_eq!(whose(&scope, &nothing, &everyone), "technician anna");
        assert_eq!(whose("all", &everyone, &everyone), "everyone");
        assert_eq!(whose("none", &nothing, &everyone), "sessions without technician");
    }

    #[test]
    fn a_group_is_said_with_its_value() {
        assert_eq!(group(&Cell::All), "all sessions");
        assert_eq!(group(&Cell::Of(Dimension::Category, Some("Printer".to_owned()))), "category \"Printer\"");
        assert_eq!(group(&Cell::Of(Dimension::Source, None)), "without source");
    }
}
