//! Dates and times as people read them, in the calendar's zone.

use chrono::{DateTime, NaiveDate, Utc};
use domain::zone::Zone;

/// A time as people read it in the calendar's zone, with the offset: `24.11.2026 15:04 (+06:00)`.
pub fn render(at: DateTime<Utc>, zone: Zone) -> String {
    at.with_timezone(&zone.offset(at)).format("%d.%m.%Y %H:%M (%:z)").to_string()
}

/// A date as people read it.
pub fn date(on: NaiveDate) -> String {
    on.format("%d.%m.%Y").to_string()
}

/// A zone as people call it: `GMT+6` for a fixed offset, otherwise the name of the place.
pub fn zone_name(zone: Zone) -> String {
    let name = zone.to_string();
    match name.strip_suffix(":00") {
        Some(hours) => format!("GMT{}", hours.replace("+0", "+").replace("-0", "-")),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_shown_with_its_offset() {
        let at = "2026-11-24T20:04:59Z".parse().expect("a time");

        let zone = |it: &str| it.parse().expect("a zone");

        assert_eq!(render(at, zone("+06:00")), "25.11.2026 02:04 (+06:00)");
        assert_eq!(render(at, zone("Asia/Almaty")), "25.11.2026 01:04 (+05:00)");
        assert_eq!(zone_name(zone("+06:00")), "GMT+6");
        assert_eq!(zone_name(zone("-10:00")), "GMT-10");
        assert_eq!(zone_name(zone("+05:30")), "+05:30");
        assert_eq!(zone_name(zone("Asia/Almaty")), "Asia/Almaty");
    }
}
