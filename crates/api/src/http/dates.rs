//! Dates and instants as accepted in requests (RFC 3339): of the years 1 to 9998, so that whatever is computed
//! from them, in any zone, has a year of four digits.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

const YEARS: RangeInclusive<i32> = 1..=9998;

pub fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse().is_ok_and(|it: NaiveDate| YEARS.contains(&it.year()))
}

pub fn is_instant(text: &str) -> bool {
    let has_t = matches!(text.as_bytes().get(10), Some(b'T' | b't'));
    let at = DateTime::parse_from_rfc3339(text).ok().filter(|_| has_t);
    at.is_some_and(|it| YEARS.contains(&it.with_timezone(&Utc).year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_years_of_four_digits() {
        for text in ["0001-01-01", "2024-02-29", "9998-12-31"] {
            assert!(is_date(text) && is_instant(&format!("{text}T23:59:59.999Z")), "{text}");
        }
        for text in ["0000-12-31", "9999-01-01", "+10000-01-01", "-0001-01-01", "2023-02-29", "x"] {
            assert!(!is_date(text) && !is_instant(&format!("{text}T00:00:00Z")), "{text}");
        }
        for text in
            ["9998-12-31T23:59:59-00:01", "0001-01-01T00:00:00+00:01", "2026-01-01 00:00:00Z"]
        {
            assert!(!is_instant(text), "{text}");
        }
    }
}
