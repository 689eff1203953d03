//! Hides the numbers of other tickets and projects in changes that a reader may not see.

use super::change::{Change, Values};
use super::change_json::Changes;
use crate::viewer::Projects;

impl<T> Changes<T> {
    /// The other tickets that are named.
    pub fn named_tickets(&self) -> impl Iterator<Item = i64> + '_ {
        self.0.iter().flat_map(Change::named_tickets)
    }

    /// Removes the tickets and projects that a reader may not see. A change of which nothing
    /// is left is dropped.
    pub fn conceal(&mut self, knows_ticket: impl Fn(i64) -> bool, projects: &Projects) {
        self.0.retain_mut(|it| it.conceal(&knows_ticket, projects));
    }
}

impl<T> Change<T> {
    fn named_tickets(&self) -> Vec<i64> {
        if let Self::Parent(it)
        | Self::Related(it)
        | Self::DuplicateOf(it)
        | Self::MergedInto(it)
        | Self::Merged(it) = self
        {
            return [it.from, it.to].into_iter().flatten().collect();
        }
        if let Self::NotDuplicateOf(it) = self {
            return [&it.from, &it.to].into_iter().flatten().flatten().copied().collect();
        }
        Vec::new()
    }

    /// Returns whether something is left.
    fn conceal(&mut self, knows_ticket: &impl Fn(i64) -> bool, projects: &Projects) -> bool {
        if let Self::Parent(it)
        | Self::Related(it)
        | Self::DuplicateOf(it)
        | Self::MergedInto(it)
        | Self::Merged(it) = self
        {
            return it.retain(|id| knows_ticket(*id));
        }
        if let Self::NotDuplicateOf(it) = self {
            return it.retain(|ids| {
                ids.retain(|id| knows_ticket(*id));
                !ids.is_empty()
            });
        }
        if let Self::Project(it) = self {
            return it.retain(|id| projects.contains(*id));
        }
        true
    }
}

impl<T> Values<T> {
    /// Keeps the values that may stay; returns whether there are any.
    fn retain(&mut self, may_stay: impl Fn(&mut T) -> bool) -> bool {
        for side in [&mut self.from, &mut self.to] {
            if side.as_mut().is_some_and(|it| !may_stay(it)) {
                *side = None;
            }
        }
        self.from.is_some() || self.to.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Status;

    /// Section 6 of the contract: whoever sees some projects reads of those, and of their tickets.
    #[test]
    fn s6_changes_name_known_tickets_and_projects_alone() {
        let moved =
            Change::Status(Values { from: Some(Status::New), to: Some(Status::InProgress) });
        let mut changes: Changes = Changes(vec![
            Change::Parent(Values { from: Some(1), to: Some(2) }),
            Change::Related(Values::new(2)),
            Change::DuplicateOf(Values::new(1)),
            Change::MergedInto(Values::new(2)),
            Change::Merged(Values::new(2)),
            Change::NotDuplicateOf(Values::new(vec![1, 2])),
            Change::Project(Values { from: Some(10), to: Some(20) }),
            moved.clone(),
        ]);
        assert_eq!(changes.named_tickets().collect::<Vec<_>>(), [1, 2, 2, 1, 2, 2, 1, 2]);

        changes.conceal(|id| id == 1, &Projects::Listed([10].into()));

        let left = [
            Change::Parent(Values::gone(1)),
            Change::DuplicateOf(Values::new(1)),
            Change::NotDuplicateOf(Values::new(vec![1])),
            Change::Project(Values::gone(10)),
            moved,
        ];
        assert_eq!(changes.0, left);
    }
}
