//! Numbers of reports: percentiles as PostgreSQL computes them, by nearest rank, so that the median of
//! four is the second; shares and days with as many digits as people read.

/// The working minutes in the middle of a column.
pub fn median(column: &str, condition: &str) -> String {
    format!(
        "percentile_disc(0.5) within group (order by {column}) filter (where {condition})::bigint"
    )
}

/// The same, and those that nine in ten do not exceed, as an array: sorted once for both.
pub fn median_and_p90(column: &str) -> String {
    format!("percentile_disc(array[0.5, 0.9]) within group (order by {column})::bigint[]")
}

/// A part of a whole, to four digits; none of nothing.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn share(part: i64, whole: i64) -> Option<f64> {
    (whole != 0).then(|| (part as f64 / whole as f64 * 10_000.0).round() / 10_000.0)
}

/// Working minutes in working days, to two digits.
#[expect(clippy::cast_precision_loss, reason = "a span has few minutes")]
pub fn days(minutes: i64, minutes_of_day: i64) -> f64 {
    round(minutes as f64 / minutes_of_day.max(1) as f64)
}

/// To two digits.
pub fn round(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_has_four_digits() {
        assert_eq!(share(2, 3), Some(0.6667));
        assert_eq!(share(0, 3), Some(0.0));
        assert_eq!(share(0, 0), None);
    }
}
