//! What a text is made of: words, numbers and codes, with what joins them.

#![expect(clippy::string_slice, reason = "places are those of characters of the same text")]

use std::ops::Range;

use crate::search::fold::{composed, folded, in_one_alphabet, is_cyrillic, is_latin, latin};

/// The text between two blanks, without the punctuation around it: `SMG-1016M`, `10.0.3.14:16384`, «порт».
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its position in the composed text.
    pub span: Range<usize>,
    /// Its parts, at least one.
    pub parts: Vec<Part>,
}

/// A part between joints, or between letters and digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Folded, in one alphabet.
    pub text: String,
    pub kind: PartKind,
    /// What joins it to the part before, as it is written in a whole.
    pub joint: Option<char>,
    /// Its position in the composed text.
    pub span: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    Word,
    /// A number, a version, an IPv4 address.
    Number,
    /// A MAC address without signs, a hexadecimal code, a long serial number: never split.
    Code,
}

/// The maximum number of parts of a code by which it can be found individually.
const MAX_PARTS_OF_CODE: usize = 6;

/// The maximum length of a part; what follows is cut off.
const MAX_PART: usize = 64;

/// The tokens of a composed text, in order.
pub fn tokens(text: &str) -> impl Iterator<Item = Token> {
    chunks(text).map(|span| token(text, span))
}

const fn is_joint(it: char) -> bool {
    matches!(it, '-' | '‐' | '‑' | '.' | '_' | '/' | ':' | '@' | '\'' | '’' | '+' | '\\')
}

/// A letter or digit. Of the everyday letters beyond ASCII no table is asked: excerpts look at each letter of a text.
fn is_of_word(it: char) -> bool {
    matches!(it, 'А'..='я') || it.is_alphanumeric()
}

/// Runs of letters and digits, held together by single joints.
pub(super) fn chunks(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = rest.find(|(_, it)| is_of_word(*it))?;
        let mut end = start + first.len_utf8();
        while let Some((at, it)) = rest.peek().copied() {
            let next = text[at + it.len_utf8()..].chars().next();
            let goes_on = is_of_word(it) || (is_joint(it) && next.is_some_and(is_of_word));
            if !goes_on {
                break;
            }
            end = at + it.len_utf8();
            rest.next();
        }
        Some(start..end)
    })
}

/// The token of a chunk.
pub(super) fn token(text: &str, span: Range<usize>) -> Token {
    let chunk = &text[span.clone()];
    let mut parts = Vec::new();
    let mut joint = None;
    for (at, piece) in pieces(chunk) {
        let found = parts_of(piece, span.start + at);
        let first = parts.len();
        parts.extend(found);
        if let Some(part) = parts.get_mut(first) {
            part.joint = joint;
        }
        joint = chunk[at + piece.len()..].chars().next();
    }
    Token { span, parts }
}

/// A MAC address in any notation, as twelve digits.
fn mac_address(chunk: &str) -> Option<String> {
    if !(12..=17).contains(&chunk.chars().take(18).count()) {
        return None;
    }
    let folded: String = latin(&chunk.chars().flat_map(folded).collect::<String>());
    let groups: Vec<&str> = folded.split([':', '-', '.']).collect();
    let is_hex = groups.iter().all(|it| it.chars().all(|it| it.is_ascii_hexdigit()));
    let sizes: Vec<usize> = groups.iter().map(|it| it.len()).collect();
    let has_letter = folded.chars().any(|it| it.is_ascii_alphabetic());
    let has_digit = folded.chars().any(|it| it.is_ascii_digit());
    let fits = match sizes.as_slice() {
        [2, 2, 2, 2, 2, 2] => true,
        [4, 4, 4] | [12] => has_letter && has_digit,
        _ => false,
    };
    (is_hex && fits).then(|| groups.concat())
}

/// Where a chunk has a MAC address; a word may stand before it, and a mask or the end of a file's name
/// after it: `MAC:a8f9.4bcc.0001`, `a8f94bcc0001.cfg`.
fn place_of_mac_address(chunk: &str) -> Option<Range<usize>> {
    let word = chunk.find(is_joint).filter(|it| chunk[..*it].chars().all(char::is_alphabetic));
    let after_word = word.and_then(|it| Some(it + chunk[it..].chars().next()?.len_utf8()));
    let last = chunk.rfind(['/', '.']);
    let starts = std::iter::once(0).chain(after_word);
    let ends = std::iter::once(chunk.len()).chain(last);
    let mut places = starts.flat_map(|start| ends.clone().map(move |end| start..end));
    places.find(|it| chunk.get(it.clone()).is_some_and(|it| mac_address(it).is_some()))
}

