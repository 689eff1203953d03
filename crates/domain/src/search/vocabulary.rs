//! What the index has of the words of a query, and which of them may be typing errors.

use std::collections::{HashMap, HashSet};

use crate::search::expression::Expression;
use crate::search::lexeme::lexemes;
use crate::search::plan::{of_part, of_token, word_part};
use crate::search::spelling::distance;
use crate::search::token::{PartKind, Token, indexed};

/// What the index has of the words of a query, for one reader.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    /// How many documents there are.
    pub documents: u64,
    /// In how many of them a lexeme is; one that is not here is in none.
    pub lexemes: HashMap<String, u64>,
    /// In how many a lexeme with this beginning is.
    pub beginnings: HashMap<String, u64>,
    /// What was counted and is in none.
    pub absent: HashSet<Expression>,
    /// Words like those that no document has, as they are spelled, with the number of documents.
    pub near: HashMap<String, Vec<(String, u64)>>,
}

/// A shorter word is not corrected: too many others are near it.
const MIN_CORRECTED: usize = 5;

/// In a shorter word two errors are another word.
const MIN_WITH_TWO_ERRORS: usize = 8;

/// A longer number names exactly one thing and is never corrected.
pub(super) const MAX_MODEL_DIGITS: usize = 4;

/// How much a word must have in common with the one that was typed, by its trigrams: two errors leave little
/// of a word of this length.
pub fn least_likeness(word: &str) -> f64 {
    if (7..12).contains(&word.chars().count()) { 0.2 } else { 0.3 }
}

impl Vocabulary {
    /// Remembers which of these lexemes and beginnings, all of which were counted, no document has.
    pub fn remember_absent(&mut self, lexemes: Vec<String>, beginnings: Vec<String>) {
        let lexemes = lexemes.into_iter().filter(|it| !self.lexemes.contains_key(it));
        let beginnings = beginnings.into_iter().filter(|it| !self.beginnings.contains_key(it));
        self.absent =
            lexemes.map(Expression::Lexeme).chain(beginnings.map(Expression::Beginning)).collect();
    }

    pub(super) fn knows(&self, token: &Token) -> bool {
        let has = |it: &Expression| self.count(it) > 0;
        match token.parts.as_slice() {
            [only] if only.kind == PartKind::Word => {
                // A root of a few letters is that of too many words.
                let stems = lexemes(only);
                stems.iter().enumerate().any(|(place, it)| {
                    (place == 0 || it.chars().count() >= MIN_CORRECTED - 1)
                        && self.lexemes.contains_key(it)
                })
            }
            [only] => self.lexemes.contains_key(&only.text),
            parts => {
                let Expression::Any(ways) = of_token(token) else { return false };
                let is_whole = |it: &&Expression| !matches!(it, Expression::Adjacent(_));
                ways.iter().filter(is_whole).any(has)
                    || correctable(token).is_none() && parts.iter().all(|it| has(&of_part(it)))
            }
        }
    }

    fn count(&self, operand: &Expression) -> u64 {
        let counts = |it: &Expression| match it {
            Expression::Lexeme(it) => self.lexemes.get(it).copied().unwrap_or(0),
            Expression::Beginning(it) => self.beginnings.get(it).copied().unwrap_or(0),
            Expression::Adjacent(_) | Expression::Any(_) | Expression::All(_) => 0,
        };
        operand.documents(&counts)
    }

    pub(super) fn estimate(&self, expression: &Expression) -> u64 {
        self.count(expression).min(self.documents)
    }

    /// The correction of a word that no document has, and how many documents have it.
    pub(super) fn corrected(&self, token: &Token) -> Option<(String, u64)> {
        if self.knows(token) {
            return None;
        }
        let typed = correctable(token)?;
        let is_name = token.parts.len() > 1;
        let length = |word: &str| word.chars().count();
        let stem = |word: &str| lexemes(&word_part(word)).swap_remove(0);
        let near = self.near.get(&typed)?.iter();
        let errors = near.filter_map(|(spelling, documents)| {
            let word = indexed(spelling);
            let is_long = length(&typed).max(length(&word)) >= MIN_WITH_TWO_ERRORS;
            let most = if is_long && !is_name { 2 } else { 1 };
            let whole = match is_name {
                true => errors_in_name(&typed, &word),
                false => distance(&typed, &word, most),
            };
            // Where the errors are in the stem, the endings may differ, which is less likely.
            let in_stem = || {
                let errors = distance(&stem(&typed), &stem(&word), most).filter(|_| !is_name)?;
                Some((errors.max(1), true))
            };
            let (errors, is_in_stem) = whole.map(|it| (it, false)).or_else(in_stem)?;
            let is_one = errors <= most;
            is_one.then_some((errors, is_in_stem, std::cmp::Reverse(*documents), spelling))
        });
        errors.min().map(|(.., documents, spelling)| (spelling.clone(), documents.0))
    }
}

/// The errors in the name of a model, or in its beginning: digits that differ are another model.
fn errors_in_name(typed: &str, word: &str) -> Option<usize> {
    let digits = |it: &str| {
        let mut digits: Vec<char> = it.chars().filter(char::is_ascii_digit).collect();
        digits.sort_unstable();
        digits
    };
    let length = typed.chars().count();
    let beginnings = (length - 1..=length + 1).map(|it| word.chars().take(it).collect::<String>());
    let same = beginnings.filter(|it| digits(it) == digits(typed));
    same.filter_map(|it| distance(typed, &it, 1)).min()
}

/// What may be a typing error: a longer word, or a name of letters and a few digits.
pub(super) fn correctable(token: &Token) -> Option<String> {
    let text = match token.parts.as_slice() {
        [only] => match only.kind {
            PartKind::Word => only.text.clone(),
            PartKind::Number | PartKind::Code => return None,
        },
        parts => {
            let is_of = |kind| parts.iter().filter(|it| it.kind == kind).count();
            let is_model = is_of(PartKind::Number) == 1
                && is_of(PartKind::Word) > 0
                && parts
                    .iter()
                    .all(|it| it.kind == PartKind::Word || it.text.len() <= MAX_MODEL_DIGITS);
            if !is_model {
                return None;
            }
            token.joined(0)
        }
    };
    (text.chars().count() >= MIN_CORRECTED).then_some(text)
}
