use super::*;

/// The clock in Almaty was put back on 2024-03-01: the hour before that day came twice.
#[test]
fn almatys_clock_is_known_on_both_sides_of_its_change() {
    let at = |text: &str| -> DateTime<Utc> { text.parse().expect("an instant") };
    let local = |text: &str| ALMATY.local(at(text)).to_string();

    assert_eq!(local("2024-02-29T17:30:00Z"), "2024-02-29 23:30:00");
    assert_eq!(local("2024-02-29T18:30:00Z"), "2024-02-29 23:30:00");
    let twice = ALMATY.local(at("2024-02-29T18:30:00Z"));
    assert_eq!(ALMATY.instant(twice), at("2024-02-29T17:30:00Z"));
}

#[test]
fn zones_and_times_are_read_as_they_are_written() {
    for zone in ["+06:00", "-03:30", "+14:00", "Asia/Almaty", "UTC"] {
        assert_eq!(zone.parse::<Zone>().map(|it| it.to_string()).as_deref(), Ok(zone));
    }
    for zone in ["", "+6", "+06:60", "+14:01", "+24:00", "Asia/Nowhere", "06:00", "+0६:00"] {
        assert!(zone.parse::<Zone>().is_err(), "{zone}");
    }
    for time in ["00:00", "09:05", "24:00"] {
        assert_eq!(time.parse::<TimeOfDay>().map(|it| it.to_string()).as_deref(), Ok(time));
    }
    for time in ["", "9:00", "24:01", "09:60", "09:00:00", "+9:00", "०9:00"] {
        assert!(time.parse::<TimeOfDay>().is_err(), "{time}");
    }
}
