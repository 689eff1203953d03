//! What somebody typed, as a list of what is wanted.

#![expect(clippy::string_slice, reason = "places are those of characters of the same text")]

use crate::search::fold::composed;
use crate::search::layout::other_readings;
use crate::search::token::{Token, tokens};

/// The maximum length of a query, in characters.
pub const MAX_QUERY: usize = 500;

/// The maximum number of words that are searched; more would add nothing.
pub(super) const MAX_TERMS: usize = 32;

/// A query: every clause is searched for, those that are required must be there, those that
/// are excluded must not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    pub(super) clauses: Vec<Clause>,
}

/// Alternative terms, one of which is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clause {
    pub terms: Vec<Term>,
    pub is_excluded: bool,
}

/// A word, a name, a number, or words in quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    /// What it is: first as it was typed, then as it reads on other keyboards.
    pub readings: Vec<Reading>,
    pub is_phrase: bool,
    /// The number of a ticket that it may be.
    pub number: Option<i64>,
}

/// One way to read a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    pub text: String,
    pub tokens: Vec<Token>,
}

/// Why something is not a valid query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryError {
    /// It has no word to look for.
    Empty,
    /// It has more than 500 characters.
    TooLong,
}

impl SearchQuery {
    /// Parses what was typed; whatever is not query syntax is a word.
    /// Errors: nothing to look for, or too much.
    pub fn parse(typed: &str) -> Result<Self, QueryError> {
        if typed.chars().count() > MAX_QUERY {
            return Err(QueryError::TooLong);
        }
        let clauses = clauses(pieces(&composed(typed)));
        match clauses.iter().any(|it| !it.is_excluded) {
            true => Ok(Self { clauses }),
            false => Err(QueryError::Empty),
        }
    }
}

/// A part of the query between blanks, or in quotes.
struct Piece {
    text: String,
    is_phrase: bool,
    is_excluded: bool,
}

const QUOTES: [char; 6] = ['"', '“', '”', '„', '«', '»'];

fn pieces(typed: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = typed.trim_start();
    while !rest.is_empty() {
        let bare = rest.trim_start_matches('-');
        let is_excluded = bare.len() < rest.len() && !bare.starts_with(char::is_whitespace);
        let (text, is_phrase, after) = match quoted(bare) {
            Some((text, after)) => (text, true, after),
            None => {
                let end = bare.find(char::is_whitespace).unwrap_or(bare.len());
                (&bare[..end], false, &bare[end..])
            }
        };
        pieces.push(Piece { text: text.to_owned(), is_phrase, is_excluded });
        rest = after.trim_start();
    }
    pieces
}

/// The quoted beginning of a text, and the rest; none without a closing quote.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix(QUOTES)?;
    let end = inner.find(QUOTES)?;
    let quote = inner[end..].chars().next()?;
    Some((&inner[..end], &inner[end + quote.len_utf8()..]))
}

fn clauses(pieces: Vec<Piece>) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    let (mut is_alternative, mut is_introduced) = (false, false);
    let is_only = pieces.len() == 1;
    let mut pieces = pieces.into_iter().take(MAX_TERMS).peekable();
    while let Some(piece) = pieces.next() {
        if is_or(&piece) {
            is_alternative = !clauses.is_empty();
            continue;
        }
        let next = pieces.peek().map(|it| it.text.as_str());
        let is_excluded = piece.is_excluded && !is_level(&piece.text, next);
        if !is_excluded && names_a_ticket(&piece.text) && next.is_some_and(is_number_or_sign) {
            is_introduced = true;
            continue;
        }
        let number = number(&piece.text).filter(|it| is_introduced || is_only || it.is_named);
        is_introduced = false;
        let Some(term) = term(&piece, number.map(|it| it.value)) else { continue };
        match clauses.last_mut().filter(|it| is_alternative && it.is_excluded == is_excluded) {
            Some(clause) => clause.terms.push(term),
            None => clauses.push(Clause { terms: vec![term], is_excluded }),
        }
        is_alternative = false;
    }
    clauses
}

fn is_or(piece: &Piece) -> bool {
    !piece.is_phrase && matches!(piece.text.as_str(), "OR" | "ИЛИ" | "НЕМЕСЕ" | "|" | "||")
}

/// A level of a signal is a number with a sign, and excludes nothing.
fn is_level(text: &str, unit: Option<&str>) -> bool {
    let is_number = text.starts_with(|it: char| it.is_ascii_digit());
    let unit = unit.map(str::to_lowercase);
    is_number
        && unit.is_some_and(|it| matches!(it.as_str(), "dbm" | "db" | "дбм" | "дб" | "°c" | "c"))
}

