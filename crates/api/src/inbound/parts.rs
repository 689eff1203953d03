//! The contents of a mail: its text, and its files as they were sent.

use std::collections::BTreeSet;

use actix_web::web::Bytes;
use domain::hidden::without_hidden;
use domain::quotation::{Line, Origin, is_blank};
use mail_parser::{HeaderName, Message, MessageParser, MessagePart, MimeHeaders as _, PartType};

use crate::http::json::is_forbidden;
use crate::inbound::mime::charset::{decode, named_in_html};
use crate::inbound::mime::lines::{Flow, plain};
use crate::inbound::mime::transfer::{base64, base64_of_file, quoted_printable, uuencoded};
use crate::inbound::mime::{cms, header, html, tnef};

/// The maximum length of a text including quotations, in characters.
const MAX_TEXT: usize = 1_000_000;

/// The maximum depth of nested parts.
const MAX_DEPTH: usize = 50;

/// How many levels of nesting a signed mail within a signed mail counts as.
const DEPTH_OF_SIGNED: usize = 10;

/// How many words of its own make an alternative of a text worth keeping.
const MANY_WORDS: usize = 10;

/// The media types of mail signatures.
const SIGNATURES: &[&str] = &["pgp-signature", "pkcs7-signature", "x-pkcs7-signature"];

/// A file of a mail.
#[derive(Debug, Clone)]
pub struct MailFile {
    /// The name that the sender gave it.
    pub name: String,
    pub bytes: Bytes,
    /// Whether it is shown within the text: a picture of a signature, often.
    pub is_embedded: bool,
}

/// What a mail holds.
#[derive(Debug, Default)]
pub struct Contents {
    pub lines: Vec<Line>,
    pub files: Vec<MailFile>,
}

impl Contents {
    fn says_nothing(&self) -> bool {
        self.lines.iter().all(|it| is_blank(&it.text))
    }

    fn append(&mut self, next: Self) {
        self.lines.extend(next.lines);
        self.files.extend(next.files);
    }
}

/// The text of a mail and its files, in their order.
pub fn contents(message: &Message<'_>) -> Contents {
    let mut contents = visit(message, 0, 0);
    let is_packed = |it: &MailFile| tnef::unpack(&it.bytes);
    for place in (0..contents.files.len()).rev() {
        let Some(unpacked) = contents.files.get(place).and_then(is_packed) else { continue };
        if contents.says_nothing() {
            contents.lines = plain(&clean(&unpacked.text), Flow::default());
        }
        let files = unpacked.files.into_iter().map(|(name, bytes)| MailFile {
            name: shown_name(&name).unwrap_or_else(|| invented_name(None, &bytes)),
            bytes: bytes.into(),
            is_embedded: false,
        });
        let files: Vec<MailFile> = files.collect();
        // Without either, its reader has to open it.
        if !files.is_empty() || !contents.says_nothing() {
            contents.files.splice(place..=place, files);
        }
    }
    contents
}

fn visit(message: &Message<'_>, id: usize, depth: usize) -> Contents {
    let Some(part) = message.parts.get(id).filter(|_| depth < MAX_DEPTH) else {
        return Contents::default();
    };
    let PartType::Multipart(children) = &part.body else {
        return leaf(message, part, id == 0, depth);
    };
    let children = children.iter().map(|it| visit(message, *it as usize, depth + 1));
    if subtype(part).as_deref() == Some("alternative") {
        best(children)
    } else {
        concatenated(children)
    }
}

/// The first non-empty alternative of a text, and what others say beyond it; the files of all.
fn best(children: impl Iterator<Item = Contents>) -> Contents {
    let mut chosen = Contents::default();
    for child in children {
        let former = std::mem::take(&mut chosen.lines);
        chosen.lines = together(former, child.lines);
        chosen.files.extend(child.files);
    }
    chosen
}

/// Two forms of a text: the first, and beside it the other one if that has many words of its own. A note
/// that HTML cannot be shown gives way to the HTML.
fn together(first: Vec<Line>, other: Vec<Line>) -> Vec<Line> {
    if first.iter().all(|it| is_blank(&it.text)) {
        return other;
    }
    let (known, offered) = (words(&first), words(&other));
    let lacks = |one: &BTreeSet<String>, of: &BTreeSet<String>| one.difference(of).count();
    let is_note = known.contains("html") && lacks(&known, &offered) * 2 > known.len();
    let (shown, beside) = match is_note && !offered.is_empty() {
        true => (other, first),
        false if lacks(&offered, &known) >= MANY_WORDS => (first, other),
        false => return first,
    };
    let beside = beside.into_iter().map(|it| Line { origin: Origin::Beside, ..it });
    shown.into_iter().chain(beside).collect()
}

fn words(lines: &[Line]) -> BTreeSet<String> {
    let words = lines.iter().flat_map(|it| it.text.split(|it: char| !it.is_alphanumeric()));
    words.filter(|it| !it.is_empty()).map(str::to_lowercase).collect()
}

fn concatenated(children: impl Iterator<Item = Contents>) -> Contents {
    let mut all = Contents::default();
    for child in children {
        all.append(child);
    }
    all
}

fn leaf(message: &Message<'_>, part: &MessagePart<'_>, is_all: bool, depth: usize) -> Contents {
    let kind = kind(part);
    let subtype = subtype(part);
    if subtype.as_deref().is_some_and(|it| SIGNATURES.contains(&it)) {
        return Contents::default();
    }
    if subtype.as_deref().is_some_and(|it| it.ends_with("pkcs7-mime"))
        && let Some(signed) = signed(&bytes(message, part), depth)
    {
        return signed;
    }
    let is_attached = part.content_disposition().is_some_and(|it| it.is_attachment());
    let is_text = matches!(
        (kind.as_deref(), subtype.as_deref()),
        (None | Some("text"), None | Some("plain" | "html")) | (Some("plain"), Some("text"))
    );
    // The whole mail is its text, whatever its declared type.
    if is_text
        && !part.is_message()
        && (is_all || !is_attached && file_name(message, part).is_none())
    {
        return Contents { lines: text(message, part), files: Vec::new() };
    }
    Contents { lines: Vec::new(), files: vec![file(message, part)] }
}

