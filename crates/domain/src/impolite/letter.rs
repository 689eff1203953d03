//! The letters of a word as written, and those that they stand for.

use super::words::{MASKS, disguises};

/// A character of a word, and whether it is repeated.
pub(super) struct Letter {
    pub(super) shown: char,
    is_long: bool,
}

pub(super) fn letters(word: impl IntoIterator<Item = char>) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::new();
    for shown in word {
        match letters.last_mut() {
            Some(last) if last.shown == shown && !MASKS.contains(&shown) => last.is_long = true,
            _ => letters.push(Letter { shown, is_long: false }),
        }
    }
    letters
}

pub(super) fn list(words: &str) -> Vec<Vec<Letter>> {
    words.split_whitespace().map(|it| letters(it.chars())).collect()
}

/// Whether the letters at the beginning of `shown` stand for those that are meant.
pub(super) fn begins_with(shown: &[Letter], meant: &[Letter]) -> bool {
    shown.len() >= meant.len() && shown.iter().zip(meant).all(|(it, letter)| it.passes_for(letter))
}

impl Letter {
    pub(super) fn is_mask(&self) -> bool {
        MASKS.contains(&self.shown)
    }

    fn passes_for(&self, meant: &Self) -> bool {
        let fits = || self.is_mask() || disguises(meant.shown).contains(self.shown);
        (self.is_long || !meant.is_long) && (self.shown == meant.shown || fits())
    }
}
