//! Lenient headers: encoded words (RFC 2047) split inside a character, parameters in pieces
//! (RFC 2231), one inside the other, or neither, in a single-byte charset.

#![expect(clippy::indexing_slicing, reason = "places are those of the same slice")]

use std::collections::BTreeMap;

use mail_parser::{HeaderName, Message, MessagePart};

use crate::inbound::mime::charset::{decode, detect};
use crate::inbound::mime::transfer::{base64, quoted_printable};

/// The maximum length of a value, in bytes.
const MAX_VALUE: usize = 64 * 1024;

/// The bytes of the last header with a name, unfolded.
pub fn value(
    message: &Message<'_>,
    part: &MessagePart<'_>,
    name: &HeaderName<'_>,
) -> Option<Vec<u8>> {
    let header = part.headers.iter().rev().find(|it| it.name == *name)?;
    let span = header.offset_start() as usize..header.offset_end() as usize;
    Some(unfolded(message.raw_message().get(span)?))
}

/// A value in one line.
pub fn unfolded(raw: &[u8]) -> Vec<u8> {
    let raw = &raw[..raw.len().min(MAX_VALUE)];
    let unfolded = raw.iter().filter(|it| !matches!(it, b'\r' | b'\n')).copied();
    unfolded.map(|it| if it == b'\t' { b' ' } else { it }).collect()
}

pub fn text(value: &[u8]) -> String {
    words(value).trim().to_owned()
}

/// A parameter of a value, such as the name of a file or the character set.
pub fn parameter(value: &[u8], name: &str) -> Option<String> {
    let mut pieces: BTreeMap<u32, (bool, Vec<u8>)> = BTreeMap::new();
    let mut plain = None;
    for (key, value) in parameters(value) {
        let Some(rest) = key.strip_prefix(name) else { continue };
        match rest.strip_prefix('*') {
            None if rest.is_empty() => plain = plain.or(Some(value)),
            None => {}
            Some("") => {
                pieces.insert(0, (true, value));
            }
            Some(number) => {
                let (number, is_encoded) = match number.strip_suffix('*') {
                    Some(number) => (number, true),
                    None => (number, false),
                };
                if let Ok(number) = number.parse() {
                    pieces.insert(number, (is_encoded, value));
                }
            }
        }
    }
    let joined = if pieces.is_empty() { plain.map(|it| words(&it)) } else { Some(joined(&pieces)) };
    joined.filter(|it| !it.trim().is_empty())
}

/// Joins the pieces of a parameter: bytes first, since a character may be split.
fn joined(pieces: &BTreeMap<u32, (bool, Vec<u8>)>) -> String {
    let (mut charset, mut bytes) = (None, Vec::new());
    for (place, (is_encoded, piece)) in pieces.values().enumerate() {
        let mut rest = piece.as_slice();
        if place == 0 && *is_encoded {
            let mut parts = piece.splitn(3, |it| *it == b'\'');
            if let (Some(set), Some(_), Some(text)) = (parts.next(), parts.next(), parts.next()) {
                charset = Some(String::from_utf8_lossy(set).into_owned());
                rest = text;
            }
        }
        if *is_encoded {
            bytes.extend(percent_encoding::percent_decode(rest))
        } else {
            bytes.extend(rest)
        }
    }
    match charset {
        Some(charset) => words(decode(&bytes, Some(&charset)).as_bytes()),
        None => words(&bytes),
    }
}

/// Every parameter of a value, its name in lower case.
fn parameters(value: &[u8]) -> Vec<(String, Vec<u8>)> {
    let (mut found, mut piece, mut is_quoted, mut is_escaped) =
        (Vec::new(), Vec::new(), false, false);
    let mut pieces = Vec::new();
    for byte in value {
        match byte {
            _ if is_escaped => {
                piece.push(*byte);
                is_escaped = false;
            }
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            b';' if !is_quoted => pieces.push(std::mem::take(&mut piece)),
            other => piece.push(*other),
        }
    }
    pieces.push(piece);
    for piece in pieces.into_iter().skip(1) {
        let Some(at) = piece.iter().position(|it| *it == b'=') else { continue };
        let key = String::from_utf8_lossy(&piece[..at]).trim().to_ascii_lowercase();
        found.push((key, piece[at + 1..].trim_ascii().to_vec()));
    }
    found
}

