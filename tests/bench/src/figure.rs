//! What was measured: rounds of both sides, their ratio, the target.

use std::fmt;

use crate::stopwatch::Rate;

/// What is printed in the end, and whether its target is met.
pub(crate) trait Measured: fmt::Display {
    fn is_met(&self) -> bool;
}

/// The same thing measured several times.
#[derive(Debug, Clone, Default)]
pub(crate) struct Series(Vec<f64>);

impl Series {
    pub(crate) fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    /// The middle one; of an even number, the mean of the two in the middle.
    pub(crate) fn median(&self) -> f64 {
        let sorted = self.sorted();
        let middle = sorted.len() / 2;
        match (sorted.len() % 2, sorted.get(middle)) {
            (_, None) => f64::NAN,
            (0, Some(upper)) => f64::midpoint(sorted[middle - 1], *upper),
            (_, Some(value)) => *value,
        }
    }

    pub(crate) fn least(&self) -> f64 {
        self.sorted().first().copied().unwrap_or(f64::NAN)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
    }

    pub(crate) fn show(&self, decimals: usize) -> String {
        let sorted = self.sorted();
        let (least, most) = (sorted.first().copied().unwrap_or(f64::NAN), sorted.last().copied().unwrap_or(f64::NAN));
        format!("{:.decimals$} ({least:.decimals$} to {most:.decimals$})", self.median())
    }
}

/// One figure: the product's rate over the baseline's, round by round, and what it should be at least.
#[derive(Debug)]
pub(crate) struct Figure {
    name: String,
    product_unit: &'static str,
    baseline_unit: &'static str,
    product: Series,
    baseline: Series,
    ratio: Series,
    at_least: f64,
    /// What else was seen, by name: no target of its own.
    notes: Vec<(&'static str, Series)>,
}

impl Figure {
    pub(crate) fn new(name: String, product_unit: &'static str, baseline_unit: &'static str, at_least: f64) -> Self {
        let (product, baseline, ratio) = (Series::default(), Series::default(), Series::default());
        Self { name, product_unit, baseline_unit, product, baseline, ratio, at_least, notes: Vec::new() }
    }

    /// A round of both sides. The ratio is taken within the round: what else the host does in it is on both.
    pub(crate) fn round(&mut self, baseline: Rate, product: Rate) {
        self.round_of(baseline, product, baseline.per_second);
    }

    /// The same, where the product is held against something else that the baseline does so often a second.
    pub(crate) fn round_of(&mut self, baseline: Rate, product: Rate, per_second: f64) {
        self.baseline.push(baseline.per_second);
        self.product.push(product.per_second);
        self.ratio.push(product.per_second / per_second);
        if let (Some(baseline), Some(product)) = (baseline.processor, product.processor) {
            self.note("baseline: processor µs each", baseline);
            self.note("product: processor µs each", product);
            self.note("ratio by processor time", baseline / product);
        }
    }

    pub(crate) fn note(&mut self, name: &'static str, value: f64) {
        match self.notes.iter_mut().find(|(known, _)| *known == name) {
            Some((_, series)) => series.push(value),
            None => self.notes.push((name, Series(vec![value]))),
        }
    }
}

impl Measured for Figure {
    fn is_met(&self) -> bool {
        self.ratio.median() >= self.at_least
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = verdict(self.is_met());
        writeln!(f, "{}: median (least to most) of {} rounds", self.name, self.ratio.0.len())?;
        writeln!(f, "  {:<36} {}", self.baseline_unit, self.baseline.show(0))?;
        writeln!(f, "  {:<36} {}", self.product_unit, self.product.show(0))?;
        writeln!(f, "  {:<36} {}, target at least {:.2}: {verdict}", "ratio", self.ratio.show(3), self.at_least)?;
        for (name, series) in &self.notes {
            writeln!(f, "  {name:<36} {}", series.show(3))?;
        }
        Ok(())
    }
}

pub(crate) const fn verdict(is_met: bool) -> &'static str {
    if is_met { "met" } else { "MISSED" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_ratios_decides_and_one_bad_round_does_not() {
        let mut figure = Figure::new("reads".to_owned(), "product", "baseline", 0.6);
        for product in [70.0, 10.0, 65.0] {
            let rate = |per_second| Rate { per_second, processor: None };
            figure.round(rate(100.0), rate(product));
        }
        assert!(figure.is_met());
        assert!(figure.to_string().contains("0.650 (0.100 to 0.700)"), "{figure}");
    }

    #[test]
    fn an_even_number_of_rounds_has_its_median_in_between() {
        assert!((Series(vec![4.0, 1.0, 2.0, 3.0]).median() - 2.5).abs() < f64::EPSILON);
        assert!(Series::default().median().is_nan());
    }
}
