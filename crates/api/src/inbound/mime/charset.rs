//! From bytes to text: by the character set that a mail names, by the aliases that programs use for
//! it, or, where it names none or a wrong one, by what the bytes look like.

#![expect(clippy::indexing_slicing, reason = "places are those of the same slice")]

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, WINDOWS_1251, WINDOWS_1252};
use mail_parser::decoders::charsets::map::charset_decoder;

use crate::inbound::mime::transfer::base64;

/// Where KZ-1048 (STRK1048-2002) differs from windows-1251. It is not in the standard's list.
const KZ_1048: &[(u8, char)] = &[
    (0x8d, 'Қ'),
    (0x8e, 'Һ'),
    (0x9d, 'қ'),
    (0x9e, 'һ'),
    (0xa1, 'Ұ'),
    (0xa2, 'ұ'),
    (0xa3, 'Ә'),
    (0xa5, 'Ө'),
    (0xaa, 'Ғ'),
    (0xaf, 'Ү'),
    (0xb4, 'ө'),
    (0xba, 'ғ'),
    (0xbc, 'ә'),
    (0xbd, 'Ң'),
    (0xbe, 'ң'),
    (0xbf, 'ү'),
];

const PTCP154: &[(u8, char)] = &[
    (0x80, 'Җ'),
    (0x81, 'Ғ'),
    (0x82, 'Ӯ'),
    (0x83, 'ғ'),
    (0x86, 'Ҷ'),
    (0x87, 'Ү'),
    (0x88, 'Ҳ'),
    (0x89, 'ү'),
    (0x8a, 'Ҡ'),
    (0x8b, 'Ӣ'),
    (0x8c, 'Ң'),
    (0x8d, 'Қ'),
    (0x8e, 'Һ'),
    (0x8f, 'Ҹ'),
    (0x90, 'җ'),
    (0x98, 'ҳ'),
    (0x99, 'ҷ'),
    (0x9a, 'ҡ'),
    (0x9b, 'ӣ'),
    (0x9c, 'ң'),
    (0x9d, 'қ'),
    (0x9e, 'һ'),
    (0x9f, 'ҹ'),
    (0xa4, 'Ө'),
    (0xa5, 'Ҙ'),
    (0xa6, 'Ұ'),
    (0xaa, 'Ә'),
    (0xad, 'ӯ'),
    (0xaf, 'Ҝ'),
    (0xb1, 'ұ'),
    (0xb4, 'ҙ'),
    (0xb5, 'ө'),
    (0xba, 'ә'),
    (0xbd, 'Ҫ'),
    (0xbe, 'ҫ'),
    (0xbf, 'ҝ'),
];

/// Names in use, letters and digits only, and their standard names.
const ALIASES: &[(&str, &str)] = &[
    ("win1251", "windows-1251"),
    ("cp1251", "windows-1251"),
    ("ansi1251", "windows-1251"),
    ("windows1251", "windows-1251"),
    ("xcp1251", "windows-1251"),
    ("1251", "windows-1251"),
    ("koi8r", "koi8-r"),
    ("koi8", "koi8-r"),
    ("koi8ru", "koi8-u"),
    ("koi8u", "koi8-u"),
    ("cp866", "ibm866"),
    ("dos866", "ibm866"),
    ("866", "ibm866"),
    ("win1252", "windows-1252"),
    ("cp1252", "windows-1252"),
    ("iso88595", "iso-8859-5"),
    ("utf16", "utf-16"),
    ("unicode", "utf-16"),
];

/// The names of a charset, and its differences from windows-1251.
type Kazakh = (&'static [&'static str], &'static [(u8, char)]);

const KAZAKH: &[Kazakh] = &[
    (&["kz1048", "strk10482002", "rk1048", "cskz1048", "cp1251kz", "win1251kz"], KZ_1048),
    (&["ptcp154", "csptcp154", "pt154", "cp154", "cyrillicasian", "windows1251kaz"], PTCP154),
];

/// Charsets that programs name when they do not know the real one.
const VAGUE: &[&str] = &[
    "",
    "usascii",
    "ascii",
    "ansix341968",
    "utf8",
    "utf8mb4",
    "cp65001",
    "unknown",
    "unknown8bit",
    "xunknown",
    "8bit",
    "binary",
    "iso88591",
    "latin1",
    "windows1252",
    "cp1252",
    "win1252",
];

