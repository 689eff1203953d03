//! What somebody wrote between the lines of a mail that this service sent them: programs that mark nothing as quoted
//! leave nothing else to tell it by.

#![expect(clippy::indexing_slicing, reason = "places are those of the same slice")]

use super::marks::begins_other;
use super::{Line, Origin, is_blank};

/// How many words have to follow each other to be known wherever they stand.
const SURE: usize = 3;

/// How many quoted lines are compared.
const MAX_LINES: usize = 2_000;

/// The words of a sent mail, each as a number that many words share: enough to know them again where they are
/// quoted, and too little to read them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SentWords(Vec<u16>);

/// Which of some lines were sent.
#[derive(Debug, Default)]
pub struct Compared {
    /// The number of words that are known again.
    known: usize,
    /// Whether a line was sent; none says nothing.
    lines: Vec<Option<bool>>,
}

impl SentWords {
    pub fn of(text: &str) -> Self {
        Self(words(text).collect())
    }

    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.chunks_exact(2).map(|it| u16::from_be_bytes([it[0], it[1]])).collect())
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().copied().flat_map(u16::to_be_bytes).collect()
    }

    /// Finds the lines again, in their order.
    pub fn compare(&self, lines: &[Line]) -> Compared {
        let (mut compared, mut at) = (Compared::default(), 0);
        for line in lines.iter().take(MAX_LINES) {
            let words: Vec<u16> = words(&line.text).collect();
            let found = if words.is_empty() { None } else { Some(self.find(at, &words)) };
            if let Some(Some(end)) = found {
                compared.known += words.len();
                at = end;
            }
            compared.lines.push(found.map(|it| it.is_some()));
        }
        // What is hardly like it is quoted from elsewhere.
        if compared.known * 3 < self.0.len() { Compared::default() } else { compared }
    }

    /// Where words end that follow here, or, if they are many, later.
    fn find(&self, at: usize, words: &[u16]) -> Option<usize> {
        let rest = &self.0[at..];
        if rest.starts_with(words) {
            return Some(at + words.len());
        }
        let is_sure = words.len() >= SURE;
        let place = rest.windows(words.len()).position(|it| is_sure && it == words)?;
        Some(at + place + words.len())
    }
}

impl Compared {
    pub const fn known(&self) -> usize {
        self.known
    }

    /// Which lines were written between others that were sent, with the blank ones below them; of an answer that
    /// has nothing else also those below the last one.
    pub fn written(&self, lines: &[Line], is_below: bool) -> Vec<usize> {
        let is_known = |it: &Option<bool>| *it == Some(true);
        let first = self.lines.iter().position(is_known);
        let last = self.lines.iter().rposition(is_known);
        let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
        let end = if is_below { self.lines.len() } else { last };
        let (mut written, mut is_open) = (Vec::new(), false);
        for at in first..end {
            let line = &lines[at];
            if at > last && begins_other(&lines[at..]) {
                break;
            }
            is_open = match self.lines[at] {
                Some(is_sent) => !is_sent && line.is_written_by_hand(),
                None => is_open && is_blank(&line.text),
            };
            if is_open {
                written.push(at);
            }
        }
        written
    }
}

impl Line {
    fn is_written_by_hand(&self) -> bool {
        self.origin != Origin::Beside && !self.text.trim_start().starts_with('>')
    }
}

/// The words of a text as numbers. Programs rewrite URLs.
fn words(text: &str) -> impl Iterator<Item = u16> {
    let pieces = text.split(|it: char| it.is_whitespace() || matches!(it, '<' | '>' | '(' | ')'));
    let pieces = pieces.filter(|it| !it.contains("://"));
    let words = pieces.flat_map(|it| it.split(|it: char| !it.is_alphanumeric()));
    words.filter(|it| !it.is_empty()).map(number)
}

/// FNV-1a, folded.
fn number(word: &str) -> u16 {
    let hash = word
        .to_lowercase()
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let [a, b, c, d] = hash.to_be_bytes();
    u16::from_be_bytes([a ^ c, b ^ d])
}
