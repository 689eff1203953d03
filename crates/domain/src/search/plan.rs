//! A query as it is sent to the index, once it is known which words the index has.

use std::collections::HashMap;

use crate::search::expression::Expression;
use crate::search::lexeme::{lexemes, number_lexeme};
use crate::search::query::{Clause, Reading, SearchQuery, Term};
use crate::search::spelling::distance;
use crate::search::stop_words::is_stop_word;
use crate::search::token::{Part, PartKind, Token};

/// What the index has of the words of a query, for one reader.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    /// How many documents there are.
    pub documents: u64,
    /// In how many of them a lexeme is; one that is not here is in none.
    pub lexemes: HashMap<String, u64>,
    /// In how many a lexeme with this beginning is.
    pub beginnings: HashMap<String, u64>,
    /// Words like those that no document has, with the number of documents.
    pub near: HashMap<String, Vec<(String, u64)>>,
}

/// What documents are looked for, and how they are put in order.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchPlan {
    /// What results should have.
    pub wishes: Vec<Wish>,
    /// What results must not have.
    pub excluded: Vec<Expression>,
    /// The words that were read as others.
    pub corrections: Vec<Correction>,
}

/// One thing to look for.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    pub expression: Expression,
    /// The approximate number of documents that have it.
    pub documents: u64,
    pub weight: f64,
    /// Whether a document must have it to be a result.
    pub is_required: bool,
    /// The number of the ticket that it may be.
    pub number: Option<i64>,
}

/// A word that was read as another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// As it was typed.
    pub from: String,
    /// As it was understood.
    pub to: String,
}

/// The weight of a corrected word relative to one as typed.
const CORRECTED: f64 = 0.6;

/// The weight of a stop word.
const STOP_WORD: f64 = 0.1;

/// A shorter word is not corrected: too many others are near it.
const MIN_CORRECTED: usize = 5;

/// A longer number names exactly one thing and is never corrected.
const MAX_MODEL_DIGITS: usize = 4;

impl SearchQuery {
    /// The lexemes, and the beginnings of lexemes, whose documents have to be counted.
    pub fn counted_lexemes(&self) -> (Vec<String>, Vec<String>) {
        let (mut exact, mut beginnings) = (Vec::new(), Vec::new());
        for reading in self.readings() {
            for token in &reading.tokens {
                for operand in of_token(token).operands() {
                    match operand {
                        Expression::Lexeme(it) => exact.push(it.clone()),
                        Expression::Beginning(it) => beginnings.push(it.clone()),
                        Expression::Adjacent(_) | Expression::Any(_) => {}
                    }
                }
            }
        }
        for list in [&mut exact, &mut beginnings] {
            list.sort();
            list.dedup();
        }
        (exact, beginnings)
    }

    /// The words that no document has, of which similar ones have to be looked for.
    pub fn unknown(&self, vocabulary: &Vocabulary) -> Vec<String> {
        let terms = self.clauses.iter().filter(|it| !it.is_excluded).flat_map(|it| &it.terms);
        let typed = terms.filter(|it| !it.is_phrase).map(|it| it.chosen(vocabulary));
        let tokens = typed.flat_map(|it| &it.tokens).filter(|it| !vocabulary.knows(it));
        let mut words: Vec<String> = tokens.filter_map(correctable).collect();
        words.sort();
        words.dedup();
        words
    }

    fn readings(&self) -> impl Iterator<Item = &Reading> {
        self.clauses.iter().flat_map(|it| &it.terms).flat_map(|it| &it.readings)
    }

    /// The query as it is understood.
    pub fn plan(&self, vocabulary: &Vocabulary) -> SearchPlan {
        let mut plan =
            SearchPlan { wishes: Vec::new(), excluded: Vec::new(), corrections: Vec::new() };
        for clause in &self.clauses {
            match (clause.is_excluded, clause.terms.as_slice()) {
                (true, terms) => {
                    plan.excluded.extend(terms.iter().map(|it| it.excluded(vocabulary)))
                }
                (false, [term]) if !term.is_phrase => plan.wish(term, vocabulary),
                (false, _) => plan.require(clause, vocabulary),
            }
        }
        plan
    }
}

impl SearchPlan {
    /// Each word of a term by itself.
    fn wish(&mut self, term: &Term, vocabulary: &Vocabulary) {
        let reading = term.read(vocabulary, &mut self.corrections);
        for token in &reading.tokens {
            // The lexemes of a corrected word were not counted; its documents were.
            let (expression, weight, known) = match vocabulary.corrected(token) {
                Some((word, documents)) => {
                    let from = reading.text.clone();
                    self.corrections.push(Correction { from, to: word.clone() });
                    (of_word(&word), CORRECTED, documents)
                }
                None => (of_token(token), weight(token), 0),
            };
            let number = term.number;
            let expression = match number {
                Some(it) => {
                    Expression::Any(vec![Expression::Lexeme(number_lexeme(it)), expression])
                }
                None => expression,
            };
            let documents = vocabulary.estimate(&expression).max(known.min(vocabulary.documents));
            self.wishes.push(Wish { expression, documents, weight, is_required: false, number });
        }
    }

    /// A phrase, or one of several terms.
    fn require(&mut self, clause: &Clause, vocabulary: &Vocabulary) {
        let mut any = Vec::new();
        for term in &clause.terms {
            let reading = term.read(vocabulary, &mut self.corrections);
            any.push(adjacent(reading, of_part));
            if let Some(number) = term.number {
                any.push(Expression::Lexeme(number_lexeme(number)));
            }
        }
        let expression = if any.len() == 1 { any.remove(0) } else { Expression::Any(any) };
        let documents = vocabulary.estimate(&expression);
        let wish = Wish { expression, documents, weight: 1.0, is_required: true, number: None };
        self.wishes.push(wish);
    }
}

