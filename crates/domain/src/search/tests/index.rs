//! What PostgreSQL does for the service, for a few documents.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::search::{
    Candidate, Document, Expression, SampleText, SearchPlace, SearchQuery, Vocabulary,
    least_likeness, most_similar, swapped,
};

/// The documents of one kind of reader.
pub struct Index {
    documents: Vec<(String, bool, Document)>,
    vocabulary: Vocabulary,
    words: BTreeMap<String, u64>,
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or("")
}

fn document(number: i64, ticket: &Value, has_notes: bool) -> Document {
    let mut document = Document::of_ticket(number);
    document.add(SearchPlace::Subject, text(ticket, "subject"));
    for field in ["description", "software_version", "product", "serial_number", "external_ref"] {
        document.add(SearchPlace::Description, text(ticket, field));
    }
    for comment in ticket["comments"].as_array().unwrap() {
        match comment["internal"].as_bool().unwrap() {
            false => document.add(SearchPlace::Comments, text(comment, "body")),
            true if has_notes => document.add(SearchPlace::Notes, text(comment, "body")),
            true => {}
        }
    }
    document
}

impl Index {
    pub fn of(tickets: &[Value], has_notes: bool) -> Self {
        let mut index = Self {
            documents: Vec::new(),
            vocabulary: Vocabulary::default(),
            words: BTreeMap::new(),
        };
        for (number, it) in (5001..).zip(tickets) {
            let document = document(number, it, has_notes);
            for lexeme in document.lexemes.keys() {
                *index.vocabulary.lexemes.entry(lexeme.clone()).or_default() += 1;
            }
            for word in document.words.keys() {
                *index.words.entry(word.clone()).or_default() += 1;
            }
            let is_solved = it["solved"].as_bool().unwrap();
            index.documents.push((text(it, "key").to_owned(), is_solved, document));
            index.vocabulary.documents += 1;
        }
        index
    }

    fn vocabulary(&self, query: &SearchQuery) -> Vocabulary {
        let mut vocabulary = self.vocabulary.clone();
        let (lexemes, beginnings) = query.counted_lexemes();
        for start in &beginnings {
            let begun = vocabulary.lexemes.iter().filter(|it| it.0.starts_with(start));
            let documents = begun.map(|it| it.1).sum::<u64>();
            if documents > 0 {
                vocabulary.beginnings.insert(start.clone(), documents);
            }
        }
        vocabulary.remember_absent(lexemes, beginnings);
        for word in query.unknown(&vocabulary) {
            let (may_be, least) = (swapped(&word), least_likeness(&word));
            let near = self
                .words
                .iter()
                .filter(|it| similarity(&word, it.0) >= least || may_be.contains(it.0));
            let near = near.map(|(word, documents)| (word.clone(), *documents)).collect();
            vocabulary.near.insert(word, near);
        }
        vocabulary
    }

    /// The keys of the tickets that are like a text.
    pub fn similar(&self, sample: &SampleText) -> Vec<String> {
        let plan = sample.plan(&self.vocabulary, false);
        let candidate = |(number, (_, is_solved, document)): (usize, &(String, bool, Document))| {
            let closeness = plan.criteria.iter().map(|it| closeness(&it.expression, document));
            let candidate = Candidate {
                closeness: closeness.collect(),
                are_adjacent: Vec::new(),
                is_numbered: false,
                is_solved: *is_solved,
                is_confirmed: false,
                freshness: 0.0,
            };
            (number as i64, candidate)
        };
        let candidates = self.documents.iter().enumerate().map(candidate);
        let found = most_similar(&plan, self.vocabulary.documents, candidates);
        found.into_iter().map(|it| self.documents[it as usize].0.clone()).collect()
    }