/// Decodes bytes in the named charset.
pub fn decode(bytes: &[u8], named: Option<&str>) -> String {
    let name: String =
        named.unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).collect();
    let name = name.to_ascii_lowercase();
    let kazakh_set = KAZAKH.iter().find(|(names, _)| names.contains(&name.as_str()));
    if let Some((_, own)) = kazakh_set.filter(|_| !is_utf_8(bytes)) {
        return bytes.iter().map(|it| kazakh(*it, own)).collect();
    }
    if VAGUE.contains(&name.as_str()) {
        return detect(bytes);
    }
    let alias = ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, it)| *it);
    if name == "utf7" {
        return utf_7(bytes);
    }
    let label = alias.or(named).unwrap_or_default().trim();
    match Encoding::for_label(label.as_bytes()) {
        Some(encoding) if encoding.is_single_byte() && is_utf_8(bytes) => detect(bytes),
        Some(encoding) => {
            let (text, _, has_errors) = encoding.decode(bytes);
            if has_errors {
                return detect(bytes);
            };
            let is_kazakh = encoding == WINDOWS_1251 && is_kazakh(&text);
            if is_kazakh { in_kz_1048(bytes) } else { as_it_reads(text.into_owned(), bytes) }
        }
        // Others that the web does not have.
        None => charset_decoder(label.as_bytes()).map_or_else(|| detect(bytes), |it| it(bytes)),
    }
}

/// Whether bytes are UTF-8 and not just ASCII: no text in a single-byte charset is that by accident.
fn is_utf_8(bytes: &[u8]) -> bool {
    !bytes.is_ascii() && str::from_utf8(bytes).is_ok()
}

/// A text as it was decoded, or, if that reads like no language, as it is detected: windows-1251 read as KOI8-R, and
/// the other way round, is letters without words.
fn as_it_reads(text: String, bytes: &[u8]) -> String {
    let (likely, letters) = likelihood(&text);
    if letters < MIN_LETTERS {
        return text;
    }
    let other = detect(bytes);
    if likelihood(&other).0 >= likely + MARGIN { other } else { text }
}

/// Fewer letters tell nothing about the language.
const MIN_LETTERS: usize = 12;

/// How much more likely another reading has to be, in percentage points: different readings of the same bytes
/// share some frequent letters.
const MARGIN: usize = 10;

/// The percentage of the Cyrillic letters that are among the most frequent ones, and the number of letters.
fn likelihood(text: &str) -> (usize, usize) {
    let is_cyrillic = |it: &char| ('\u{400}'..='\u{4ff}').contains(it);
    let letters: Vec<char> =
        text.chars().filter(is_cyrillic).flat_map(char::to_lowercase).collect();
    let frequent = letters.iter().filter(|it| "оеаинтсрлыі".contains(**it)).count();
    (frequent * 100 / letters.len().max(1), letters.len())
}

/// RFC 2152: non-ASCII text is base64 of UTF-16 between `+` and the first other character.
fn utf_7(bytes: &[u8]) -> String {
    let (mut text, mut rest) = (String::new(), bytes);
    while let Some(at) = rest.iter().position(|it| *it == b'+') {
        text.push_str(&String::from_utf8_lossy(&rest[..at]));
        let after = &rest[at + 1..];
        let is_of_it = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/');
        let length = after.iter().take_while(|it| is_of_it(it)).count();
        if length == 0 {
            text.push('+');
        }
        let units = base64(&after[..length]).0;
        let units: Vec<u16> =
            units.chunks_exact(2).map(|it| u16::from_be_bytes([it[0], it[1]])).collect();
        text.push_str(&String::from_utf16_lossy(&units));
        rest = after[length..].strip_prefix(b"-").unwrap_or(&after[length..]);
    }
    text.push_str(&String::from_utf8_lossy(rest));
    text
}

