//! The stems of rude words, and whether a word contains one.

use std::collections::HashMap;
use std::iter::once;
use std::sync::LazyLock;

use super::letter::{Letter, begins_with, letters, list};
use super::words::{MASKS, PREFIXES, STEMS, disguises};

/// What may precede a stem marked `+`.
static PREFIX_LIST: LazyLock<Vec<Vec<Letter>>> = LazyLock::new(|| list(PREFIXES));

/// An entry of `STEMS`.
pub(super) struct Stem {
    letters: Vec<Letter>,
    may_follow: fn(&[Letter]) -> bool,
    is_whole: bool,
}

static STEM_LIST: LazyLock<Vec<Stem>> =
    LazyLock::new(|| STEMS.split_whitespace().map(Stem::parse).collect());

/// The stems under every two characters that can be seen at their beginning.
pub(super) static BY_FIRST_TWO: LazyLock<HashMap<(char, char), Vec<&Stem>>> = LazyLock::new(|| {
    let mut stems: HashMap<_, Vec<&Stem>> = HashMap::new();
    for stem in STEM_LIST.iter() {
        let [first, second, ..] = stem.letters.as_slice() else { continue };
        let seen = |it: &Letter| once(it.shown).chain(disguises(it.shown).chars());
        for first in seen(first) {
            for second in seen(second).chain(MASKS) {
                stems.entry((first, second)).or_default().push(stem);
            }
        }
    }
    stems
});

impl Stem {
    fn parse(marked: &str) -> Self {
        let may_follow: fn(&[Letter]) -> bool = match marked.chars().next() {
            Some('*') => |_| true,
            Some('+') => |before| before.is_empty() || is_prefix(before),
            _ => |before| before.is_empty(),
        };
        let letters = letters(marked.trim_matches(['*', '+', '.']).chars());
        Self { letters, may_follow, is_whole: marked.ends_with('.') }
    }

    pub(super) fn is_in(&self, word: &[Letter], at: usize) -> bool {
        let (before, rest) = word.split_at(at);
        let Some((shown, after)) = rest.split_at_checked(self.letters.len()) else { return false };
        begins_with(shown, &self.letters)
            && self.is_certain(shown)
            && (self.may_follow)(before)
            && (before.is_empty() || shown.first().is_some_and(|it| it.shown.is_alphabetic()))
            && !(self.is_whole && after.iter().any(|it| it.shown.is_alphabetic()))
    }

    /// Whether enough letters match exactly, above all at the ends of a masked word.
    fn is_certain(&self, shown: &[Letter]) -> bool {
        let pairs = shown.iter().zip(&self.letters);
        let exact = pairs.filter(|(it, letter)| it.shown == letter.shown).count();
        let signs = shown.iter().filter(|it| !it.shown.is_alphabetic()).count();
        let masks = shown.iter().filter(|it| it.is_mask()).count();
        let mut ends = shown.first().into_iter().chain(shown.last());
        if shown.len() <= 3 && self.letters.first().is_some_and(|it| it.shown.is_ascii()) {
            return exact == shown.len(); // `x*y` is a product, `HU1` a code.
        }
        match masks {
            0 => exact >= 1 && signs * 2 < shown.len(),
            _ => exact >= masks.max(2) && ends.all(|it| it.shown.is_alphabetic()),
        }
    }
}

fn is_prefix(before: &[Letter]) -> bool {
    PREFIX_LIST.iter().any(|it| it.len() == before.len() && begins_with(before, it))
}
