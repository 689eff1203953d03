//! The name of a file: something to show to people, never a path.

use domain::hidden::without_hidden;
use unicode_normalization::UnicodeNormalization as _;

/// The longest name, characters.
const MAX_NAME: usize = 200;

/// What a file without a usable name is called.
const UNNAMED: &str = "file";

/// A name as it is stored: the last part of a path, without characters that control a screen, a header or
/// a file system; NFC.
pub fn safe(filename: &str) -> String {
    let last = filename.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown = last
        .nfc()
        .filter(|it| !it.is_control() && !is_special_to_file_systems(*it))
        .collect::<String>();
    let shown = without_hidden(&shown);
    let plain = shown.trim().trim_end_matches('.').trim_start_matches('.').trim();
    let cut = shortened(plain);
    if cut.is_empty() { UNNAMED.to_owned() } else { cut }
}

/// Whether a character is special to file systems.
const fn is_special_to_file_systems(it: char) -> bool {
    matches!(it, '"' | '<' | '>' | '|' | ':' | '*' | '?')
}

/// A long name loses its middle: the end tells the kind of file.
fn shortened(name: &str) -> String {
    let count = name.chars().count();
    if count <= MAX_NAME {
        return name.to_owned();
    }
    let (head, tail) = (MAX_NAME - 20, 20);
    name.chars().take(head).chain(name.chars().skip(count - tail)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::long_texts::{PIECES, are_read};

    /// AT05: a name is shown, and nothing else.
    #[test]
    fn sec_at05_a_name_is_no_path() {
        for (filename, chars) in [
            ("../../etc/passwd", "passwd"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("журнал.log", "журнал.log"),
            ("a\0b\r\nSet-Cookie: x", "abSet-Cookie x"),
            ("\"quoted\".txt", "quoted.txt"),
            ("evil\u{202e}gpj.exe", "evilgpj.exe"),
            ("trailing...", "trailing"),
            ("..", "file"),
            ("", "file"),
            ("😀.png", "😀.png"),
            ("и\u{306}.txt", "й.txt"),
        ] {
            assert_eq!(safe(filename), chars, "{filename:?}");
        }
        let long = safe(&format!("{}.tar.gz", "я".repeat(300)));
        assert_eq!(long.chars().count(), MAX_NAME);
        assert!(long.ends_with(".tar.gz"));
    }

    /// IN09: whatever is sent, it is read in linear time.
    #[test]
    fn sec_in09_a_long_name_is_read_in_linear_time() {
        are_read("", &PIECES, |text| drop(safe(text)));
    }
}