/// Decodes the encoded words of a value, joined first, and the text between them.
fn words(value: &[u8]) -> String {
    let (mut text, mut rest) = (String::new(), value);
    // The bytes of words that follow each other, in one set.
    let mut open: Option<(String, Vec<u8>)> = None;
    // No word begins after the last end of one, so none is looked for there.
    let last = value.windows(2).rposition(|it| it == b"?=").unwrap_or(0);
    while !rest.is_empty() {
        let is_over = value.len() - rest.len() >= last;
        let start = rest.windows(2).position(|it| it == b"=?" && !is_over).unwrap_or(rest.len());
        let (before, after) = rest.split_at(start);
        match encoded_word(after) {
            Some((charset, bytes, next)) => {
                let is_glued = before.iter().all(u8::is_ascii_whitespace);
                match &mut open {
                    Some((of, collected)) if is_glued && of.eq_ignore_ascii_case(&charset) => {
                        collected.extend(bytes);
                    }
                    open => {
                        let was_open = close(open, &mut text);
                        if !(was_open && is_glued) {
                            text.push_str(&detect(before));
                        }
                        *open = Some((charset, bytes));
                    }
                }
                rest = next;
            }
            None => {
                close(&mut open, &mut text);
                let end = if after.is_empty() { start } else { start + 2 };
                text.push_str(&detect(&rest[..end]));
                rest = &rest[end..];
            }
        }
    }
    close(&mut open, &mut text);
    text
}

/// Decodes what was collected; returns whether there was anything.
fn close(open: &mut Option<(String, Vec<u8>)>, text: &mut String) -> bool {
    let Some((charset, bytes)) = open.take() else { return false };
    text.push_str(&decode(&bytes, Some(&charset)));
    true
}

/// The charset and the bytes of the encoded word here, and the rest.
fn encoded_word(text: &[u8]) -> Option<(String, Vec<u8>, &[u8])> {
    let inner = text.strip_prefix(b"=?")?;
    let mut parts = inner.splitn(3, |it| *it == b'?');
    let (charset, kind, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let is_base64 = match kind {
        b"B" | b"b" => true,
        b"Q" | b"q" => false,
        _ => return None,
    };
    let length = rest.windows(2).position(|it| it == b"?=")?;
    let bytes = if is_base64 {
        base64(&rest[..length]).0
    } else {
        let spaced = rest[..length].iter().map(|it| if *it == b'_' { b' ' } else { *it });
        quoted_printable(&spaced.collect::<Vec<u8>>())
    };
    // RFC 2231, 5: a language may follow the set.
    let charset = String::from_utf8_lossy(charset.split(|it| *it == b'*').next()?).into_owned();
    Some((charset, bytes, &rest[length + 2..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_read_in_every_encoding() {
        for (value, name) in [
            (r#"attachment; filename="a b.pdf"; size=5"#, "a b.pdf"),
            ("attachment; filename*=UTF-8''%D0%BE.pdf", "о.pdf"),
            ("attachment; filename*0*=koi8-r''%CF%D4%DE%A3; filename*1*=%D4.pdf", "отчёт.pdf"),
            ("attachment; filename*0*=UTF-8''%D1; filename*1*=%91.pdf", "ё.pdf"),
            (r#"x; filename*0="=?UTF-8?B?0L7RgtGH0ZHRgi5w"; filename*1="ZGY=?=""#, "отчёт.pdf"),
            (r#"x; filename="=?utf-8?B?0L7RgtGH0Q==?= =?utf-8?B?kdGCLnBkZg==?=""#, "отчёт.pdf"),
            (r#"x; filename=   "=?koi8-r?Q?=CF=D4?= =?koi8-r?Q?=DE.pdf?="; size=1"#, "отч.pdf"),
            (r#"x; filename="a\"b.pdf""#, "a\"b.pdf"),
        ] {
            assert_eq!(parameter(value.as_bytes(), "filename").as_deref(), Some(name), "{value}");
        }
        assert_eq!(
            parameter(b"x; filename=\"\xee\xf2\xf7\xe5\xf2.pdf\"", "filename").as_deref(),
            Some("отчет.pdf")
        );
        assert_eq!(text("Re: =?utf-8?B?0KjQu9GO0Lc=?= 1".as_bytes()), "Re: Шлюз 1");
        assert_eq!(text(b"a =? b"), "a =? b");
    }
}