    /// The keys of the tickets that are found, the most similar first.
    pub fn search(&self, typed: &str) -> Vec<String> {
        let query = SearchQuery::parse(typed).unwrap();
        let plan = query.plan(&self.vocabulary(&query));
        let all = self.documents.len() as f64;
        let mut found: Vec<(f64, &str)> = Vec::new();
        for (number, (key, is_solved, document)) in self.documents.iter().enumerate() {
            if plan.excluded.iter().any(|it| !places(it, document).is_empty()) {
                continue;
            }
            let pair = |it: &[crate::search::Criterion]| {
                Expression::Adjacent(it.iter().map(|it| it.expression.clone()).collect())
            };
            let criteria = plan.criteria.iter();
            let candidate = Candidate {
                closeness: criteria.map(|it| closeness(&it.expression, document)).collect(),
                are_adjacent: plan
                    .criteria
                    .windows(2)
                    .map(|it| !places(&pair(it), document).is_empty())
                    .collect(),
                is_numbered: plan.criteria.iter().any(|it| it.number == Some(number as i64 + 5001)),
                is_solved: *is_solved,
                is_confirmed: false,
                freshness: number as f64 / all,
            };
            found.extend(
                plan.score(&candidate, self.vocabulary.documents).map(|it| (it, key.as_str())),
            );
        }
        found.sort_by(|one, other| other.0.total_cmp(&one.0));
        found.into_iter().map(|it| it.1.to_owned()).collect()
    }
}

/// As `ts_rank` has it, times the number of operands.
fn closeness(expression: &Expression, document: &Document) -> f64 {
    if places(expression, document).is_empty() {
        return 0.0;
    }
    expression.operands().iter().map(|it| rank(&places(it, document))).sum()
}

fn rank(places: &[(u16, SearchPlace)]) -> f64 {
    let weights = places.iter().map(|(_, place)| match place {
        SearchPlace::Subject => 1.0,
        SearchPlace::Description | SearchPlace::Articles => 0.5,
        SearchPlace::Comments | SearchPlace::Notes | SearchPlace::Files => 0.3,
    });
    let (mut sum, mut best, mut share_of_best) = (0.0, 0.0, 1.0);
    for (number, weight) in (1..).zip(weights) {
        let share = f64::from(number * number);
        sum += weight / share;
        if weight > best {
            (best, share_of_best) = (weight, share);
        }
    }
    (best + sum - best / share_of_best) / 1.644_934
}

/// Where an expression holds: the positions of its last words.
fn places(expression: &Expression, document: &Document) -> Vec<(u16, SearchPlace)> {
    match expression {
        Expression::Lexeme(it) => document.lexemes.get(it).cloned().unwrap_or_default(),
        Expression::Beginning(it) => {
            let later = document.lexemes.range(it.clone()..);
            later.take_while(|other| other.0.starts_with(it)).flat_map(|it| it.1.clone()).collect()
        }
        Expression::Any(all) => {
            let found: BTreeSet<_> = all.iter().flat_map(|it| places(it, document)).collect();
            found.into_iter().collect()
        }
        Expression::All(all) => {
            let mut found = all.iter().map(|it| places(it, document));
            let first = found.next().unwrap_or_default();
            if found.any(|it| it.is_empty()) { Vec::new() } else { first }
        }
        Expression::Adjacent(all) => {
            let mut ends = places(&all[0], document);
            for next in &all[1..] {
                let nexts = places(next, document).into_iter();
                ends = nexts.filter(|it| ends.iter().any(|end| end.0 + 1 == it.0)).collect();
            }
            ends
        }
    }
}

/// As `pg_trgm` has it.
fn similarity(one: &str, other: &str) -> f64 {
    let grams = |it: &str| -> BTreeSet<Vec<char>> {
        let padded: Vec<char> = format!("  {it} ").chars().collect();
        padded.windows(3).map(<[char]>::to_vec).collect()
    };
    let (one, other) = (grams(one), grams(other));
    one.intersection(&other).count() as f64 / one.union(&other).count() as f64
}
