//! The zone in which people are told times.

use chrono::{DateTime, FixedOffset, Utc};

/// The regulation's GMT+6, seconds east of Greenwich.
const OFFSET: i32 = 6 * 3600;

/// A time as people read it, with its offset: `24.11.2026 15:04 (+06:00)`.
pub fn told(at: DateTime<Utc>) -> String {
    let zone = FixedOffset::east_opt(OFFSET).expect("six hours are an offset");
    at.with_timezone(&zone).format("%d.%m.%Y %H:%M (%:z)").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_with_its_offset() {
        let at = "2026-11-24T20:04:59Z".parse().expect("a time");

        assert_eq!(told(at), "25.11.2026 02:04 (+06:00)");
    }
}
