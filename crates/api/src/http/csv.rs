//! Tables as CSV that a spreadsheet of a Russian locale opens by a double click: UTF-8 with a byte order mark,
//! `;` between cells, decimal commas, and no text that could be taken for a formula.
//!
//! ```text
//! let mut table = CsvWriter::default();
//! table.row([Cell::from("Тема"), Cell::from("Минут")])?;
//! table.row([Cell::from(subject), Cell::from(ticket.minutes)])?;
//! let bytes = table.take()?; // again and again, for a long table
//! ```

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime};

use crate::problem::Problem;

/// The media type of such a table.
pub const TEXT_CSV: &str = "text/csv";

/// The media type with its character set, for `Content-Type`.
pub const CSV_UTF_8: &str = "text/csv; charset=utf-8";

/// Tells a spreadsheet that the text is UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The content of a cell. Numbers, dates and times are as the spreadsheet reads them; only a text can
/// pose as something else.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    Empty,
    Text(Cow<'a, str>),
    Integer(i64),
    /// A number with this many digits after the comma.
    Decimal(f64, usize),
    Date(NaiveDate),
    /// A time in the calendar's zone, to the minute.
    Time(NaiveDateTime),
}

/// Writes a table row by row; the output is taken chunk by chunk, so that a table of any length needs the
/// memory of one chunk.
pub struct CsvWriter(csv::Writer<Vec<u8>>);

impl Default for CsvWriter {
    fn default() -> Self {
        Self(writer_after(BYTE_ORDER_MARK))
    }
}

impl CsvWriter {
    /// Errors: `unexpected` for a row of another length than the first.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = Cell<'a>>) -> Result<(), Problem> {
        let texts = cells.into_iter().map(|it| it.text().into_owned());
        self.0.write_record(texts).map_err(|it| Problem::unexpected(it.to_string()))
    }

    /// The bytes that were written since the last time.
    /// Errors: `unexpected`; writing to memory does not fail.
    pub fn take(&mut self) -> Result<Vec<u8>, Problem> {
        self.0.flush().map_err(|it| Problem::unexpected(it.to_string()))?;
        let written = std::mem::replace(&mut self.0, writer_after(&[]));
        written.into_inner().map_err(|it| Problem::unexpected(it.to_string()))
    }
}

fn writer_after(begin: &[u8]) -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(begin.to_vec())
}

impl Cell<'_> {
    fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => harmless(text),
            Self::Integer(number) => number.to_string().into(),
            Self::Decimal(number, digits) => format!("{number:.digits$}").replace('.', ",").into(),
            Self::Date(day) => day.format("%Y-%m-%d").to_string().into(),
            Self::Time(at) => at.format("%Y-%m-%d %H:%M").to_string().into(),
        }
    }
}

/// What begins a formula, also in the wide forms of East Asian keyboards, or is left out before one.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// IN12: a text that a spreadsheet would run as a formula gets an apostrophe in front of it.
fn harmless(text: &str) -> Cow<'_, str> {
    if text.starts_with(FORMULA) { format!("'{text}").into() } else { text.into() }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<i64> for Cell<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<NaiveDate> for Cell<'_> {
    fn from(day: NaiveDate) -> Self {
        Self::Date(day)
    }
}

impl<'a, T: Into<Cell<'a>>> From<Option<T>> for Cell<'a> {
    fn from(cell: Option<T>) -> Self {
        cell.map_or(Self::Empty, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(pieces: &[Vec<Cell<'_>>]) -> Result<String, Problem> {
        let mut table = CsvWriter::default();
        let mut all = Vec::new();
        for row in pieces {
            table.row(row.iter().cloned())?;
            all.extend(table.take()?);
        }
        String::from_utf8(all).map_err(|it| Problem::unexpected(it.to_string()))
    }

    /// IN12: a text that begins like a formula does not become one; numbers stay numbers.
    #[test]
    fn sec_in12_no_text_is_a_formula() {
        for text in ["=1+1", "+7 777", "-2", "@SUM(A1)", "\tx", "\r=1", "\n=1", "＝1"] {
            assert_eq!(Cell::from(text).text(), format!("'{text}"));
        }
        assert_eq!(Cell::from(-2).text(), "-2");
        assert_eq!(Cell::from("a=b").text(), "a=b");
    }

    /// The byte order mark is only at the beginning, however often output is taken.
    #[test]
    fn a_table_is_what_a_russian_spreadsheet_reads() -> Result<(), Problem> {
        let at = chrono::DateTime::from_timestamp(1_793_610_359, 0).unwrap_or_default();
        let rows = [
            vec![Cell::from("Тема"), Cell::from("Доля"), Cell::from("Когда"), Cell::Empty],
            vec![
                Cell::from("точка; запятая, \"кавычки\"\nи строка"),
                Cell::Decimal(-0.5, 2),
                Cell::Time(at.naive_utc()),
                Cell::from(Some(at.date_naive())),
            ],
        ];

        assert_eq!(
            written(&rows)?,
            "\u{feff}Тема;Доля;Когда;\r\n\
             \"точка; запятая, \"\"кавычки\"\"\nи строка\";-0,50;2026-11-02 09:05;2026-11-02\r\n"
        );
        Ok(())
    }
}
