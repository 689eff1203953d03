//! Masks the signed addresses in a raw mail: whoever reads it could use them to reply
//! in its sender's name. Encoded parts are searched, too.

use mail_parser::{Encoding, Header, Message, MessageParser, MessagePart, PartType};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::inbound::mime::{header, transfer};
use crate::mail::reply_address;
use crate::mail::reply_address::masked_bytes;

/// The maximum depth of nested mails.
const MAX_DEPTH: usize = 5;

/// The maximum length of a line of encoded text.
const MAX_LINE: usize = 76;

/// A raw mail, its signed addresses masked.
pub fn masked_mail(raw: &[u8]) -> Vec<u8> {
    let parsed = std::panic::catch_unwind(|| masked_parts(raw, 0)).ok().flatten();
    masked_bytes(parsed.as_deref().unwrap_or(raw))
}

fn masked_parts(raw: &[u8], depth: usize) -> Option<Vec<u8>> {
    let message = MessageParser::default().parse(raw).filter(|_| depth < MAX_DEPTH)?;
    let mut replaced: Vec<(usize, usize, Vec<u8>)> = message
        .parts
        .iter()
        .filter_map(|part| {
            let (from, to) = (part.offset_body as usize, part.offset_end as usize);
            Some((from, to, masked_part(&message, part, depth)?))
        })
        .chain(message.parts.iter().flat_map(|part| masked_headers(&message, part)))
        .collect();
    replaced.sort_by_key(|it| it.0);
    let (mut masked, mut done) = (Vec::with_capacity(raw.len()), 0);
    for (from, to, bytes) in replaced {
        // A part within another one went with that one.
        if let Some(before) = raw.get(done..from).filter(|_| (from..=raw.len()).contains(&to)) {
            masked.extend(before);
            masked.extend(bytes);
            done = to;
        }
    }
    masked.extend(raw.get(done..).unwrap_or_default());
    Some(masked)
}

/// The header fields of a part with masked addresses, if they are encoded and contain any.
fn masked_headers(message: &Message<'_>, part: &MessagePart<'_>) -> Vec<(usize, usize, Vec<u8>)> {
    let masked = |it: &Header<'_>| {
        let (from, to) = (it.offset_start() as usize, it.offset_end() as usize);
        let sent = message.raw_message().get(from..to)?;
        if !sent.windows(2).any(|it| it == b"=?") {
            return None;
        }
        let decoded = header::text(&header::unfolded(sent));
        let masked = reply_address::masked(&decoded);
        (masked != decoded).then(|| (from, to, format!(" {masked}\r\n").into_bytes()))
    };
    part.headers.iter().filter_map(masked).collect()
}

/// A part with masked addresses, if it is encoded and contains any.
fn masked_part(message: &Message<'_>, part: &MessagePart<'_>, depth: usize) -> Option<Vec<u8>> {
    let span = part.offset_body as usize..part.offset_end as usize;
    let sent = message.raw_message().get(span)?;
    match (&part.body, part.encoding) {
        (PartType::Multipart(_), _) => None,
        (PartType::Message(_), Encoding::None) => masked_parts(sent, depth + 1),
        (_, Encoding::None) => None,
        (_, Encoding::Base64) => {
            let (bytes, footer) = transfer::base64(sent);
            let masked = masked_bytes(&bytes);
            (masked != bytes).then(|| [in_base64(&masked).as_slice(), footer].concat())
        }
        (_, Encoding::QuotedPrintable) => {
            let bytes = transfer::quoted_printable(sent);
            let masked = masked_bytes(&bytes);
            (masked != bytes).then(|| in_quoted_printable(&masked))
        }
    }
}

fn in_base64(bytes: &[u8]) -> Vec<u8> {
    let letters = STANDARD.encode(bytes);
    let lines: Vec<&[u8]> = letters.as_bytes().chunks(MAX_LINE).collect();
    [lines.join(&b"\r\n"[..]).as_slice(), b"\r\n"].concat()
}

fn in_quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let (mut text, mut length) = (Vec::with_capacity(bytes.len() * 2), 0);
    for byte in bytes {
        let letter = match byte {
            b'\n' | b'\r' | b' ' | b'\t' | b'!'..=b'<' | b'>'..=b'~' => vec![*byte],
            other => format!("={other:02X}").into_bytes(),
        };
        length = if *byte == b'\n' { 0 } else { length + letter.len() };
        if length > MAX_LINE - 1 {
            text.extend(b"=\r\n");
            length = letter.len();
        }
        text.extend(letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OU07: a signed address is not shown, in whatever form it stands in a mail.
    #[test]
    fn sec_ou07_no_signed_address_is_in_an_encoded_header() {
        let signed = format!("REPLY+1042.17.i.{}@h.kz", "0f".repeat(12));
        let name = STANDARD.encode(format!("Поддержка {signed}"));
        let mail =
            format!("From: a@b.kz\r\nTo: =?utf-8?B?{name}?=\r\n <b@c.kz>\r\nSubject: x\r\n\r\nДа.");

        let masked = String::from_utf8(masked_mail(mail.as_bytes())).expect("UTF-8");

        assert!(
            masked.contains(
                "To: Поддержка REPLY+1042.17.i.***@h.kz <b@c.kz>\r\nSubject: x\r\n\r\nДа."
            ),
            "{masked}"
        );
    }

    /// OU07: a signed address is not shown, in whatever form it stands in a mail.
    #[test]
    fn sec_ou07_no_signed_address_is_in_a_raw_mail() {
        let signed = format!("REPLY+1042.17.i.{}@h.kz", "0f".repeat(12));
        let text = format!("Поддержка <{signed}> написал:");
        let parts = [
            ("base64", in_base64(text.as_bytes())),
            ("quoted-printable", in_quoted_printable(text.as_bytes())),
            ("8bit", text.clone().into_bytes()),
        ];
        for (encoding, body) in parts {
            let head = format!(
                "From: a@b.kz\r\nTo: {signed}\r\nContent-Transfer-Encoding: {encoding}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
            );
            let masked = masked_mail(&[head.as_bytes(), &body].concat());

            let message = MessageParser::default().parse(&masked).expect("a mail");
            let read = message.body_text(0).expect("a text");
            assert!(!String::from_utf8_lossy(&masked).contains("0f0f"), "{encoding}");
            assert!(read.contains("REPLY+1042.17.i.***@h.kz"), "{encoding}: {read}");
        }
    }
}
