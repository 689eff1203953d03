//! The tree of projects of the imported Redmine.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::redmine::numbers::Numbers;

/// Which projects are below which.
pub struct Tree<'a> {
    projects: &'a [Value],
}

impl<'a> Tree<'a> {
    pub fn of(numbers: &'a Numbers) -> Self {
        Self { projects: numbers.lists["projects"].as_array().map_or(&[], Vec::as_slice) }
    }

    /// The projects below one, at any depth.
    pub fn below(&self, project: i64) -> Vec<i64> {
        let all = self.projects.iter().filter_map(|it| it["id"].as_i64());
        all.filter(|it| *it != project && self.line(*it).contains(&project)).collect()
    }

    /// A project and those above it, up to its root.
    fn line(&self, project: i64) -> BTreeSet<i64> {
        let mut line = BTreeSet::new();
        let mut next = Some(project);
        while let Some(id) = next.filter(|it| line.insert(*it)) {
            let found = self.projects.iter().find(|it| it["id"] == id);
            next = found.and_then(|it| it["parent"].as_i64());
        }
        line
    }

    /// Whether a version of one project is available in another, by how it is shared.
    pub fn shares(&self, of: i64, sharing: &str, with: i64) -> bool {
        let (above, below) = (self.line(with).contains(&of), self.line(of).contains(&with));
        match sharing {
            "system" => true,
            "tree" => !self.line(of).is_disjoint(&self.line(with)),
            "hierarchy" => above || below,
            "descendants" => above,
            _ => of == with,
        }
    }
}
