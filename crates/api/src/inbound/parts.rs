//! The contents of a mail: its text, and its files as they were sent.

use std::collections::BTreeSet;

use actix_web::web::Bytes;
use domain::hidden::without_hidden;
use domain::quotation::{Line, Origin, is_blank};
use mail_parser::{HeaderName, Message, MessageParser, MessagePart, MimeHeaders as _, PartType};

use crate::http::json::is_forbidden;
use crate::inbound::mime::body::{bytes, footer, kind, sent, subtype};
use crate::inbound::mime::charset::{decode, named_in_html};
use crate::inbound::mime::lines::{Flow, plain};
use crate::inbound::mime::{cms, header, html, pictures, tnef};

/// The maximum length of a text including quotations, in characters; the rest is in the raw mail.
const MAX_TEXT: usize = 1_000_000;

/// The maximum depth of nested parts.
const MAX_DEPTH: usize = 50;

/// How many levels of nesting a mail that is read anew counts as.
const DEPTH_OF_READING: usize = 10;

/// Room for as many characters of any kind, in bytes.
const MAX_BYTES: usize = 4 * MAX_TEXT;

/// The maximum number of files that are read; more are in the raw mail.
const MAX_FILES: usize = 200;

/// How many alternatives of a text are compared: programs write two or three.
const MAX_COMPARED: usize = 8;

/// How many words of its own an alternative has to have to be kept.
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

    /// Adds what follows, its lines as long as there is room for letters.
    fn append(&mut self, next: Self, room: &mut usize) {
        if *room > 0 {
            let taken: usize = next.lines.iter().map(|it| it.text.len() + 1).sum();
            *room = room.saturating_sub(taken);
            self.lines.extend(next.lines);
        }
        self.files.extend(next.files);
    }
}