/// The parts between joints; a dot between digits is not a joint, nor is any sign of a MAC address.
fn pieces(chunk: &str) -> Vec<(usize, &str)> {
    let mac = place_of_mac_address(chunk).unwrap_or_default();
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before = ' ';
    for (at, it) in chunk.char_indices() {
        let after = chunk[at + it.len_utf8()..].chars().next().unwrap_or(' ');
        let is_decimal = it == '.' && before.is_ascii_digit() && after.is_ascii_digit();
        if is_joint(it) && !is_decimal && !mac.contains(&at) {
            pieces.push((start, &chunk[start..at]));
            start = at + it.len_utf8();
        }
        before = it;
    }
    pieces.push((start, &chunk[start..]));
    pieces
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Digit,
    Latin,
    Other,
}

/// A piece split between letters and digits; an address as one.
#[expect(clippy::indexing_slicing, reason = "each letter has its place, and each place its origin")]
fn parts_of(piece: &str, at: usize) -> Vec<Part> {
    if let Some(text) = mac_address(piece) {
        let span = at..at + piece.len();
        return vec![Part { text, kind: PartKind::Code, joint: None, span }];
    }
    // Each folded character with the place of the one it comes from.
    let origins: Vec<(usize, usize)> =
        piece.char_indices().map(|(at, it)| (at, at + it.len_utf8())).collect();
    let mut written = String::new();
    let mut places = Vec::new();
    for (place, letter) in piece.chars().enumerate() {
        for it in folded(letter) {
            written.push(it);
            places.push(place);
        }
    }
    let letters: Vec<char> = in_one_alphabet(&written).chars().collect();
    let whole = at..at + piece.len();
    if is_hexadecimal(&letters) {
        return vec![part(&letters, PartKind::Code, whole)];
    }
    let has_cyrillic = letters.iter().any(|it| is_cyrillic(*it));
    let class = |at: usize| class(letters[at], has_cyrillic);
    let mut parts = Vec::new();
    let mut start = 0;
    for end in 1..=letters.len() {
        if end < letters.len() && class(end - 1) == class(end) {
            continue;
        }
        let is_number = class(start) == Class::Digit;
        let kind = if is_number { PartKind::Number } else { PartKind::Word };
        let span = at + origins[places[start]].0..at + origins[places[end - 1]].1;
        parts.push(part(&letters[start..end], kind, span));
        start = end;
    }
    if parts.len() > MAX_PARTS_OF_CODE {
        return vec![part(&letters, PartKind::Code, whole)];
    }
    if is_sign_of_version(&parts) {
        parts.remove(0);
    }
    parts
}

/// The letter of `v3.20.1`.
fn is_sign_of_version(parts: &[Part]) -> bool {
    match parts {
        [sign, version, ..] => {
            matches!(sign.text.as_str(), "v" | "в") && version.text.contains('.')
        }
        _ => false,
    }
}

fn part(letters: &[char], kind: PartKind, span: Range<usize>) -> Part {
    Part { text: letters.iter().take(MAX_PART).collect(), kind, joint: None, span }
}

/// Letters of both alphabets part only where neither can be read as the other.
fn class(it: char, has_cyrillic: bool) -> Class {
    if it.is_numeric() || it == '.' {
        Class::Digit
    } else if has_cyrillic && is_latin(it) {
        Class::Latin
    } else {
        Class::Other
    }
}

fn is_hexadecimal(letters: &[char]) -> bool {
    letters.len() > 3
        && letters.starts_with(&['0', 'x'])
        && letters.iter().skip(2).all(char::is_ascii_hexdigit)
}

/// The last word or name of what is being typed, as the vocabulary has it; none of one letter,
/// or after a blank.
pub fn last_word(typed: &str) -> Option<String> {
    let typed = composed(typed);
    if typed.ends_with(char::is_whitespace) {
        return None;
    }
    let last = tokens(&typed).last()?.joined(0);
    (last.chars().count() > 1).then_some(last)
}

