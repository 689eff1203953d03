//! The excerpt of a text that is shown with a result.

#![expect(clippy::string_slice, reason = "places are those of characters of the same text")]

use std::collections::HashMap;

use crate::search::fold::{composed, folded, latin_letter};
use crate::search::lexeme::lexemes;
use crate::search::plan::SearchPlan;
use crate::search::russian::PREFIX_OF_BORROWED;
use crate::search::strong_verbs::SIGN;
use crate::search::token::{Token, chunks, token};

/// A piece of an excerpt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    pub text: String,
    /// Whether it matches the query.
    pub is_match: bool,
}

/// The maximum length of an excerpt, in characters.
const MAX_EXCERPT: usize = 240;

/// How much of it precedes the first match.
const BEFORE: usize = 60;

/// The maximum number of words that are remembered.
const MAX_KNOWN: usize = 10_000;

/// Finds the words of a plan in texts, each word once for all of them.
#[derive(Debug)]
pub struct Excerpts<'a> {
    plan: &'a SearchPlan,
    /// The beginnings of the searched lexemes: words that begin differently need no closer look.
    beginnings: Vec<char>,
    /// Whether words of the texts so far are ones that are looked for.
    known: HashMap<String, bool>,
}

impl<'a> Excerpts<'a> {
    pub fn of(plan: &'a SearchPlan) -> Self {
        let operands = plan.criteria.iter().flat_map(|it| it.expression.operands());
        let beginnings = operands.filter_map(|it| it.text().chars().next()).collect();
        Self { plan, beginnings, known: HashMap::new() }
    }

    /// The part of a text around the first words that are looked for; none without any.
    pub fn excerpt(&mut self, text: &str) -> Option<Vec<Fragment>> {
        let text = composed(text);
        let mut chunks = chunks(&text);
        let first_match = chunks.find(|it| self.is_match(&text[it.clone()]))?;
        let first = first_match.start;
        let start = text[..first].char_indices().rev().take(BEFORE).last().map_or(first, |it| it.0);
        let end =
            text[start..].char_indices().nth(MAX_EXCERPT).map_or(text.len(), |it| start + it.0);
        let mut fragments = Vec::new();
        let mut shown = start;
        let mut push = |from: usize, to: usize, is_match| {
            if from < to {
                fragments.push(Fragment { text: text[from..to].to_owned(), is_match });
            }
        };
        let more = chunks.take_while(|it| it.end <= end);
        let more = more.filter(|it| self.is_match(&text[it.clone()]));
        for span in std::iter::once(first_match).chain(more).take_while(|it| it.end <= end) {
            push(shown, span.start, false);
            push(span.start, span.end, true);
            shown = span.end;
        }
        push(shown, end, false);
        Some(fragments)
    }

    /// Whether a word of a text is one that is looked for.
    fn is_match(&mut self, word: &str) -> bool {
        if let Some(is_match) = self.known.get(word) {
            return *is_match;
        }
        let is_match =
            may_match(word, &self.beginnings) && self.plan.has(&token(word, 0..word.len()));
        if self.known.len() < MAX_KNOWN {
            self.known.insert(word.to_owned(), is_match);
        }
        is_match
    }
}

/// The beginning of a text, for texts without a match.
pub fn beginning(text: &str) -> Vec<Fragment> {
    let text: String = composed(text).chars().take(MAX_EXCERPT).collect();
    vec![Fragment { text, is_match: false }]
}

fn may_match(written: &str, beginnings: &[char]) -> bool {
    let is_one = |it: char| {
        folded(it).any(|it| beginnings.contains(&it) || beginnings.contains(&latin_letter(it)))
    };
    // «Шел» is a form of «идти».
    if beginnings.contains(&SIGN) {
        return true;
    }
    let mut letters = written.chars();
    // What has joints or digits is found by its parts, too.
    letters.next().is_some_and(is_one)
        || letters.any(|it| !it.is_alphabetic())
        || after_prefix(written).is_some_and(is_one)
}

/// The first letter of what a perfective of a borrowed verb was made of.
fn after_prefix(written: &str) -> Option<char> {
    let mut letters = written.chars().flat_map(folded);
    let has_prefix = PREFIX_OF_BORROWED.iter().all(|it| letters.next() == Some(*it));
    letters.next().filter(|_| has_prefix)
}

impl SearchPlan {
    /// Whether a word of a text is one that is looked for.
    fn has(&self, token: &Token) -> bool {
        let mut its: Vec<String> = token.parts.iter().flat_map(lexemes).collect();
        its.extend((0..token.parts.len()).map(|it| token.joined(it)));
        self.criteria.iter().any(|it| it.expression.mentions(&its))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{SearchQuery, Vocabulary};

    #[test]
    fn an_excerpt_marks_what_was_searched_for() {
        let plan = SearchQuery::parse("шлюз 1016").unwrap().plan(&Vocabulary::default());
        let found = Excerpts::of(&plan).excerpt("Не отвечает. Шлюзы SMG-1016M зависли.").unwrap();
        let shown: Vec<_> = found.iter().map(|it| (it.text.as_str(), it.is_match)).collect();
        assert_eq!(
            shown,
            [
                ("Не отвечает. ", false),
                ("Шлюзы", true),
                (" ", false),
                ("SMG-1016M", true),
                (" зависли.", false)
            ]
        );
        assert_eq!(Excerpts::of(&plan).excerpt("Нет ничего"), None);
    }

    #[test]
    fn an_excerpt_marks_forms_that_begin_with_another_letter() {
        for (query, text) in [("блокирует", "заблокирован"), ("идет", "шёл"), ("берет", "брал")]
        {
            let plan = SearchQuery::parse(query).unwrap().plan(&Vocabulary::default());
            let found = Excerpts::of(&plan).excerpt(text).unwrap();
            assert!(found[0].is_match, "{query}");
        }
    }
}
