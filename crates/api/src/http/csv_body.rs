//! A table as a body: CSV as spreadsheets write it, also Russian ones.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1251};
use unicode_normalization::UnicodeNormalization as _;

use crate::http::body;
use crate::http::csv::TEXT_CSV;
use crate::http::operation::AcceptedMedia;
use crate::problem::{Code, Problem};

/// Any file; generated clients send this, since not all of them can send CSV.
const BYTES: &str = "application/octet-stream";

/// The possible delimiters; the one that is most frequent in the first line is used.
const DELIMITERS: [u8; 3] = *b";,\t";

/// A table with a header. Cells are trimmed; rows of empty cells are left out.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct CsvBody {
    pub header: Vec<String>,
    /// Each with the line of the file at which it begins; the header is on line 1.
    pub rows: Vec<(u64, Vec<String>)>,
}

impl FromRequest for CsvBody {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let header = req.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
        let charset = charset(header.unwrap_or_default());
        if charset.is_err() {
            // The document names only one of them, since not all client generators support two.
            req.extensions_mut().insert(AcceptedMedia([BYTES, TEXT_CSV].join(", ")));
        }
        let bytes = body::bytes(req, payload);
        Box::pin(async move { Self::parse(&text(&bytes.await?, charset?)?) })
    }
}

/// The character set that the media type names.
/// Errors: `unsupported_media_type` for another media type, or an unknown character set.
fn charset(media_type: &str) -> Result<Option<&'static Encoding>, Problem> {
    let unsupported = || Problem::new(Code::UnsupportedMediaType);
    let mut parts = media_type.split(';').map(str::trim);
    let media = parts.next().unwrap_or_default();
    if ![TEXT_CSV, BYTES].iter().any(|it| media.eq_ignore_ascii_case(it)) {
        return Err(unsupported());
    }
    let mut names = parts.filter_map(|it| it.split_once('='));
    let named = names.rfind(|(name, _)| name.eq_ignore_ascii_case("charset"));
    let label = named.map(|(_, label)| label.trim_matches('"'));
    label.map(|it| Encoding::for_label(it.as_bytes()).ok_or_else(unsupported)).transpose()
}

/// The decoded text: by its byte order mark, else by the character set that was named, else as UTF-8 if it is valid,
/// and otherwise in the character set in which a Russian spreadsheet saves CSV.
/// Errors: `malformed_table` for bytes that are not text.
fn text(bytes: &[u8], charset: Option<&'static Encoding>) -> Result<String, Problem> {
    let guessed = if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1251 };
    let (text, _, is_spoiled) = charset.unwrap_or(guessed).decode(bytes);
    if is_spoiled || text.contains('\0') {
        return Err(Problem::new(Code::MalformedTable));
    }
    Ok(text.nfc().collect())
}

impl CsvBody {
    /// Errors: `malformed_table` where there is no header.
    fn parse(text: &str) -> Result<Self, Problem> {
        let malformed = |_| Problem::new(Code::MalformedTable);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter(text))
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut table = Self::default();
        let mut place = Place { text, at: 0, line: 1 };
        for record in reader.records() {
            let record = record.map_err(malformed)?;
            let line = place.line_at(record.position().map_or(0, csv::Position::byte));
            let cells: Vec<String> = record.iter().map(str::to_owned).collect();
            if cells.iter().all(String::is_empty) {
                continue;
            }
            match table.header.is_empty() {
                true => table.header = cells,
                false => table.rows.push((line, cells)),
            }
        }
        match table.header.is_empty() {
            true => Err(Problem::new(Code::MalformedTable)),
            false => Ok(table),
        }
    }
}

/// A place in a text, and the line that it is on.
struct Place<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Place<'_> {
    /// The line of a record, whose start the reader reports as the end of the previous record.
    fn line_at(&mut self, byte: u64) -> u64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        let rest = self.text.get(byte..).unwrap_or_default();
        let begin = self.text.len() - rest.trim_start_matches(['\r', '\n']).len();
        let passed = self.text.get(self.at..begin).unwrap_or_default();
        self.line += passed.bytes().filter(|it| *it == b'\n').count() as u64;
        self.at = begin;
        self.line
    }
}

fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|it| !it.trim().is_empty()).unwrap_or_default();
    let count = |it: &u8| first.bytes().filter(|byte| byte == it).count();
    // Among equals the last one wins, so the usual one has to come last.
    DELIMITERS.into_iter().rev().max_by_key(count).unwrap_or(b';')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::long_texts::{PIECES, are_read};

    fn read(bytes: &[u8], media_type: &str) -> Result<CsvBody, Problem> {
        CsvBody::parse(&text(bytes, charset(media_type)?)?)
    }

    /// Section 8 of the contract: whatever a spreadsheet saves is one table.
    #[test]
    fn a_table_is_read_as_spreadsheets_write_it() -> Result<(), Problem> {
        let written =
            "Имя;Фамилия\r\nАйгуль;\"Омарова; младшая\"\r\n;\r\n\"Две\r\nстроки\";x\r\nкраткая\r\n";
        let commas = "Имя,Фамилия\nАйгуль,Омарова; младшая\n\n\"Две\r\nстроки\",x\nкраткая";
        let tabs = written.replace(';', "\t").replace("Омарова\t", "Омарова;");
        let utf_16: Vec<u8> =
            [0xfeff].into_iter().chain(tabs.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let expected = |lines: [u64; 3]| CsvBody {
            header: vec!["Имя".to_owned(), "Фамилия".to_owned()],
            rows: vec![
                (lines[0], vec!["Айгуль".to_owned(), "Омарова; младшая".to_owned()]),
                (lines[1], vec!["Две\r\nстроки".to_owned(), "x".to_owned()]),
                (lines[2], vec!["краткая".to_owned()]),
            ],
        };
        let (old, ..) = WINDOWS_1251.encode(written);

        assert_eq!(read(written.as_bytes(), "text/csv")?, expected([2, 4, 6]));
        assert_eq!(read(format!("\u{feff}{written}").as_bytes(), "text/csv")?, expected([2, 4, 6]));
        assert_eq!(read(&old, "application/octet-stream")?, expected([2, 4, 6]));
        assert_eq!(read(&old, "Text/CSV; charset=\"windows-1251\"")?, expected([2, 4, 6]));
        assert_eq!(read(&utf_16, "text/csv")?, expected([2, 4, 6]));
        assert_eq!(read(commas.as_bytes(), "text/csv;charset=utf-8")?, expected([2, 4, 6]));
        Ok(())
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for (bytes, media_type, code) in [
            (&b""[..], "text/csv", Code::MalformedTable),
            (b"\n;;\n", "text/csv", Code::MalformedTable),
            (b"PK\x03\x04\x14\x00\x06", "text/csv", Code::MalformedTable),
            (b"\xc8\xec\xff;x", "text/csv; charset=utf-8", Code::MalformedTable),
            (b"a;b", "text/csv; charset=x", Code::UnsupportedMediaType),
            (b"a;b", "application/json", Code::UnsupportedMediaType),
            (b"a;b", "", Code::UnsupportedMediaType),
        ] {
            assert_eq!(read(bytes, media_type).err().map(|it| it.code), Some(code), "{bytes:?}");
        }
    }

    /// IN09: whatever is sent, it is read in linear time.
    #[test]
    fn sec_in09_a_long_table_is_read_in_linear_time() {
        for beginning in ["", "\"", "a;b\n", "a;b\n\"", "\n"] {
            are_read(beginning, &PIECES, |text| drop(CsvBody::parse(text)));
        }
    }
}