/// A word or a name as the vocabulary has it.
pub fn indexed(word: &str) -> String {
    tokens(word).next().map_or_else(String::new, |it| it.joined(0))
}

impl Token {
    /// The parts from one on as one word: signs between words are left out, so that `SMG-500` is
    /// `smg500`; those between numbers tell `1/0/2` from `10/2`, and stay.
    pub fn joined(&self, from: usize) -> String {
        let mut joined = String::new();
        for (place, part) in self.parts.iter().enumerate().skip(from) {
            if joined.chars().count() >= MAX_PART {
                break;
            }
            let before = place.checked_sub(1).filter(|it| *it >= from);
            let before = before.and_then(|it| self.parts.get(it));
            let is_between_numbers = part.kind == PartKind::Number
                && before.is_some_and(|it| it.kind == PartKind::Number);
            if is_between_numbers {
                joined.push(written_joint(part.joint));
            }
            joined.push_str(&part.text);
        }
        let joined = in_one_alphabet(&joined);
        joined.chars().take(MAX_PART).collect()
    }

    /// The words of a compound, which may stand apart: `IP-адрес`, `логин/пароль`. Anything else is one.
    pub fn words(&self) -> Vec<Self> {
        let is_free = |it: &Part| {
            it.kind == PartKind::Word
                && matches!(it.joint, None | Some('-' | '‐' | '‑' | '/' | '\\' | '+'))
        };
        if self.parts.len() == 1 || !self.parts.iter().all(is_free) {
            return vec![self.clone()];
        }
        let word = |it: &Part| Self { span: it.span.clone(), parts: vec![it.clone()] };
        self.parts.iter().map(word).collect()
    }

    /// Whether it names something: has digits or Latin letters.
    pub fn is_name(&self) -> bool {
        self.parts.iter().any(|it| match it.kind {
            PartKind::Number | PartKind::Code => true,
            PartKind::Word => it.text.chars().any(is_latin),
        })
    }
}

const fn written_joint(joint: Option<char>) -> char {
    match joint {
        Some(it @ ('/' | ':')) => it,
        Some('\\') => '/',
        Some(_) | None => '-',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<String> {
        let text = composed(text);
        tokens(&text).flat_map(|it| it.parts).map(|it| it.text).collect()
    }

    fn wholes(text: &str) -> Vec<String> {
        let text = composed(text);
        tokens(&text).map(|it| it.joined(0)).collect()
    }

    #[test]
    fn names_are_split_at_their_joints() {
        assert_eq!(parts("MES2324FB, SMG-1016M."), ["mes", "2324", "fb", "smg", "1016", "m"]);
        assert_eq!(parts("веб-интерфейс (TX_FAULT)"), ["веб", "интерфейс", "tx", "fault"]);
        assert_eq!(parts("gi1/0/22 Q.850 v3.20.1"), ["gi", "1", "0", "22", "q", "850", "3.20.1"]);
    }

    #[test]
    fn names_are_whole_without_their_joints() {
        assert_eq!(wholes("TAU-72.IP INC-2024-00417"), ["tau72ip", "inc2024-00417"]);
        assert_eq!(wholes("10.0.3.14:16384 gi1/0/2 ОКС-7"), ["10.0.3.14:16384", "gi1/0/2", "okc7"]);
        assert_eq!(wholes("ГР-2024/117 0x80070005"), ["гр2024/117", "0x80070005"]);
    }

    #[test]
    fn an_address_of_hardware_is_one_in_any_notation() {
        for written in ["a8:f9:4b:00:11:22", "A8-F9-4B-00-11-22", "a8f9.4b00.1122", "А8F94B001122"]
        {
            assert_eq!(parts(written), ["a8f94b001122"], "{written}");
        }
        for (written, its) in [
            ("MAC:a8f9.4b00.1122", ["mac", "a8f94b001122"]),
            ("mac-a8-f9-4b-00-11-22", ["mac", "a8f94b001122"]),
            ("a8:f9:4b:00:11:22/48", ["a8f94b001122", "48"]),
            ("a8f94b001122.cfg", ["a8f94b001122", "cfg"]),
        ] {
            assert_eq!(parts(written), its, "{written}");
        }
    }
}
