//! The lexemes by which a word is indexed and searched: its stems in every language it may belong to.

use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

use crate::search::fold::is_latin;
use crate::search::token::{Part, PartKind};
use crate::search::{kazakh, russian};

static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

/// A word with fewer letters is too short to have its endings removed.
const MIN_LETTERS: usize = 4;

/// The lexemes of a part: the first is its stem, the others let it be found by its kin.
///
/// A Cyrillic word is taken for a Russian and for a Kazakh one: borrowed words are both, and Kazakh
/// typed with Russian letters looks like neither.
pub fn lexemes(part: &Part) -> Vec<String> {
    let word = part.text.as_str();
    let is_word = part.kind == PartKind::Word;
    if !is_word || word.chars().count() < MIN_LETTERS && !word.chars().all(is_latin) {
        return vec![word.to_owned()];
    }
    if word.chars().all(is_latin) {
        return vec![ENGLISH.stem(word).into_owned()];
    }
    let mut lexemes = vec![russian::stem(word)];
    let kin = [
        russian::root(word),
        russian::noun(word),
        Some(kazakh::stem(word)),
        Some(kazakh::root(word)),
    ];
    for it in kin.into_iter().flatten() {
        if !lexemes.contains(&it) {
            lexemes.push(it);
        }
    }
    lexemes
}

/// The lexeme of a ticket's own number in its document.
pub fn number_lexeme(number: i64) -> String {
    format!("№{number}")
}