/// The text of a mail and its files, in their order.
pub fn contents(message: &Message<'_>) -> Contents {
    let mut contents = visit(message, 0, 0);
    let mut says_nothing = contents.says_nothing();
    for file in std::mem::take(&mut contents.files) {
        let Some(unpacked) = tnef::unpack(&file.bytes) else {
            contents.files.push(file);
            continue;
        };
        if says_nothing {
            contents.lines = plain(&clean(&unpacked.text), Flow::default());
            says_nothing = contents.says_nothing();
        }
        // Without either, its reader has to open it.
        if unpacked.files.is_empty() && says_nothing {
            contents.files.push(file);
        }
        let files = unpacked.files.into_iter().map(|(name, bytes)| MailFile {
            name: shown_name(&name).unwrap_or_else(|| invented_name(None, &bytes)),
            bytes: bytes.into(),
            is_embedded: false,
        });
        contents.files.extend(files);
    }
    contents.files.truncate(MAX_FILES);
    let mut room = MAX_TEXT;
    contents.lines.retain(|it| {
        room = room.saturating_sub(it.text.chars().count() + 1);
        room > 0
    });
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

/// The first non-empty alternative of a text, what the others say beyond it, and the files of all.
fn best(children: impl Iterator<Item = Contents>) -> Contents {
    let (mut chosen, mut room) = (Contents::default(), MAX_BYTES);
    for (place, child) in children.enumerate() {
        if place < MAX_COMPARED {
            let former = std::mem::take(&mut chosen.lines);
            chosen.lines = together(former, child.lines);
            chosen.files.extend(child.files);
        } else {
            let lines = beside(child.lines).collect();
            chosen.append(Contents { lines, ..child }, &mut room);
        }
    }
    chosen
}

/// Two forms of a text: the first, and also the other one if that has many words of its own. A note that HTML cannot be
/// shown is replaced by the HTML.
fn together(first: Vec<Line>, other: Vec<Line>) -> Vec<Line> {
    if first.iter().all(|it| is_blank(&it.text)) {
        return other;
    }
    let (known, offered) = (words(&first), words(&other));
    let lacks = |one: &BTreeSet<String>, of: &BTreeSet<String>| one.difference(of).count();
    let is_note = known.contains("html") && lacks(&known, &offered) * 2 > known.len();
    let (shown, more) = match is_note && !offered.is_empty() {
        true => (other, first),
        false if lacks(&offered, &known) >= MANY_WORDS => (first, other),
        false => return first,
    };
    shown.into_iter().chain(beside(more)).collect()
}

fn beside(lines: Vec<Line>) -> impl Iterator<Item = Line> {
    lines.into_iter().map(|it| Line { origin: Origin::Beside, ..it })
}

fn words(lines: &[Line]) -> BTreeSet<String> {
    let words = lines.iter().flat_map(|it| it.text.split(|it: char| !it.is_alphanumeric()));
    words.filter(|it| !it.is_empty()).map(str::to_lowercase).collect()
}

fn concatenated(children: impl Iterator<Item = Contents>) -> Contents {
    let (mut all, mut room) = (Contents::default(), MAX_BYTES);
    for child in children {
        all.append(child, &mut room);
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
    if is_all && kind.as_deref() == Some("multipart") {
        return divided(message, part, depth);
    }
    let is_attached = part.content_disposition().is_some_and(|it| it.is_attachment());
    let is_file = is_attached || file_name(message, part).is_some();
    let is_text = match (kind.as_deref(), subtype.as_deref()) {
        // The whole mail is its text, whatever its declared type.
        (None | Some("text"), None | Some("plain" | "html")) | (Some("plain"), Some("text")) => {
            is_all || !is_file
        }
        (Some("text"), Some(other)) => is_all && !is_file && extension_of(other).is_none(),
        _ => false,
    };
    if is_text && !part.is_message() {
        return text(message, part);
    }
    Contents { lines: Vec::new(), files: vec![file(message, part)] }
}

/// A mail that is said to have parts, but does not say, or wrongly, what divides them.
fn divided(message: &Message<'_>, part: &MessagePart<'_>, depth: usize) -> Contents {
    let sent = sent(message, part);
    let lines: Vec<&[u8]> = sent.split(|it| *it == b'\n').map(<[u8]>::trim_ascii_end).collect();
    let begins_part = |it: &&[&[u8]]| {
        let head = it.get(1).and_then(|it| it.get(..8));
        head.is_some_and(|it| it.eq_ignore_ascii_case(b"content-"))
    };
    let divider =
        lines.windows(2).filter(begins_part).find_map(|it| it.first()?.strip_prefix(b"--"));
    let Some(divider) = divider.filter(|it| !it.is_empty()) else { return text(message, part) };
    let head: [&[u8]; 3] = [b"Content-Type: multipart/mixed; boundary=\"", divider, b"\"\r\n\r\n"];
    let mail = [head.concat().as_slice(), sent].concat();
    let Some(message) = MessageParser::default().parse(&mail) else { return text(message, part) };
    visit(&message, 0, depth + DEPTH_OF_READING)
}

/// What was signed as a whole (S/MIME).
fn signed(bytes: &[u8], depth: usize) -> Option<Contents> {
    let content = cms::signed_content(bytes)?;
    let message = MessageParser::default().parse(&content)?;
    let contents = visit(&message, 0, depth + DEPTH_OF_READING);
    (!contents.says_nothing() || !contents.files.is_empty()).then_some(contents)
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
    let extension = extension.or_else(|| subtype.and_then(extension_of));
    format!("file.{}", extension.unwrap_or("bin"))
}

/// How the names of files of a media subtype end.
fn extension_of(subtype: &str) -> Option<&'static str> {
    match subtype {
        "plain" => Some("txt"),
        "html" => Some("html"),
        "csv" => Some("csv"),
        "calendar" => Some("ics"),
        "vcard" | "x-vcard" | "directory" => Some("vcf"),
        "xml" => Some("xml"),
        "json" => Some("json"),
        "pdf" => Some("pdf"),
        _ => None,
    }
}

/// The lines of a text part, and the pictures in them.
fn text(message: &Message<'_>, part: &MessagePart<'_>) -> Contents {
    let bytes = bytes(message, part);
    let of_type = |name: &str| parameter(message, part, &HeaderName::ContentType, name);
    let named = of_type("charset");
    let is_html = subtype(part).as_deref() == Some("html");
    let mut files = Vec::new();
    let mut lines = if is_html {
        let named = named.or_else(|| named_in_html(&bytes));
        let (html, pictures) = pictures::taken_out(&decode(&bytes, named.as_deref()));
        files.extend(pictures.into_iter().map(picture));
        html::lines(&clean(&html))
    } else {
        let is = |name: &str, value: &str| {
            of_type(name).is_some_and(|it| it.eq_ignore_ascii_case(value))
        };
        let flow = Flow { is_flowed: is("format", "flowed"), loses_space: is("delsp", "yes") };
        plain(&clean(&decode(&bytes, named.as_deref())), flow)
    };
    lines.extend(plain(&clean(&decode(footer(message, part), None)), Flow::default()));
    Contents { lines, files }
}

fn picture(bytes: Vec<u8>) -> MailFile {
    MailFile { name: invented_name(None, &bytes), bytes: bytes.into(), is_embedded: true }
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
