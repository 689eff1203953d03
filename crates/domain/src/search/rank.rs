//! The order of results.

use crate::search::plan::{Criterion, STOP_WORD, SearchPlan};

/// A document that matches something of the query.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// How well it matches each criterion, by frequency and place; 0: not at all.
    pub closeness: Vec<f64>,
    /// Whether each pair of criteria that were typed one after the other is adjacent in the document.
    pub are_adjacent: Vec<bool>,
    /// Whether it is the ticket whose number was typed.
    pub is_numbered: bool,
    /// Whether the problem was solved.
    pub is_solved: bool,
    /// Whether the customer confirmed the solution.
    pub is_confirmed: bool,
    /// How new it is: 1 for the newest, 0 for the oldest.
    pub freshness: f64,
}

/// The minimum share of the criteria that a result matches, weighted by rarity.
const MIN_SHARE: f64 = 0.3;

/// The same for a whole question.
const MIN_SHARE_OF_QUESTION: f64 = 0.2;

/// The number of words from which a query counts as a question.
const QUESTION: usize = 6;

/// The frequency at which a word counts half.
const HALF_FREQUENCY: f64 = 0.25;

impl SearchPlan {
    /// The score of a document; none if it is not a result.
    pub fn score(&self, candidate: &Candidate, documents: u64) -> Option<f64> {
        if candidate.is_numbered {
            return Some(1000.0 + candidate.freshness);
        }
        let (mut reached, mut score) = (0.0, 0.0);
        for (criterion, closeness) in self.criteria.iter().zip(&candidate.closeness) {
            if criterion.is_required && *closeness <= 0.0 {
                return None;
            }
            let value = criterion.value(documents);
            if *closeness > 0.0 {
                reached += value;
                score += value * (0.5 + closeness / (closeness + HALF_FREQUENCY));
            }
        }
        let share = reached / total_value(&self.criteria, documents);
        if share < min_share(&self.criteria) {
            return None;
        }
        // A pair counts as much as the weaker of its words.
        let pairs = candidate.closeness.windows(2).zip(&candidate.are_adjacent).filter(|it| *it.1);
        let near = pairs.map(|(both, _)| both.iter().copied().fold(f64::INFINITY, f64::min));
        let nearness: f64 = near.map(|it| it / (it + HALF_FREQUENCY)).sum();
        let solved = if candidate.is_solved { 0.02 } else { 0.0 };
        let confirmed = if candidate.is_confirmed { 0.01 } else { 0.0 };
        let among_equals = 1.0 + solved + confirmed + 0.01 * candidate.freshness;
        Some(score * (0.5 + share) * among_equals + nearness)
    }
}

impl Criterion {
    /// Its weight among this many documents. A criterion that no document matches cannot be required, but makes
    /// a result less certain.
    pub(super) fn value(&self, documents: u64) -> f64 {
        let value = self.weight * rarity(self.documents, documents);
        if self.documents == 0 { value.min(1.0) } else { value }
    }
}

pub(super) fn total_value(criteria: &[Criterion], documents: u64) -> f64 {
    criteria.iter().map(|it| it.value(documents)).sum::<f64>().max(f64::MIN_POSITIVE)
}

const fn min_share(criteria: &[Criterion]) -> f64 {
    if criteria.len() < QUESTION { MIN_SHARE } else { MIN_SHARE_OF_QUESTION }
}

/// The rarest criteria, of which every result matches at least one: without any of them, the
/// others do not suffice.
pub fn rarest(criteria: &[Criterion], documents: u64) -> Vec<&Criterion> {
    let mut by_rarity: Vec<&Criterion> = criteria.iter().collect();
    by_rarity.sort_by_key(|it| (it.number.is_none(), it.documents));
    let mut left = total_value(criteria, documents);
    let least = left * min_share(criteria);
    let is_needed = |it: &&Criterion| {
        let is_needed = it.number.is_some() || left >= least;
        left -= it.value(documents);
        is_needed
    };
    by_rarity.into_iter().filter(is_needed).collect()
}

/// Criteria that a document may have together: all of them, and the two rarest. What no document has, and words that
/// say little, are not among them.
pub fn together(criteria: &[Criterion]) -> Vec<Vec<&Criterion>> {
    let says_something =
        |it: &&Criterion| !it.is_absent && !it.is_required && it.weight > STOP_WORD;
    let all: Vec<&Criterion> = criteria.iter().filter(says_something).collect();
    let mut rarest = all.clone();
    rarest.sort_by_key(|it| it.documents);
    rarest.truncate(2);
    let groups = if all.len() > rarest.len() { vec![all, rarest] } else { vec![all] };
    groups.into_iter().filter(|it| it.len() > 1).collect()
}

/// The information value of a word, by how many of all documents have it.
fn rarity(documents: u64, all: u64) -> f64 {
    let (documents, all) = (documents as f64, all as f64);
    (1.0 + (all + 0.5) / (documents + 0.5)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{SearchQuery, Vocabulary};

    /// Advantage 4: among equals what was solved comes first, and what was confirmed before that.
    #[test]
    fn a4_among_equals_confirmed_solutions_come_first() {
        let plan = SearchQuery::parse("шлюз").unwrap().plan(&Vocabulary::default());
        let score = |is_solved, is_confirmed| {
            let (closeness, are_adjacent) = (vec![1.0], Vec::new());
            let (is_numbered, freshness) = (false, 0.0);
            let candidate = Candidate {
                closeness,
                are_adjacent,
                is_numbered,
                is_solved,
                is_confirmed,
                freshness,
            };
            plan.score(&candidate, 10)
        };
        assert!(score(true, true) > score(true, false) && score(true, false) > score(false, false));
    }
}
