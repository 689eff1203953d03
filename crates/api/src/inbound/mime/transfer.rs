//! Lenient Content-Transfer-Encoding (RFC 2045, 6).

#![expect(clippy::indexing_slicing, reason = "places are those of the same slice")]

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Base64 without padding, in several pieces, or with other characters in between; and what follows
/// that is not base64: servers append a footer.
pub fn base64(encoded: &[u8]) -> (Vec<u8>, &[u8]) {
    base64_until(encoded, |line| line.contains(&b' '))
}

/// The same of a file, under which nobody writes: spaces came in between.
pub fn base64_of_file(encoded: &[u8]) -> Vec<u8> {
    base64_until(encoded, |_| false).0
}

fn base64_until(encoded: &[u8], is_footer: fn(&[u8]) -> bool) -> (Vec<u8>, &[u8]) {
    let is_of_it = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/' | b'=');
    let (mut letters, mut taken) = (Vec::with_capacity(encoded.len()), 0);
    for line in encoded.split_inclusive(|it| *it == b'\n') {
        let shown = line.trim_ascii();
        let is_text = is_footer(shown) || !shown.is_ascii() || shown.starts_with(b"--");
        if is_text {
            break;
        }
        letters.extend(shown.iter().filter(|it| is_of_it(it)));
        taken += line.len();
    }
    let mut bytes = Vec::with_capacity(letters.len() / 4 * 3);
    for piece in letters.split(|it| *it == b'=').filter(|it| !it.is_empty()) {
        // One letter alone is less than a byte.
        let whole = if piece.len() % 4 == 1 { &piece[..piece.len() - 1] } else { piece };
        if let Ok(decoded) = LENIENT.decode(whole) {
            bytes.extend(decoded);
        }
    }
    (bytes, encoded[taken..].trim_ascii_start())
}

/// Quoted-printable in which a stray `=` stands for itself.
pub fn quoted_printable(encoded: &[u8]) -> Vec<u8> {
    let digit = |it: Option<&u8>| it.and_then(|it| char::from(*it).to_digit(16));
    let (mut bytes, mut rest) = (Vec::with_capacity(encoded.len()), encoded);
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'=' {
            bytes.push(*first);
            continue;
        }
        if let (Some(high), Some(low)) = (digit(after.first()), digit(after.get(1))) {
            bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
            rest = &after[2..];
        } else if let Some(next) = after_soft_break(after) {
            rest = next;
        } else {
            bytes.push(b'=');
        }
    }
    bytes
}

/// How many times as long as its encoding a file may be: of zeros that are spaces, which are lost at the end of a line.
const MAX_GAIN: usize = 4;

/// What programs of old encode as `begin 644 name`, lines of up to 45 bytes, `end`.
pub fn uuencoded(encoded: &[u8]) -> Vec<u8> {
    let value = |it: Option<&u8>| it.map_or(0, |it| it.wrapping_sub(b' ') & 0x3f);
    let mut bytes = Vec::with_capacity(encoded.len() / 4 * 3);
    for line in encoded.split(|it| *it == b'\n').map(|it| it.trim_ascii_end()) {
        let Some((length, letters)) = line.split_first() else { continue };
        if line.starts_with(b"begin ") || line == b"end" {
            continue;
        }
        if bytes.len() > encoded.len() * MAX_GAIN {
            break;
        }
        let length = usize::from(value(Some(length)));
        let decoded = letters.chunks(4).flat_map(|four| {
            let [a, b, c, d] = [0, 1, 2, 3].map(|it| value(four.get(it)));
            [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]
        });
        bytes.extend(decoded.chain(std::iter::repeat(0)).take(length));
    }
    bytes
}

/// What follows the end of a line that is none of the text.
fn after_soft_break(after: &[u8]) -> Option<&[u8]> {
    let spaces = after.iter().take_while(|it| matches!(it, b' ' | b'\t')).count();
    match &after[spaces..] {
        [b'\r', b'\n', rest @ ..] | [b'\n', rest @ ..] => Some(rest),
        [] => Some(&[]),
        [..] => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_encodings_are_read_leniently() {
        for encoded in ["0J/QvtGA0YI=", "0J/QvtGA0YI", "0J/Q\r\nvtGA\r\n0YI=\r\n", "0J/Q*vtGA0YI"] {
            assert_eq!(base64(encoded.as_bytes()).0, "Порт".as_bytes(), "{encoded}");
        }
        assert_eq!(base64_of_file(b"0J/Q vtGA 0YI=\r\n"), "Порт".as_bytes());
        assert_eq!(uuencoded(b"begin 644 a\r\n#0V%T\r\n!80\r\n`\r\nend\r\n"), b"Cata");
        let (text, footer) = base64(b"0J/QvtGA0YI=\r\n\r\n-- \r\nScanned by antivirus\r\n");
        assert_eq!(
            (text, footer.starts_with(b"-- \r\nScanned")),
            ("Порт".as_bytes().to_vec(), true)
        );
        for (encoded, meant) in [
            ("a = b", "a = b"),
            ("a=3Db", "a=b"),
            ("a=\r\nb", "ab"),
            ("a= \nb", "ab"),
            ("a=", "a"),
            ("=d0=9f", "П"),
        ] {
            assert_eq!(quoted_printable(encoded.as_bytes()), meant.as_bytes(), "{encoded}");
        }
    }
}
