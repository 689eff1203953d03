//! The lexemes by which a word is indexed and searched: its stems in every language it may belong to.

use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

use crate::search::fold::{is_latin, latin};
use crate::search::stop_words::is_stop_word;
use crate::search::token::{Part, PartKind};
use crate::search::{kazakh, russian, strong_verbs};

static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

/// A word with fewer letters is too short to have its endings removed.
const MIN_LETTERS: usize = 4;

/// The maximum length of an abbreviation: PPPoE.
const MAX_ABBREVIATION: usize = 5;

/// The lexemes of a part: the first is its stem, the others let it be found by its kin.
///
/// A Cyrillic word is taken for a Russian and for a Kazakh one: borrowed words are both, and Kazakh
/// typed with Russian letters looks like neither.
pub fn lexemes(part: &Part) -> Vec<String> {
    let word = part.text.as_str();
    if part.kind != PartKind::Word {
        // A hexadecimal code without its sign, too.
        let bare = word.strip_prefix("0x").filter(|_| part.kind == PartKind::Code);
        return std::iter::once(word).chain(bare).map(str::to_owned).collect();
    }
    if word.chars().all(is_latin) {
        return vec![ENGLISH.stem(word).into_owned()];
    }
    let mut lexemes = Vec::new();
    let mut add = |it: String| {
        if !lexemes.contains(&it) {
            lexemes.push(it);
        }
    };
    if word.chars().count() < MIN_LETTERS {
        add(word.to_owned());
        // «ашу» (to open) has a root of two letters.
        if word.ends_with(['у', 'ю']) {
            add(kazakh::root(word));
        }
    } else {
        add(russian::stem(word));
        russian::kin(word).for_each(&mut add);
        add(kazakh::stem(word));
        add(kazakh::root(word));
    }
    strong_verbs::roots(russian::without_reflexive(word)).into_iter().for_each(&mut add);
    abbreviation(word).into_iter().for_each(add);
    lexemes
}

/// What a short word is if it was typed on the wrong keyboard, all of whose letters look alike: «РоЕ», «НТТР».
fn abbreviation(word: &str) -> Option<String> {
    let latin = latin(word);
    let is_short = (2..=MAX_ABBREVIATION).contains(&word.chars().count());
    let is_one = is_short && latin.chars().all(is_latin) && !is_stop_word(word);
    is_one.then(|| ENGLISH.stem(&latin).into_owned())
}

/// The lexeme of a ticket's own number in its document.
pub fn number_lexeme(number: i64) -> String {
    format!("№{number}")
}