impl Term {
    #[expect(clippy::indexing_slicing, reason = "no term is made without a reading")]
    fn typed(&self) -> &Reading {
        &self.readings[0]
    }

    /// The reading that documents have: what was typed, unless little of it is known and all
    /// of another reading is.
    fn chosen(&self, vocabulary: &Vocabulary) -> &Reading {
        let typed = self.typed();
        if self.number.is_some() || typed.is_known(vocabulary) {
            return typed;
        }
        let known = |it: &&Reading| it.tokens.iter().all(|it| vocabulary.knows(it));
        self.readings.iter().skip(1).find(known).unwrap_or(typed)
    }

    /// The same, recorded as a correction if it differs from what was typed.
    fn read(&self, vocabulary: &Vocabulary, corrections: &mut Vec<Correction>) -> &Reading {
        let chosen = self.chosen(vocabulary);
        let typed = self.typed();
        if chosen.text != typed.text {
            corrections.push(Correction { from: typed.text.clone(), to: chosen.text.clone() });
        }
        chosen
    }

    fn excluded(&self, vocabulary: &Vocabulary) -> Expression {
        adjacent(self.chosen(vocabulary), of_part)
    }
}

impl Reading {
    /// Whether half of it, or more, is in words that documents have: a letter of `d[jlzotv` may be one.
    fn is_known(&self, vocabulary: &Vocabulary) -> bool {
        let (mut all, mut known) = (0, 0);
        for token in &self.tokens {
            let letters: usize = token.parts.iter().map(|it| it.text.chars().count()).sum();
            all += letters;
            known += if vocabulary.knows(token) { letters } else { 0 };
        }
        known > 0 && known * 2 >= all
    }
}

impl Vocabulary {
    fn knows(&self, token: &Token) -> bool {
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
            Expression::Adjacent(_) | Expression::Any(_) => 0,
        };
        operand.documents(&counts)
    }

    pub(super) fn estimate(&self, expression: &Expression) -> u64 {
        self.count(expression).min(self.documents)
    }

    /// The correction of a word that no document has, and how many documents have it.
    fn corrected(&self, token: &Token) -> Option<(String, u64)> {
        if self.knows(token) {
            return None;
        }
        let typed = correctable(token)?;
        let is_name = token.parts.len() > 1;
        let length = typed.chars().count();
        let most = if is_name || length < 8 { 1 } else { 2 };
        let stem = |word: &str| lexemes(&word_part(word)).swap_remove(0);
        let near = self.near.get(&typed)?.iter();
        let errors = near.filter_map(|(word, documents)| {
            let whole = match is_name {
                true => errors_in_name(&typed, word),
                false => distance(&typed, word, most),
            };
            // Where the errors are in the stem, the endings may differ; it is the less likely.
            let in_stem = || {
                let errors = distance(&stem(&typed), &stem(word), most).filter(|_| !is_name)?;
                Some((errors.max(1), true))
            };
            let (errors, is_in_stem) = whole.map(|it| (it, false)).or_else(in_stem)?;
            let is_one = errors <= most;
            is_one.then_some((errors, is_in_stem, std::cmp::Reverse(*documents), word))
        });
        errors.min().map(|(.., documents, word)| (word.clone(), documents.0))
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
fn correctable(token: &Token) -> Option<String> {
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

fn word_part(word: &str) -> Part {
    Part { text: word.to_owned(), kind: PartKind::Word, joint: None, span: 0..0 }
}

fn of_part(part: &Part) -> Expression {
    Expression::lexemes(lexemes(part))
}

/// A word of the vocabulary: a name as a whole.
fn of_word(word: &str) -> Expression {
    if word.chars().any(char::is_numeric) {
        Expression::Lexeme(word.to_owned())
    } else {
        of_part(&word_part(word))
    }
}

fn adjacent(reading: &Reading, of: fn(&Part) -> Expression) -> Expression {
    let parts = reading.tokens.iter().flat_map(|it| &it.parts);
    let mut all: Vec<Expression> = parts.map(of).collect();
    if all.len() == 1 { all.remove(0) } else { Expression::Adjacent(all) }
}

/// A word in any form; a name whole, in its parts, or as the beginning of a longer one.
pub(super) fn of_token(token: &Token) -> Expression {
    if let [only] = token.parts.as_slice() {
        return of_part(only);
    }
    let joined = token.joined(0);
    // A word begins with itself: said in both ways, PostgreSQL would rank by one of the two alone.
    let whole = match is_beginning(token) {
        true => Expression::Beginning(joined),
        false => Expression::Lexeme(joined),
    };
    let parts = Expression::Adjacent(token.parts.iter().map(of_part).collect());
    Expression::Any(vec![whole, parts])
}

/// Whether a name may be that of a series: `MES23`. What ends in a long number, and what has
/// numbers next to each other, is exact.
fn is_beginning(token: &Token) -> bool {
    let numbers = |it: &Part| it.kind == PartKind::Number;
    let has_word = token.parts.iter().any(|it| it.kind == PartKind::Word);
    let has_number = token.parts.iter().any(numbers);
    let is_long = token.parts.iter().any(|it| numbers(it) && it.text.len() > MAX_MODEL_DIGITS);
    let is_row = token.parts.windows(2).any(|it| it.iter().all(numbers));
    has_word && has_number && !is_long && !is_row
}

fn weight(token: &Token) -> f64 {
    match token.parts.as_slice() {
        [only] if is_stop_word(&only.text) => STOP_WORD,
        _ => 1.0,
    }
}
