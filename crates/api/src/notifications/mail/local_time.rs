//! The zone in which people are told times.

use chrono::{DateTime, Utc};
use domain::zone::Zone;

/// A time as people read it in the calendar's zone, with the offset: `24.11.2026 15:04 (+06:00)`.
pub fn render(at: DateTime<Utc>, zone: Zone) -> String {
    at.with_timezone(&zone.offset(at)).format("%d.%m.%Y %H:%M (%:z)").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_with_its_offset() {
        let at = "2026-11-24T20:04:59Z".parse().expect("a time");

        let zone = |it: &str| it.parse().expect("a zone");

        assert_eq!(render(at, zone("+06:00")), "25.11.2026 02:04 (+06:00)");
        assert_eq!(render(at, zone("Asia/Almaty")), "25.11.2026 01:04 (+05:00)");
    }
}