/// Words by which a number is introduced.
fn names_a_ticket(text: &str) -> bool {
    const BEGINNINGS: [&str; 13] = [
        "заявк",
        "заявок",
        "тикет",
        "обращени",
        "запрос",
        "номер",
        "инцидент",
        "өтінім",
        "отиним",
        "өтініш",
        "ticket",
        "request",
        "issue",
    ];
    let text = text.to_lowercase();
    matches!(text.as_str(), "№" | "#" | "n" | "no" | "no.")
        || BEGINNINGS
            .iter()
            .any(|it| text.starts_with(it) && text.chars().count() <= it.chars().count() + 3)
}

fn is_number_or_sign(text: &str) -> bool {
    matches!(text, "№" | "#") || number(text).is_some()
}

/// What may be the number of a ticket.
struct Number {
    value: i64,
    /// Whether it says so itself: `№34`, `N34`, `тикет-34`.
    is_named: bool,
}

fn number(text: &str) -> Option<Number> {
    let text = text.trim_matches(['(', ')', '[', ']', ',', '.', ':', ';', '?', '!']);
    let digits = text.trim_start_matches(|it: char| !it.is_ascii_digit());
    let name = text.strip_suffix(digits)?.trim_end_matches(['-', ':']);
    let is_named = names_a_ticket(name);
    let is_number = (is_named || digits.len() == text.len())
        && (1..=18).contains(&digits.len())
        && digits.bytes().all(|it| it.is_ascii_digit());
    let value = digits.parse().ok().filter(|it| is_number && *it > 0)?;
    Some(Number { value, is_named })
}

/// A piece with all its readings; none if no reading has a word. A number among other words is not a ticket
/// number unless something says so: `403 Forbidden`.
fn term(piece: &Piece, number: Option<i64>) -> Option<Term> {
    let typed = reading(&piece.text);
    let number = number.filter(|_| !piece.is_phrase);
    let others = other_readings(&piece.text);
    let mut readings: Vec<Reading> =
        std::iter::once(typed).chain(others.iter().map(|it| reading(it))).collect();
    readings.retain(|it| !it.tokens.is_empty());
    (!readings.is_empty()).then_some(Term { readings, is_phrase: piece.is_phrase, number })
}

fn reading(text: &str) -> Reading {
    Reading { text: text.to_owned(), tokens: tokens(text).collect() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn clauses(typed: &str) -> Vec<(Vec<String>, bool)> {
        let query = SearchQuery::parse(typed).unwrap();
        let texts =
            |it: Clause| it.terms.into_iter().map(|it| it.readings[0].text.clone()).collect();
        query
            .clauses
            .into_iter()
            .map(|it| (it.terms.clone(), it.is_excluded))
            .map(|(terms, is_excluded)| (texts(Clause { terms, is_excluded }), is_excluded))
            .collect()
    }

    #[test]
    fn quotes_hyphens_and_or_mean_something() {
        assert_eq!(
            clauses("\"нет звука\" -обновление SMG-500 OR TAU-72"),
            [
                (vec!["нет звука".to_owned()], false),
                (vec!["обновление".to_owned()], true),
                (vec!["SMG-500".to_owned(), "TAU-72".to_owned()], false),
            ]
        );
        assert_eq!(clauses("- \"нет OR"), [(vec!["\"нет".to_owned()], false)]);
        assert_eq!(clauses("сигнал -28 dBm").iter().filter(|it| it.1).count(), 0);
    }

    #[test]
    fn a_number_may_be_introduced() {
        for typed in [
            "№1042",
            "#1042",
            "1042",
            "заявка 1042",
            "заявок 1042",
            "тикет №1042",
            "заявка № 1042",
            "тикет-1042",
            "N1042",
            "(№1042)",
        ] {
            let query = SearchQuery::parse(typed).unwrap();
            let numbers: Vec<_> =
                query.clauses.iter().flat_map(|it| &it.terms).map(|it| it.number).collect();
            assert_eq!(numbers, [Some(1042)], "{typed}");
        }
        for typed in ["порт 1042", "порт MES1042", "порт 10.42"] {
            let query = SearchQuery::parse(typed).unwrap();
            assert_eq!(query.clauses[1].terms[0].number, None, "{typed}");
        }
    }

    #[test]
    fn what_has_no_word_is_no_query() {
        for typed in ["", " ", "-", "\"\"", "***", "-слово", "\0", "OR"] {
            assert_eq!(SearchQuery::parse(typed), Err(QueryError::Empty), "{typed:?}");
        }
        assert_eq!(SearchQuery::parse(&"я".repeat(501)), Err(QueryError::TooLong));
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_a_query_or_none(typed in ".{0,600}") {
            if let Ok(query) = SearchQuery::parse(&typed) {
                prop_assert!(query.clauses.len() <= MAX_TERMS);
            }
        }
    }
}