/// Guesses the charset: UTF-8 if valid, else a single-byte one. Mails here
/// are Russian more often than not.
pub fn detect(bytes: &[u8]) -> String {
    if let Ok(text) = str::from_utf8(bytes) {
        return text.to_owned();
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(Some(b"ru"), Utf8Detection::Deny);
    // A few letters prove little: alone among ASCII they are Latin, in whole words Cyrillic.
    let guess =
        if guess == WINDOWS_1252 && has_foreign_words(bytes) { WINDOWS_1251 } else { guess };
    let text = guess.decode_without_bom_handling(bytes).0.into_owned();
    if guess == WINDOWS_1251 && is_kazakh(&text) { in_kz_1048(bytes) } else { text }
}

/// Whether a text that was read as windows-1251 is Kazakh in KZ-1048, whose letters are Macedonian and
/// Serbian there, languages that have no «ы».
fn is_kazakh(text: &str) -> bool {
    text.contains(['ќ', 'Ќ', 'ћ', 'ѕ', 'ј']) && text.contains(['ы', 'Ы'])
}

fn in_kz_1048(bytes: &[u8]) -> String {
    bytes.iter().map(|it| kazakh(*it, KZ_1048)).collect()
}

/// Whether two bytes that are not ASCII follow each other.
fn has_foreign_words(bytes: &[u8]) -> bool {
    bytes.windows(3).any(|it| it.iter().all(|it| *it >= 0xc0))
}

fn kazakh(byte: u8, own: &[(u8, char)]) -> char {
    let found = own.iter().find(|(it, _)| *it == byte).map(|(_, it)| *it);
    let common = || WINDOWS_1251.decode_without_bom_handling(&[byte]).0.chars().next();
    found.or_else(common).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The character set that an HTML text names in its head.
pub fn named_in_html(html: &[u8]) -> Option<String> {
    let head = &html[..html.len().min(2048)];
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let after = head.split_once("charset=")?.1;
    let name = after.trim_start_matches(['"', '\'', ' ']);
    let is_of_it = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_');
    let name: String = name.chars().take_while(|it| is_of_it(*it)).collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUSSIAN: &[u8] =
        b"\xcf\xee\xf0\xf2 \xed\xe5 \xef\xee\xe4\xed\xe8\xec\xe0\xe5\xf2\xf1\xff.";

    #[test]
    fn a_text_is_read_in_the_intended_charset() {
        let named = [
            None,
            Some("us-ascii"),
            Some("utf-8"),
            Some("iso-8859-1"),
            Some("win-1251"),
            Some("cp-1251"),
            Some("WINDOWS-1251"),
            Some("x-nonsense"),
        ];
        for name in named {
            assert_eq!(decode(RUSSIAN, name), "Порт не поднимается.", "{name:?}");
        }
        assert_eq!(decode(b"\xf0\xcf\xd2\xd4", Some("KOI8R")), "Порт");
        assert_eq!(decode(b"\x8d\xe0\xf2\xe5", Some("kz-1048")), "Қате");
        assert_eq!(decode(b"\x8d\xe0\xf2\xe5", Some("ptcp154")), "Қате");
        assert_eq!(decode(b"+BB8EPgRABEI +BD0ENQ.", Some("utf-7")), "Порт не.");
        let kazakh = b"\xcf\xee\xf0\xf2 \xe6\xa2\xec\xfb\xf1 \xb3\xf1\xf2\xe5\xec\xe5\xe9\xe4\xb3, \x9d\xe0\xf2\xe5";
        for set in [None, Some("windows-1251"), Some("kz-1048")] {
            assert_eq!(decode(kazakh, set), "Порт жұмыс істемейді, қате");
        }
        for set in ["us-ascii", "windows-1251", "koi8-r", "kz-1048"] {
            assert_eq!(decode("Қате".as_bytes(), Some(set)), "Қате");
        }
        assert_eq!(decode(RUSSIAN, Some("koi8-r")), "Порт не поднимается.");
        let capitals = "ПОРТ НЕ ПОДНИМАЕТСЯ";
        for set in [WINDOWS_1251, encoding_rs::KOI8_R] {
            let bytes = set.encode(capitals).0.into_owned();
            assert_eq!(decode(&bytes, Some(set.name())), capitals);
        }
        assert_eq!(decode(b"Gr\xfc\xdfe aus M\xfcnchen", Some("iso-8859-1")), "Grüße aus München");
        assert_eq!(
            named_in_html(b"<meta content=\"text/html; charset=windows-1251\">").as_deref(),
            Some("windows-1251")
        );
    }
}
