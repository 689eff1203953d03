//! A query as it is sent to the index, once it is known which words the index has.

use crate::search::expression::Expression;
use crate::search::lexeme::{lexemes, number_lexeme};
use crate::search::query::{Clause, MAX_TERMS, Reading, SearchQuery, Term};
use crate::search::stop_words::is_stop_word;
use crate::search::token::{Part, PartKind, Token, indexed};
use crate::search::vocabulary::{MAX_MODEL_DIGITS, Vocabulary, correctable};

/// What documents are looked for, and how they are put in order.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchPlan {
    /// What results should have.
    pub criteria: Vec<Criterion>,
    /// What results must not have.
    pub excluded: Vec<Expression>,
    /// The words that were read as others.
    pub corrections: Vec<Correction>,
}

/// One thing to look for.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    pub expression: Expression,
    /// The approximate number of documents that have it.
    pub documents: u64,
    pub weight: f64,
    /// Whether a document must have it to be a result.
    pub is_required: bool,
    /// The number of the ticket that it may be.
    pub number: Option<i64>,
    /// Whether it is known that no document has it.
    pub is_absent: bool,
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
pub(super) const STOP_WORD: f64 = 0.1;

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
                        Expression::Adjacent(_) | Expression::Any(_) | Expression::All(_) => {}
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
        let words = typed.flat_map(|it| &it.tokens).flat_map(Token::words);
        let words = words.filter(|it| !vocabulary.knows(it));
        let mut words: Vec<String> = words.filter_map(|it| correctable(&it)).collect();
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
            SearchPlan { criteria: Vec::new(), excluded: Vec::new(), corrections: Vec::new() };
        for clause in &self.clauses {
            match (clause.is_excluded, clause.terms.as_slice()) {
                (true, terms) => {
                    plan.excluded.extend(terms.iter().map(|it| it.excluded(vocabulary)))
                }
                (false, [term]) if !term.is_phrase => plan.criterion(term, vocabulary),
                (false, _) => plan.require(clause, vocabulary),
            }
        }
        plan.criteria.iter_mut().for_each(|it| it.reduce(vocabulary));
        plan
    }
}

impl SearchPlan {
    /// Each word of a term by itself, those of a compound, too.
    fn criterion(&mut self, term: &Term, vocabulary: &Vocabulary) {
        let reading = term.read(vocabulary, &mut self.corrections);
        for token in &reading.tokens {
            let words = token.words();
            let compound = (words.len() > 1).then(|| Expression::Lexeme(token.joined(0)));
            for word in &words {
                let number = term.number.map(|it| Expression::Lexeme(number_lexeme(it)));
                let others = compound.iter().cloned().chain(number);
                let criterion = self.word(word, others, reading, vocabulary);
                if self.criteria.len() < MAX_TERMS {
                    self.criteria.push(Criterion { number: term.number, ..criterion });
                }
            }
        }
    }

    /// A word, or something else that may stand for it.
    fn word(
        &mut self,
        word: &Token,
        others: impl Iterator<Item = Expression>,
        reading: &Reading,
        vocabulary: &Vocabulary,
    ) -> Criterion {
        let mut any: Vec<Expression> = others.chain([of_token(word)]).collect();
        // The lexemes of a corrected word were not counted; its documents were.
        let corrected = vocabulary.corrected(word);
        let weight = if corrected.is_some() { CORRECTED } else { weight(word) };
        let known = corrected.as_ref().map_or(0, |it| it.1);
        if let Some((meant, _)) = corrected {
            let from = reading.text.get(word.span.clone()).unwrap_or(&reading.text).to_owned();
            any.push(of_word(&indexed(&meant)));
            self.corrections.push(Correction { from, to: meant });
        }
        let expression = if any.len() == 1 { any.remove(0) } else { Expression::Any(any) };
        let documents = vocabulary.estimate(&expression).max(known.min(vocabulary.documents));
        Criterion { documents, weight, ..Criterion::of(expression) }
    }

    /// A phrase, or one of several terms.
    fn require(&mut self, clause: &Clause, vocabulary: &Vocabulary) {
        let mut any = Vec::new();
        for term in &clause.terms {
            let reading = term.read(vocabulary, &mut self.corrections);
            any.push(reading.whole());
            if let Some(number) = term.number {
                any.push(Expression::Lexeme(number_lexeme(number)));
            }
        }
        let expression = if any.len() == 1 { any.remove(0) } else { Expression::Any(any) };
        let documents = vocabulary.estimate(&expression);
        let expected = Criterion::of(expression);
        self.criteria.push(Criterion { documents, is_required: true, ..expected });
    }
}

