//! When two requests say the same (3.4.1.4), and when one says nothing (3.4.1.1).

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

/// The share of common words from which on two requests say nearly the same.
pub const NEARLY_THE_SAME: f64 = 0.8;

/// The maximum length that is read after compatibility decomposition, in which a single
/// character can become eighteen.
pub(crate) const MAX_READ: usize = 100_000;

/// The maximum number of distinct words that are compared; more would add nothing.
const WORDS_COMPARED: usize = 512;

/// What texts are compared by: a sorted set of hashes, one for each distinct word.
///
/// Words with a digit (a port, an address, a version) have odd hashes, all others even ones, so
/// that «порт 3» and «порт 7» in an otherwise equal report stay two problems.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fingerprint(Vec<i32>);

impl Fingerprint {
    /// The fingerprint of a request.
    pub fn of(subject: &str, description: &str) -> Self {
        let (subject, description) = (folded(subject), folded(description));
        let words = words(&subject).chain(words(&description));
        let hashes: BTreeSet<i32> = words.map(hash).take(WORDS_COMPARED).collect();
        Self(hashes.into_iter().collect())
    }

    /// A fingerprint as it was stored.
    pub fn stored(mut hashes: Vec<i32>) -> Self {
        hashes.sort_unstable();
        hashes.dedup();
        Self(hashes)
    }

    /// The hashes, to be stored.
    pub fn as_slice(&self) -> &[i32] {
        &self.0
    }

    /// 3.4.1.4: the same or nearly the same text, numbers included.
    pub fn is_nearly_same(&self, other: &Self) -> bool {
        share(&self.0, &other.0, is_of_plain_word) >= NEARLY_THE_SAME
            && share(&self.0, &other.0, |it| !is_of_plain_word(it)) >= NEARLY_THE_SAME
    }
}

/// The share of common words from which on two requests ask about the same.
const MIN_SIMILARITY: f64 = 0.5;

/// The places of requests that are alike: each with the first of its group.
pub fn alike(requests: &[Fingerprint]) -> Vec<Vec<usize>> {
    let mut groups: Vec<(&Fingerprint, Vec<usize>)> = Vec::new();
    for (place, request) in requests.iter().enumerate() {
        let is_alike =
            |first: &Fingerprint| share(&first.0, &request.0, is_of_plain_word) >= MIN_SIMILARITY;
        match groups.iter_mut().find(|(first, _)| is_alike(first)) {
            Some((_, members)) => members.push(place),
            None => groups.push((request, vec![place])),
        }
    }
    groups.into_iter().map(|(_, members)| members).collect()
}

/// 3.4.1.1: no words at all, or none that the subject does not have.
pub fn says_nothing(subject: &str, description: &str) -> bool {
    let (subject, description) = (folded(subject), folded(description));
    let known: BTreeSet<&str> = words(&subject).collect();
    let mut described = words(&description).filter(|word| word.chars().any(char::is_alphabetic));
    described.all(|word| known.contains(word))
}

/// A text in the one form in which words are compared.
fn folded(text: &str) -> String {
    let letters = text.nfkc().flat_map(char::to_lowercase);
    letters.map(|it| if it == 'ё' { 'е' } else { it }).take(MAX_READ).collect()
}

fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split(|it: char| !it.is_alphanumeric() && !JOINTS.contains(&it))
        .flat_map(parts)
        .filter(|it| !it.is_empty())
}

/// What holds an address, a version or a model name together.
const JOINTS: [char; 5] = ['.', '-', ':', '/', '_'];

/// A piece with a digit is one word, whatever joins it; any other is split at its joints.
fn parts(piece: &str) -> Vec<&str> {
    if piece.chars().any(char::is_numeric) {
        vec![piece.trim_matches(JOINTS)]
    } else {
        piece.split(JOINTS).collect()
    }
}

/// FNV-1a, folded to 31 bits; the lowest bit tells whether the word has a digit.
fn hash(word: &str) -> i32 {
    let full = word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let folded = ((full >> 32) ^ full) as u32 & 0x7fff_fffe;
    (folded | u32::from(word.chars().any(char::is_numeric))) as i32
}

const fn is_of_plain_word(hash: i32) -> bool {
    hash & 1 == 0
}

/// The common part of two sorted sets, as a share of their union; 1 where both are empty.
fn share(one: &[i32], other: &[i32], of: impl Fn(i32) -> bool) -> f64 {
    let of = |it: &i32| of(*it);
    let mut one = one.iter().copied().filter(of).peekable();
    let mut other = other.iter().copied().filter(of).peekable();
    let (mut common, mut union) = (0_u32, 0_u32);
    while let Some(next) = one.peek().into_iter().chain(other.peek()).min().copied() {
        let (is_of_one, is_of_other) = (one.next_if_eq(&next), other.next_if_eq(&next));
        union += 1;
        common += u32::from(is_of_one.is_some() && is_of_other.is_some());
    }
    if union == 0 { 1.0 } else { f64::from(common) / f64::from(union) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SUBJECT: &str = "Не регистрируются ONT на порту 3";
    const TEXT: &str = "После обновления LTP-8X до версии 3.50.1 терминалы NTU-RG на порту 3 \
        не регистрируются, в журнале повторяется запись о неверном серийном номере.";

    /// 3.4.1.4: case, punctuation and one more word make no new problem; another port does.
    #[test]
    fn c3_4_1_4_nearly_the_same_text_is_recognised() {
        let known = Fingerprint::of(SUBJECT, TEXT);

        let again = Fingerprint::of(&SUBJECT.to_uppercase(), &format!("Здравствуйте! {TEXT}"));
        let other_port =
            Fingerprint::of(&SUBJECT.replace('3', "7"), &TEXT.replace("порту 3", "порту 7"));
        let other =
            Fingerprint::of("Нет звука в одну сторону", "Абоненты SMG не слышат друг друга.");

        assert!(again.is_nearly_same(&known));
        assert!(!other_port.is_nearly_same(&known));
        assert!(!other.is_nearly_same(&known));
    }

    /// 3.4.1.1: a description that repeats the subject, or has no words, says nothing.
    #[test]
    fn c3_4_1_1_a_description_must_say_more_than_the_subject() {
        assert!(says_nothing(SUBJECT, "не регистрируются ont, на порту 3!!!"));
        assert!(says_nothing(SUBJECT, "... 12345 ???"));
        assert!(says_nothing(SUBJECT, ""));
        assert!(!says_nothing(SUBJECT, "Не регистрируются ONT после обновления"));
    }

    /// However long a text becomes by decomposition, only the maximum length is read.
    #[test]
    fn a_text_is_read_to_a_limit() {
        let expanding = "\u{fdfa}".repeat(50_000);

        assert_eq!(folded(&expanding).chars().count(), MAX_READ);
        assert!(Fingerprint::of("", &expanding).as_slice().len() <= WORDS_COMPARED);
    }

    proptest! {
        /// 3.4.1.4: a text is the same as itself, whatever it is, also after storage.
        #[test]
        fn c3_4_1_4_every_text_is_the_same_as_itself(subject in ".{0,80}", text in ".{0,400}") {
            let print = Fingerprint::of(&subject, &text);
            let stored = Fingerprint::stored(print.as_slice().to_vec());
            prop_assert!(print.is_nearly_same(&stored));
            prop_assert!(says_nothing(&text, &text));
        }
    }

    /// IN09: a long text is read once, whatever it is made of.
    #[test]
    fn sec_in09_a_long_text_gets_its_fingerprint_in_time() {
        crate::long_texts::are_read(|text| drop(Fingerprint::of("", text)));
    }
}
