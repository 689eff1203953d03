//! Letters as the index knows them: without case, and with letters that look alike or are typed alike as one.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text in composed form, without invisible characters and stress marks.
pub fn composed(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_composed) {
        return Cow::Borrowed(text);
    }
    let composed = text.nfc().filter(|it| !is_invisible(*it) && !is_stress(*it));
    Cow::Owned(composed.collect())
}

/// Whether a character is visible and composed, whatever stands beside it.
const fn is_composed(it: char) -> bool {
    matches!(it, '\u{1}'..='\u{ac}' | '\u{ae}'..='\u{2ff}')
        || matches!(it, '\u{400}'..='\u{482}' | '\u{48a}'..='\u{52f}' | '№' | '–' | '—' | '…')
}

const fn is_invisible(it: char) -> bool {
    matches!(it, '\0' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(it, '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Whether it is one of the marks that stand above or below a letter: «рабо́тает».
const fn is_stress(it: char) -> bool {
    matches!(it, '\u{300}'..='\u{36f}')
}

/// What a letter or digit is folded to: compatible forms, lower case, and Kazakh letters as those
/// that people type on a Russian keyboard.
pub fn folded(letter: char) -> impl Iterator<Item = char> {
    let plain = letter.nfkc().flat_map(char::to_lowercase);
    plain.filter(|it| !is_combining_mark(*it)).map(russian_key)
}

const fn russian_key(letter: char) -> char {
    match letter {
        'ё' => 'е',
        // Of the Latin alphabet, too: so it stands on some keyboards.
        'ә' | 'ə' => 'а',
        'ғ' => 'г',
        'қ' => 'к',
        'ң' => 'н',
        'ө' | 'ɵ' => 'о',
        'ұ' | 'ү' => 'у',
        'һ' => 'х',
        // The Latin letter with or without its dot, too, where the word is Cyrillic.
        'і' => 'и',
        other => other,
    }
}

/// Letters that look alike: Latin, Cyrillic. `і` is folded to `и` before.
const LOOKALIKES: [(char, char); 13] = [
    ('a', 'а'),
    ('b', 'в'),
    ('c', 'с'),
    ('e', 'е'),
    ('h', 'н'),
    ('i', 'и'),
    ('k', 'к'),
    ('m', 'м'),
    ('o', 'о'),
    ('p', 'р'),
    ('t', 'т'),
    ('x', 'х'),
    ('y', 'у'),
];

/// Whether a letter is of the Latin alphabet.
pub const fn is_latin(it: char) -> bool {
    it.is_ascii_alphabetic()
}

/// Whether a letter is of the Cyrillic alphabet.
pub fn is_cyrillic(it: char) -> bool {
    ('\u{400}'..='\u{52f}').contains(&it)
}

/// The same word in one alphabet: the one to which its unambiguous letters belong. Without any, a word
/// with a digit is a Latin name, and any other Cyrillic as soon as one letter is.
pub fn in_one_alphabet(word: &str) -> String {
    let has = |of: fn(char) -> bool| word.chars().any(of);
    if !has(is_latin) || !has(is_cyrillic) {
        return if has(char::is_numeric) && !has(is_only_cyrillic) {
            latin(word)
        } else {
            word.to_owned()
        };
    }
    match (has(is_only_latin), has(is_only_cyrillic)) {
        (true, true) => word.to_owned(),
        (true, false) => latin(word),
        (false, true) => cyrillic(word),
        (false, false) if has(char::is_numeric) => latin(word),
        (false, false) => cyrillic(word),
    }
}

/// Whatever has a Latin letter that looks the same becomes it.
pub fn latin(word: &str) -> String {
    word.chars().map(latin_letter).collect()
}

pub fn latin_letter(it: char) -> char {
    LOOKALIKES.iter().find(|(_, cyrillic)| *cyrillic == it).map_or(it, |alike| alike.0)
}

fn cyrillic(word: &str) -> String {
    let letter = |it| LOOKALIKES.iter().find(|(latin, _)| *latin == it).map_or(it, |alike| alike.1);
    word.chars().map(letter).collect()
}

fn is_only_latin(it: char) -> bool {
    is_latin(it) && !LOOKALIKES.iter().any(|(latin, _)| *latin == it)
}

fn is_only_cyrillic(it: char) -> bool {
    is_cyrillic(it) && !LOOKALIKES.iter().any(|(_, cyrillic)| *cyrillic == it)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_composed_stays_as_it_is(text in "[\u{1}-\u{300}а-яәіңғүұқөһЁёйЙ№–—…\u{306}\u{308}]{0,20}") {
            let slowly: String = text.nfc().filter(|it| !is_invisible(*it) && !is_stress(*it)).collect();
            prop_assert_eq!(composed(&text), slowly);
        }
    }

    #[test]
    fn mixed_words_become_those_of_one_alphabet() {
        for (typed, meant) in [
            ("меs2324", "mes2324"),
            ("таu", "tau"),
            ("17р", "17p"),
            ("сенc", "сенс"),
            ("tiркеушi", "тиркеуши"),
            ("окс7", "okc7"),
            ("гр2024", "гр2024"),
            ("порт", "порт"),
            ("pingший", "pingший"),
        ] {
            assert_eq!(in_one_alphabet(typed), meant, "{typed}");
        }
    }
}
