//! Which texts are similar to another one: what they have in common, above all the rarest words.

use std::collections::BTreeSet;

use crate::search::expression::Expression;
use crate::search::fold::composed;
use crate::search::plan::{Criterion, SearchPlan, of_token};
use crate::search::rank::{Candidate, total_value};
use crate::search::stop_words::is_stop_word;
use crate::search::token::{Token, tokens};
use crate::search::vocabulary::Vocabulary;

/// The maximum number of distinct words considered, from the beginning of a text.
const MAX_WORDS: usize = 80;

/// The maximum number of them used for comparison.
const MAX_COMPARED: usize = 20;

/// The minimum score of a similar text, as a share of the best one's.
const MIN_OF_BEST: f64 = 0.4;

/// The minimum share of a text's words that a similar one has.
const MIN_SHARE: f64 = 0.12;

/// A text that others are compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleText {
    /// The words, and whether they say what it is about.
    words: Vec<(Token, bool)>,
}

impl SampleText {
    /// The text of a request or a ticket; what says what it is about counts twice.
    pub fn new(subject: &str, product: &str, description: &str) -> Self {
        let mut known = BTreeSet::new();
        let mut words = Vec::new();
        for (text, is_subject) in [(subject, true), (product, false), (description, false)] {
            for token in tokens(&composed(text)) {
                let joined = token.joined(0);
                if !is_stop_word(&joined) && words.len() < MAX_WORDS && known.insert(joined) {
                    words.push((token, is_subject));
                }
            }
        }
        Self { words }
    }

    /// The lexemes, and the beginnings of lexemes, whose documents have to be counted.
    pub fn counted_lexemes(&self) -> (Vec<String>, Vec<String>) {
        let expressions: Vec<Expression> = self.words.iter().map(|it| of_token(&it.0)).collect();
        let operands = expressions.iter().flat_map(Expression::operands);
        let lexemes: BTreeSet<String> = operands
            .filter_map(|it| match it {
                Expression::Lexeme(it) => Some(it.clone()),
                Expression::Beginning(_)
                | Expression::Adjacent(_)
                | Expression::Any(_)
                | Expression::All(_) => None,
            })
            .collect();
        (lexemes.into_iter().collect(), Vec::new())
    }

    /// What is looked for: the words that tell most, of those that others have. The text itself may be
    /// one of the documents.
    pub fn plan(&self, vocabulary: &Vocabulary, is_indexed: bool) -> SearchPlan {
        let own = u64::from(is_indexed);
        let mut criteria: Vec<Criterion> = self
            .words
            .iter()
            .map(|(token, is_subject)| {
                let expression = of_token(token);
                let documents = vocabulary.estimate(&expression);
                let weight = if *is_subject { 2.0 } else { 1.0 };
                Criterion { documents, weight, ..Criterion::of(expression) }
            })
            .filter(|it| it.documents > own)
            .collect();
        let all = vocabulary.documents;
        criteria.sort_by(|one, other| other.value(all).total_cmp(&one.value(all)));
        criteria.truncate(MAX_COMPARED);
        criteria.iter_mut().for_each(|it| it.reduce(vocabulary));
        SearchPlan { criteria, excluded: Vec::new(), corrections: Vec::new() }
    }
}

/// Texts by similarity: solved problems first, without those that have little in common.
pub fn most_similar<I: Ord>(
    plan: &SearchPlan,
    documents: u64,
    candidates: impl IntoIterator<Item = (I, Candidate)>,
) -> Vec<I> {
    let total = total_value(&plan.criteria, documents);
    let mut scored: Vec<(f64, bool, I)> = Vec::new();
    for (id, candidate) in candidates {
        let shared = plan.criteria.iter().zip(&candidate.closeness).filter(|it| *it.1 > 0.0);
        let score: f64 = shared
            .map(|(criterion, closeness)| {
                criterion.value(documents) * (0.7 + 0.3 * closeness.min(1.0))
            })
            .sum();
        if score >= total * MIN_SHARE {
            scored.push((score, candidate.is_solved, id));
        }
    }
    let best = scored.iter().map(|it| it.0).fold(0.0, f64::max);
    scored.retain(|it| it.0 >= best * MIN_OF_BEST);
    scored.sort_by(|one, other| {
        other.1.cmp(&one.1).then(other.0.total_cmp(&one.0)).then(other.2.cmp(&one.2))
    });
    scored.into_iter().map(|it| it.2).collect()
}
