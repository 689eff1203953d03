//! The body of a part: of which type it is, and its bytes.

use mail_parser::{HeaderName, Message, MessagePart, MimeHeaders as _};

use crate::inbound::mime::header;
use crate::inbound::mime::transfer::{base64, base64_of_file, quoted_printable, uuencoded};

pub fn kind(part: &MessagePart<'_>) -> Option<String> {
    part.content_type().map(|it| it.ctype().to_ascii_lowercase())
}

pub fn subtype(part: &MessagePart<'_>) -> Option<String> {
    // The semicolon after it may be missing.
    let subtype = part.content_type()?.subtype()?.split_whitespace().next()?;
    Some(subtype.to_ascii_lowercase())
}

/// How a part is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    None,
    Base64,
    QuotedPrintable,
    Uuencoded,
}

/// The encoding of a part, from its header, since the mail parser gives up on broken encodings.
fn encoding(message: &Message<'_>, part: &MessagePart<'_>) -> Encoding {
    let named = header::value(message, part, &HeaderName::ContentTransferEncoding);
    let named = named.map(|it| it.trim_ascii().to_ascii_lowercase()).unwrap_or_default();
    // Comments, quotes and parameters do not belong there.
    let is_of_it = |it: &u8| it.is_ascii_alphanumeric() || *it == b'-';
    let name = named.split(|it| !is_of_it(it)).find(|it| !it.is_empty()).unwrap_or_default();
    match name {
        b"base64" => Encoding::Base64,
        b"quoted-printable" => Encoding::QuotedPrintable,
        b"x-uuencode" | b"uuencode" | b"x-uue" | b"uue" => Encoding::Uuencoded,
        [..] => Encoding::None,
    }
}

/// The encoded bytes of a part.
pub fn sent<'a>(message: &'a Message<'_>, part: &MessagePart<'_>) -> &'a [u8] {
    let span = part.offset_body as usize..part.offset_end as usize;
    message.raw_message().get(span).unwrap_or_default()
}

/// The bytes as they were sent: a text in its own encoding.
pub fn bytes(message: &Message<'_>, part: &MessagePart<'_>) -> Vec<u8> {
    let sent = sent(message, part);
    match encoding(message, part) {
        Encoding::None => sent.to_vec(),
        Encoding::Base64 if kind(part).is_none_or(|it| it == "text") => base64(sent).0,
        Encoding::Base64 => base64_of_file(sent),
        Encoding::QuotedPrintable => quoted_printable(sent),
        Encoding::Uuencoded => uuencoded(sent),
    }
}

/// What follows an encoded text without being encoded: servers append a footer.
pub fn footer<'a>(message: &'a Message<'_>, part: &MessagePart<'_>) -> &'a [u8] {
    match encoding(message, part) {
        Encoding::Base64 => base64(sent(message, part)).1,
        Encoding::None | Encoding::QuotedPrintable | Encoding::Uuencoded => b"",
    }
}
