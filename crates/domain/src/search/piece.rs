//! What the tokens of a text put into a document. Most of what people write is a few thousand words, so that
//! what they put there is worked out once.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use crate::search::fold::is_cyrillic;
use crate::search::lexeme::lexemes;
use crate::search::token::{Part, PartKind, Token, chunks, token};

/// What a part of a token puts into a document, at one position.
#[derive(Debug)]
pub struct Piece {
    /// By what it is found.
    pub lexemes: Vec<String>,
    /// What it adds to the vocabulary.
    pub words: Vec<Spelled>,
}

/// A folded word, and how it is spelled where that is another text.
#[derive(Debug)]
pub struct Spelled {
    pub text: String,
    pub spelling: Option<String>,
}

type Known = HashMap<String, Arc<[Piece]>>;

/// The pieces of the words that were met.
static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);

/// The maximum number of words that are remembered; beyond it all are forgotten.
const MAX_KNOWN: usize = 10_000;

/// The maximum size of a word that is remembered; longer ones hardly occur twice.
const MAX_SIZE: usize = 64;

/// The pieces of each token of a composed text, at most `most` tokens.
pub fn pieces(text: &str, most: usize) -> Vec<Arc<[Piece]>> {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    chunks(text).take(most).map(|span| of_chunk(text, span, &mut known)).collect()
}

#[expect(clippy::string_slice, reason = "a chunk lies between characters of the text")]
fn of_chunk(text: &str, span: std::ops::Range<usize>, known: &mut Known) -> Arc<[Piece]> {
    let chunk = &text[span.clone()];
    if let Some(pieces) = known.get(chunk) {
        return Arc::clone(pieces);
    }
    let pieces: Arc<[Piece]> = of_token(&token(text, span), text).into();
    if chunk.len() <= MAX_SIZE {
        if known.len() >= MAX_KNOWN {
            known.clear();
        }
        known.insert(chunk.to_owned(), Arc::clone(&pieces));
    }
    pieces
}

fn of_token(token: &Token, text: &str) -> Vec<Piece> {
    let is_name = token.is_name();
    let count = token.parts.len();
    let piece = |(index, part)| {
        let mut piece = Piece { lexemes: lexemes(part), words: Vec::new() };
        if index + 1 < count && (is_name || index == 0) {
            let joined = token.joined(index);
            if is_name && index == 0 {
                piece.words.push(spelled_name(&joined, token, text));
            }
            piece.lexemes.push(joined);
        }
        // At its end, too, for a phrase in which something follows it.
        if is_name && index > 0 && index + 1 == count {
            piece.lexemes.push(token.joined(0));
        }
        if part.kind == PartKind::Word || count == 1 {
            piece.words.push(spelled(part, text));
        }
        piece
    };
    token.parts.iter().enumerate().map(piece).collect()
}

/// With its spelling, if all of it is Cyrillic: other words are names, whose letters only look so.
fn spelled(part: &Part, text: &str) -> Spelled {
    let written = text.get(part.span.clone()).unwrap_or_default().to_lowercase();
    let is_spelling = written != part.text && written.chars().all(is_cyrillic);
    Spelled { text: part.text.clone(), spelling: is_spelling.then_some(written) }
}

/// A name with its joints: «tau-72.ip».
fn spelled_name(joined: &str, token: &Token, text: &str) -> Spelled {
    let written = text.get(token.span.clone()).unwrap_or_default().to_lowercase();
    let is_spelling = written != joined && written.is_ascii() && written.len() <= MAX_SIZE;
    Spelled { text: joined.to_owned(), spelling: is_spelling.then_some(written) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let pieces = pieces(text, usize::MAX);
        let words = pieces.iter().flat_map(|it| it.iter()).flat_map(|it| &it.words);
        words.map(|it| it.text.clone()).collect()
    }

    #[test]
    fn a_word_puts_the_same_into_every_document() {
        let long = "x".repeat(MAX_SIZE + 1);
        for text in ["SMG-1016M завис", "завис SMG-1016M", long.as_str()] {
            assert_eq!(words(text), words(text));
        }
        assert_eq!(words("SMG-1016M"), ["smg1016m", "smg", "m"]);
        assert_eq!(words("завис, завис"), ["завис", "завис"]);
    }

    #[test]
    fn no_more_words_are_remembered_than_there_is_room_for() {
        for number in 0..MAX_KNOWN + 10 {
            assert_eq!(words(&format!("слово{number}"))[0], format!("слово{number}"));
        }
        let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(known.len() <= MAX_KNOWN);
    }
}