/// What was signed as a whole (S/MIME).
fn signed(bytes: &[u8], depth: usize) -> Option<Contents> {
    let content = cms::signed_content(bytes)?;
    let message = MessageParser::default().parse(&content)?;
    let contents = visit(&message, 0, depth + DEPTH_OF_SIGNED);
    (!contents.says_nothing() || !contents.files.is_empty()).then_some(contents)
}

fn kind(part: &MessagePart<'_>) -> Option<String> {
    part.content_type().map(|it| it.ctype().to_ascii_lowercase())
}

fn subtype(part: &MessagePart<'_>) -> Option<String> {
    // The semicolon after it may be missing.
    let subtype = part.content_type()?.subtype()?.split_whitespace().next()?;
    Some(subtype.to_ascii_lowercase())
}

/// A parameter of the type or the disposition of a part.
fn parameter(
    message: &Message<'_>,
    part: &MessagePart<'_>,
    of: &HeaderName<'_>,
    name: &str,
) -> Option<String> {
    header::parameter(&header::value(message, part, of)?, name)
}

/// What the sender of a part calls it.
fn file_name(message: &Message<'_>, part: &MessagePart<'_>) -> Option<String> {
    let disposed = parameter(message, part, &HeaderName::ContentDisposition, "filename");
    let named = || parameter(message, part, &HeaderName::ContentType, "name");
    disposed.or_else(named).and_then(|it| shown_name(&it))
}

fn shown_name(name: &str) -> Option<String> {
    Some(without_hidden(name).trim().to_owned()).filter(|it| !it.is_empty())
}

fn file(message: &Message<'_>, part: &MessagePart<'_>) -> MailFile {
    let bytes = bytes(message, part);
    let name = match file_name(message, part) {
        Some(name) => name,
        None if part.is_message() => "message.eml".to_owned(),
        None => invented_name(subtype(part).as_deref(), &bytes),
    };
    let is_attached = part.content_disposition().is_some_and(|it| it.is_attachment());
    let is_embedded = part.content_id().is_some() && !is_attached;
    MailFile { name, bytes: bytes.into(), is_embedded }
}

/// A name for a file that has none.
fn invented_name(subtype: Option<&str>, bytes: &[u8]) -> String {
    let extension = infer::get(bytes).map(|it| it.extension());
    let extension = extension.or(match subtype {
        Some("plain") => Some("txt"),
        Some("html") => Some("html"),
        Some("calendar") => Some("ics"),
        Some("pdf") => Some("pdf"),
        Some(_) | None => None,
    });
    format!("file.{}", extension.unwrap_or("bin"))
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
    match named.as_slice() {
        b"base64" => Encoding::Base64,
        b"quoted-printable" => Encoding::QuotedPrintable,
        b"x-uuencode" | b"uuencode" | b"x-uue" | b"uue" => Encoding::Uuencoded,
        [..] => Encoding::None,
    }
}

/// The bytes as they were sent: a text in its own encoding.
fn bytes(message: &Message<'_>, part: &MessagePart<'_>) -> Vec<u8> {
    let span = part.offset_body as usize..part.offset_end as usize;
    let sent = message.raw_message().get(span).unwrap_or_default();
    match encoding(message, part) {
        Encoding::None => sent.to_vec(),
        Encoding::Base64 if kind(part).is_none_or(|it| it == "text") => base64(sent).0,
        Encoding::Base64 => base64_of_file(sent),
        Encoding::QuotedPrintable => quoted_printable(sent),
        Encoding::Uuencoded => uuencoded(sent),
    }
}

/// The lines of a text part.
fn text(message: &Message<'_>, part: &MessagePart<'_>) -> Vec<Line> {
    let span = part.offset_body as usize..part.offset_end as usize;
    let sent = message.raw_message().get(span).unwrap_or_default();
    let footer = if encoding(message, part) == Encoding::Base64 { base64(sent).1 } else { b"" };
    let bytes = bytes(message, part);
    let of_type = |name: &str| parameter(message, part, &HeaderName::ContentType, name);
    let named = of_type("charset");
    let is_html = subtype(part).as_deref() == Some("html");
    let mut lines = if is_html {
        let named = named.or_else(|| named_in_html(&bytes));
        html::lines(&clean(&decode(&bytes, named.as_deref())))
    } else {
        let is = |name: &str, value: &str| {
            of_type(name).is_some_and(|it| it.eq_ignore_ascii_case(value))
        };
        let flow = Flow { is_flowed: is("format", "flowed"), loses_space: is("delsp", "yes") };
        plain(&clean(&decode(&bytes, named.as_deref())), flow)
    };
    lines.extend(plain(&clean(&decode(footer, None)), Flow::default()));
    lines
}

/// Removes forbidden characters and normalizes line breaks. Bidirectional
/// controls are removed, since they can disguise a line.
fn clean(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;

    let text = text.replace("\r\n", "\n");
    let one_kind = |it: char| match it {
        '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        it => it,
    };
    let is_kept = |it: &char| {
        let turns = matches!(it, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        !turns && !is_forbidden(*it) && (!it.is_control() || matches!(it, '\n' | '\t'))
    };
    text.chars().map(one_kind).filter(is_kept).nfc().take(MAX_TEXT).collect()
}
