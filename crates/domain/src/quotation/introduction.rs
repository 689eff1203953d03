//! The line with which mail programs introduce a quotation: who wrote when.

#![expect(clippy::indexing_slicing, reason = "places are those of the same slice")]

use super::{Line, Origin, block};

/// The words of such a line.
const VERBS: &[&str] =
    &["wrote", "writes", "пишет", "писал", "написал", "жазды", "жазған", "жазады", "schrieb"];

/// The maximum number of lines that it is broken into.
const MAX_LINES: usize = 3;

/// The number of lines from here that introduce a quotation, and of the quoted lines after them.
pub fn introduction(lines: &[Line]) -> Option<usize> {
    let length = (1..=MAX_LINES.min(lines.len())).find(|it| ends_at(&lines[..*it]))?;
    let first = length + lines[length..].iter().position(|it| !it.is_blank())?;
    let is_quoted = |it: &Line| {
        it.origin == Origin::Quoted || it.looks_quoted() || initials(&it.text).is_some()
    };
    let quoted = block(&lines[first..], is_quoted);
    (quoted > 0).then_some(first + quoted)
}

/// Whether these lines, and not fewer of them, are an introduction.
pub fn ends_at(lines: &[Line]) -> bool {
    let is_plain = |it: &Line| it.origin != Origin::Quoted && !it.is_blank() && !it.looks_quoted();
    let shorter = || (1..lines.len()).any(|it| is_introduction(&joined(&lines[it..])));
    lines.iter().all(is_plain) && is_introduction(&joined(lines)) && !shorter()
}

fn joined(lines: &[Line]) -> String {
    lines.iter().map(|it| it.text.trim()).collect::<Vec<_>>().join(" ")
}

fn is_introduction(text: &str) -> bool {
    let lower = text.to_lowercase();
    let has_verb = VERBS.iter().any(|it| lower.contains(it));
    let is_ended = text.ends_with(':') && (has_verb || ends_with_address(text));
    let is_balanced = text.matches('<').count() == text.matches('>').count();
    is_ended && is_balanced && has_time(text)
}

/// Whether its last word is the address of who wrote, in brackets or not.
fn ends_with_address(text: &str) -> bool {
    let last = text.split_whitespace().next_back().unwrap_or_default();
    last.ends_with(">:") || last.split_once('@').is_some_and(|(_, domain)| domain.contains('.'))
}

/// Whether it has a time of day, or a date. The digits of an address are neither.
fn has_time(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().filter(|it| !it.contains('@')).collect();
    let text = words.join(" ");
    let has_time = text.as_bytes().windows(4).any(|it| {
        it[0].is_ascii_digit() && it[1] == b':' && it[2].is_ascii_digit() && it[3].is_ascii_digit()
    });
    let has_date = text
        .split(|it: char| !it.is_ascii_digit() && !matches!(it, '.' | '-' | '/'))
        .any(|it| it.len() >= 8 && it.matches(['.', '-', '/']).count() == 2);
    has_time || has_date
}

/// The initials of the quoted person, which The Bat! puts before each line.
pub fn initials(text: &str) -> Option<&str> {
    let (before, _) = text.trim_start().split_once('>')?;
    let count = before.chars().count();
    ((1..=4).contains(&count) && before.chars().all(char::is_alphabetic)).then_some(before)
}
