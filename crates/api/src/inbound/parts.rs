//! What a mail brings along: its text, and its files as they were sent.

use std::borrow::Cow;

use actix_web::web::Bytes;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{ContentType, Encoding, Message, MessagePart, MimeHeaders as _, PartType};

/// A file of a mail.
#[derive(Debug, Clone)]
pub struct MailFile {
    /// What its sender calls it.
    pub name: String,
    /// Its bytes.
    pub bytes: Bytes,
    /// Whether it is shown within the text: a picture of a signature, often.
    pub is_embedded: bool,
}

/// The types of what signs a mail.
const SIGNATURES: &[&str] = &["pgp-signature", "pkcs7-signature", "x-pkcs7-signature"];

/// The text of a mail: of all its parts that are text and no file.
pub fn text(message: &Message<'_>) -> String {
    let is_file = |it: &MessagePart<'_>| it.attachment_name().is_some();
    let texts = message.text_bodies().enumerate().filter(|(_, it)| !is_file(it));
    let texts = texts.filter_map(|(place, _)| message.body_text(place));
    texts.collect::<Vec<Cow<'_, str>>>().join("\n")
}

/// The files of a mail, in its order.
pub fn files(message: &Message<'_>) -> Vec<MailFile> {
    let named = message.text_bodies().filter(|it| it.is_text() && it.attachment_name().is_some());
    let mut parts: Vec<&MessagePart<'_>> = message.attachments().chain(named).collect();
    parts.sort_by_key(|it| it.offset_body);
    parts.dedup_by_key(|it| it.offset_body);
    parts.into_iter().filter(|it| is_file(it)).map(|it| file(message, it)).collect()
}

fn is_file(part: &MessagePart<'_>) -> bool {
    let content_type = part.content_type();
    let is_of = |kind: &str| content_type.is_some_and(|it| it.ctype().eq_ignore_ascii_case(kind));
    let subtype = content_type.and_then(ContentType::subtype).map(str::to_ascii_lowercase);
    let is_signature = subtype.is_some_and(|it| SIGNATURES.contains(&it.as_str()));
    let is_attached = part.content_disposition().is_some_and(ContentType::is_attachment);
    let is_sent = part.attachment_name().is_some() || is_attached || is_of("image");
    !is_signature && (is_sent || part.is_message())
}

fn file(message: &Message<'_>, part: &MessagePart<'_>) -> MailFile {
    let bytes = bytes(message, part);
    let name = match part.attachment_name().map(str::trim).filter(|it| !it.is_empty()) {
        Some(name) => name.to_owned(),
        None if part.is_message() => "message.eml".to_owned(),
        None => {
            let extension = infer::get(&bytes).map_or("bin", |it| it.extension());
            format!("file.{extension}")
        }
    };
    let is_attached = part.content_disposition().is_some_and(ContentType::is_attachment);
    let is_embedded = part.content_id().is_some() && !is_attached;
    MailFile { name, bytes: bytes.into(), is_embedded }
}

/// The bytes as they were sent: a text in its own encoding.
fn bytes(message: &Message<'_>, part: &MessagePart<'_>) -> Vec<u8> {
    if let PartType::Binary(bytes) | PartType::InlineBinary(bytes) = &part.body {
        return bytes.to_vec();
    }
    let span = part.offset_body as usize..part.offset_end as usize;
    let sent = message.raw_message().get(span).unwrap_or_default();
    let decoded = match part.encoding {
        Encoding::None => Some(sent.to_vec()),
        Encoding::Base64 => base64_decode(sent),
        Encoding::QuotedPrintable => quoted_printable_decode(sent),
    };
    decoded.unwrap_or_else(|| part.contents().to_vec())
}
