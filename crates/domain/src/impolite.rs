//! What counts as rude by 3.4.1.3: obscene words and insults in Russian, Kazakh and English.
//!
//! It knows words and the usual ways to disguise them, not meanings. A hit sets a request aside
//! for a human, so a hit on «сплиттер» or `no shut` would set aside an honest one: where a
//! disguise leaves doubt, the word is let through.

mod letter;
mod stem;
mod words;

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::similarity::MAX_READ;

use letter::{Letter, begins_with, letters, list};
use stem::BY_FIRST_TWO;
use words::{MASKS, ORDINARY};

/// Beginnings of ordinary words and names that a stem would match by mistake.
static ORDINARY_LIST: LazyLock<Vec<Vec<Letter>>> = LazyLock::new(|| list(ORDINARY));

/// Whether a text contains obscene words or insults (3.4.1.3).
pub fn is_impolite(text: &str) -> bool {
    let text = plain(text);
    let mut tokens = text.split(|it| it.is_whitespace()).filter(|it| !is_encoded(it));
    tokens.any(|it| it.split(|it| !is_word_character(*it)).any(is_rude))
        || spelled_out(&text).iter().any(|it| is_rude(it))
}

/// Lower case without accents, joiners and compatibility forms: the text as the eye reads it.
fn plain(text: &str) -> Vec<char> {
    let text = text.replace("\r\n", "\n").replace("-\n", ""); // «употре-\nблять»
    text.chars()
        .filter(|it| !matches!(it, '\u{fdf0}'..='\u{fdff}')) // Whole Arabic sentences.
        .nfkd()
        .flat_map(char::to_lowercase)
        .filter(|it| !is_combining_mark(*it) || matches!(it, '\u{306}' | '\u{308}')) // Of й and ё.
        .nfc()
        .filter(|it| !is_combining_mark(*it) && !is_invisible(*it))
        .take(MAX_READ)
        .collect()
}

fn is_invisible(it: char) -> bool {
    matches!(it, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(it, '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn is_word_character(it: char) -> bool {
    it.is_alphanumeric() || MASKS.contains(&it) || matches!(it, '@' | '$' | '€' | '!')
}

/// Keys, certificates and other bytes written as letters.
fn is_encoded(token: &[char]) -> bool {
    token.len() > 24
        && token.iter().any(char::is_ascii_digit)
        && token.iter().all(|it| it.is_ascii_alphanumeric() || "+/=-_".contains(*it))
}

/// Words that are written in pieces joined by one sign: «х у й», «х.у.й», «ху-й».
fn spelled_out(text: &[char]) -> Vec<Vec<char>> {
    let mut words: Vec<Vec<char>> = Vec::new();
    let (mut last, mut gap, mut glue) = (Default::default(), None, None);
    for piece in text.chunk_by(|a, b| a.is_alphanumeric() == b.is_alphanumeric()) {
        if !piece.iter().all(|it| it.is_alphanumeric()) {
            gap = piece.iter().copied().find(|it| !it.is_whitespace()).or(Some(' '));
            continue;
        }
        let fits = gap.is_some_and(|it| size(last).max(size(piece)) <= reach(it));
        match words.last_mut().filter(|_| glue == gap) {
            Some(word) if fits => word.extend(piece),
            _ if fits => words.push([last, piece].concat()),
            _ => {}
        }
        glue = gap.filter(|_| fits);
        last = piece;
    }
    words.retain(|it| it.len() > 3 || !it.iter().all(char::is_ascii)); // `h.u.i` is a column of a dump.
    words
}

/// The maximum length of the pieces that a sign joins.
fn reach(sign: char) -> usize {
    match sign {
        '-' | '*' | '~' => 3,
        '.' => 2,
        '\'' | '’' => 0,
        _ => 1,
    }
}

/// The length of a piece without stretching; numbers are never joined.
fn size(piece: &[char]) -> usize {
    let is_number = piece.iter().any(|it| it.is_numeric());
    if is_number { usize::MAX } else { letters(piece.iter().copied()).len() }
}

fn is_rude(word: &[char]) -> bool {
    let word = letters(word.iter().copied().skip_while(|it| !it.is_alphanumeric()));
    let has_stem = word.windows(2).enumerate().any(|(at, pair)| {
        let [first, second] = pair else { return false };
        let stems = BY_FIRST_TWO.get(&(first.shown, second.shown));
        stems.is_some_and(|it| it.iter().any(|stem| stem.is_in(&word, at)))
    });
    has_stem && !is_part_number(&word) && !ORDINARY_LIST.iter().any(|it| begins_with(&word, it))
}

/// Whether the digits are too many, or the word too long, for the digits to stand for letters.
fn is_part_number(word: &[Letter]) -> bool {
    let end = word.iter().rposition(|it| it.shown.is_alphabetic()).unwrap_or(0);
    let digits = word.iter().take(end).filter(|it| it.shown.is_numeric()).count();
    digits > 0 && (word.len() > 14 || digits * 2 > word.len())
}

#[cfg(test)]
mod tests;
