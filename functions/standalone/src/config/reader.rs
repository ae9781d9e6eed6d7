//! Reading a table key by key, keeping every problem.

use std::collections::BTreeSet;

/// Reads sections of scalars; what was not asked for in the end is not known.
pub(super) struct Reader {
    table: toml::Table,
    asked: BTreeSet<(&'static str, &'static str)>,
    problems: Vec<String>,
}

impl Reader {
    pub(super) fn new(table: toml::Table) -> Self {
        Self { table, asked: BTreeSet::new(), problems: Vec::new() }
    }

    pub(super) fn has(&self, section: &str) -> bool {
        self.table.contains_key(section)
    }

    pub(super) fn problem(&mut self, problem: &str) {
        self.problems.push(problem.to_owned());
    }

    pub(super) fn needed<T>(
        &mut self,
        section: &'static str,
        key: &'static str,
        what: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        if self.raw(section, key).is_none() {
            self.asked.insert((section, key));
            self.problems.push(format!("[{section}] {key} is missing: {what}"));
            return None;
        }
        self.optional(section, key, parse)
    }

    pub(super) fn optional<T>(
        &mut self,
        section: &'static str,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        self.asked.insert((section, key));
        match parse(&self.raw(section, key)?) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.problems.push(format!("[{section}] {key} {problem}"));
                None
            }
        }
    }

    fn raw(&self, section: &str, key: &str) -> Option<String> {
        match self.table.get(section)?.as_table()?.get(key)? {
            toml::Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    /// The problems, with those of sections and keys that nobody asked for.
    pub(super) fn finish(mut self) -> Vec<String> {
        for (section, keys) in &self.table {
            let known = |key: &str| self.asked.iter().any(|(s, k)| s == section && *k == key);
            if !self.asked.iter().any(|(s, _)| s == section) {
                self.problems.push(format!("[{section}] is not known"));
            } else if let Some(keys) = keys.as_table() {
                let unknown = keys.keys().filter(|key| !known(key));
                self.problems.extend(unknown.map(|key| format!("[{section}] {key} is not known")));
            } else {
                self.problems.push(format!("[{section}] must be a section"));
            }
        }
        self.problems
    }
}