impl Criterion {
    pub(super) const fn of(expression: Expression) -> Self {
        let (is_required, is_absent, number) = (false, false, None);
        Self { expression, documents: 0, weight: 1.0, is_required, number, is_absent }
    }

    /// Leaves out the forms that no document has: what is left is compared with every candidate.
    pub(super) fn reduce(&mut self, vocabulary: &Vocabulary) {
        match self.expression.without(&vocabulary.absent) {
            Some(reduced) => self.expression = reduced,
            None => self.is_absent = true,
        }
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
        let whole = self.chosen(vocabulary).whole();
        match self.number {
            Some(number) => Expression::Any(vec![whole, Expression::Lexeme(number_lexeme(number))]),
            None => whole,
        }
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

    /// All of it, one after the other: its names whole, or in their parts.
    fn whole(&self) -> Expression {
        if let [only] = self.tokens.as_slice() {
            return of_token(only);
        }
        let names: Vec<Expression> = self.tokens.iter().map(of_name).collect();
        let parts: Vec<Expression> =
            self.tokens.iter().flat_map(|it| &it.parts).map(of_part).collect();
        if names == parts {
            return Expression::Adjacent(parts);
        }
        Expression::Any(vec![self.around_names(&names), Expression::Adjacent(parts)])
    }

    /// The names one after the other. What follows the name of a series follows the rest of the whole name, too, so
    /// that a name in between ends one phrase and begins the next.
    fn around_names(&self, names: &[Expression]) -> Expression {
        let mut phrases = vec![Vec::new()];
        for (place, name) in names.iter().enumerate() {
            if let Some(phrase) = phrases.last_mut() {
                phrase.push(name.clone());
            }
            let is_between = place > 0 && place + 1 < names.len();
            if is_between && matches!(name, Expression::Beginning(_)) {
                phrases.push(vec![name.clone()]);
            }
        }
        let mut phrases: Vec<Expression> = phrases.into_iter().map(Expression::Adjacent).collect();
        if phrases.len() == 1 { phrases.remove(0) } else { Expression::All(phrases) }
    }
}

pub(super) fn word_part(word: &str) -> Part {
    Part { text: word.to_owned(), kind: PartKind::Word, joint: None, span: 0..0 }
}

pub(super) fn of_part(part: &Part) -> Expression {
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

/// A word in any form; a name whole, in its parts, or as the beginning of a longer one.
pub(super) fn of_token(token: &Token) -> Expression {
    if let [only] = token.parts.as_slice() {
        return of_part(only);
    }
    let parts = Expression::Adjacent(token.parts.iter().map(of_part).collect());
    Expression::Any(vec![of_name(token), parts])
}

/// A word in any form; a name whole, or as the beginning of a longer one.
fn of_name(token: &Token) -> Expression {
    if let [only] = token.parts.as_slice() {
        return of_part(only);
    }
    let joined = token.joined(0);
    // A word begins with itself: said in both ways, PostgreSQL would rank by one of the two alone.
    if is_beginning(token) { Expression::Beginning(joined) } else { Expression::Lexeme(joined) }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(typed: &str, known: &[&str]) -> SearchPlan {
        let query = SearchQuery::parse(typed).unwrap();
        let (lexemes, beginnings) = query.counted_lexemes();
        let mut vocabulary = Vocabulary { documents: 9, ..Vocabulary::default() };
        vocabulary.lexemes = known.iter().map(|it| ((*it).to_owned(), 1)).collect();
        vocabulary.remember_absent(lexemes, beginnings);
        query.plan(&vocabulary)
    }

    /// Candidates are compared with nothing in vain.
    #[test]
    fn forms_that_no_document_has_are_left_out() {
        let all = SearchQuery::parse("регистрируется").unwrap().plan(&Vocabulary::default());
        assert!(all.criteria[0].expression.operands().len() > 1);

        let plan = planned("регистрируется", &["регистрир"]);

        assert_eq!(plan.criteria[0].expression, Expression::Lexeme("регистрир".to_owned()));
        assert!(!plan.criteria[0].is_absent);
    }

    #[test]
    fn words_and_phrases_that_no_document_has_are_absent() {
        let plan = planned("\"звука нет\" шлюз", &["звук"]);

        assert_eq!(plan.criteria.iter().map(|it| it.is_absent).collect::<Vec<_>>(), [true, true]);
    }

    /// The number of a ticket is not counted.
    #[test]
    fn the_number_of_a_ticket_is_always_looked_for() {
        let plan = planned("№1042", &[]);

        assert!(!plan.criteria[0].is_absent);
        assert_eq!(plan.criteria[0].expression, Expression::Lexeme(number_lexeme(1042)));
    }
}
