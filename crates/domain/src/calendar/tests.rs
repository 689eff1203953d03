use super::*;

/// Every exception of 2023-2027, the weekend days that decrees made working included.
#[rustfmt::skip]
pub(crate) const OFFICIAL: &[(i32, &[&str], &[&str])] = &[
    (2023, &["01-02", "01-03", "03-08", "03-21", "03-22", "03-23", "05-01", "05-08", "05-09",
             "06-28", "07-06", "07-07", "08-30", "10-25", "12-18"], &["07-01"]),
    (2024, &["01-01", "01-02", "03-08", "03-21", "03-22", "03-25", "05-01", "05-07", "05-08",
             "05-09", "07-08", "08-30", "10-25", "12-16"], &["05-04"]),
    (2025, &["01-01", "01-02", "01-03", "01-07", "03-10", "03-21", "03-24", "03-25", "05-01",
             "05-07", "05-09", "06-06", "07-07", "09-01", "10-27", "12-16"], &["01-05"]),
    (2026, &["01-01", "01-02", "01-07", "03-09", "03-23", "03-24", "03-25", "05-01", "05-07",
             "05-11", "05-27", "07-06", "10-26", "12-16"], &[]),
    (2027, &["01-01", "01-04", "01-07", "03-08", "03-15", "03-22", "03-23", "03-24", "05-03",
             "05-07", "05-10", "07-06", "10-25", "12-16"], &[]),
];

/// The regulation's hours with the official days off, in a zone.
pub(crate) fn official(zone: &str) -> Calendar {
    let off = |(year, off, _): &(i32, &[&str], &[&str])| {
        off.iter().map(|it| (date(*year, it), DayKind::DayOff)).collect::<Vec<_>>()
    };
    open_hours(zone, "09:00", "18:00").with_days(OFFICIAL.iter().flat_map(off))
}

/// The same with the weekend days that decrees made working.
fn by_decree() -> Calendar {
    let on = |(year, _, on): &(i32, &[&str], &[&str])| {
        on.iter().map(|it| (date(*year, it), DayKind::WorkingDay)).collect::<Vec<_>>()
    };
    official("+06:00").with_days(OFFICIAL.iter().flat_map(on))
}

/// Monday to Friday with these hours, without exceptions.
pub(crate) fn open_hours(zone: &str, opens: &str, closes: &str) -> Calendar {
    Calendar::new(
        zone.parse().expect("a zone"),
        opens.parse().expect("a time"),
        closes.parse().expect("a time"),
        &Weekday::ALL[..5],
        date(2027, "12-31"),
    )
    .expect("a calendar with working time")
}

fn date(year: i32, day: &str) -> NaiveDate {
    format!("{year}-{day}").parse().expect("a date")
}

fn working_days(calendar: &Calendar, year: i32) -> usize {
    let days = date(year, "01-01").iter_days().take_while(|it| it.year() == year);
    days.filter(|it| calendar.is_working_day(*it)).count()
}

/// AU05: from a Friday the second working day is a Tuesday, and over a day off a day later.
#[test]
fn sec_au05_a_working_day_ends_with_its_midnight() {
    let calendar = official("+06:00");
    let end = |from: &str| {
        let from = from.parse().expect("an instant");
        calendar.zone.local(calendar.working_day_ends_at(from, 2)).to_string()
    };
    assert_eq!(end("2026-11-27T12:00:00Z"), "2026-12-02 00:00:00");
    assert_eq!(end("2026-12-15T12:00:00Z"), "2026-12-19 00:00:00");
    assert_eq!(end("2026-11-29T20:00:00Z"), "2026-12-03 00:00:00");
}

/// Section 7: what is not urgent leaves on working days.
#[test]
fn s7_openings_and_working_days_are_found_over_days_off() {
    let calendar = official("+06:00");
    let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
    let saturday = at("2026-11-28T12:00:00+06:00");
    let early = at("2026-11-30T08:00:00+06:00");

    assert_eq!(calendar.last_opening(saturday), Some(at("2026-11-27T09:00:00+06:00")));
    assert_eq!(calendar.last_opening(early), Some(at("2026-11-27T09:00:00+06:00")));
    assert_eq!(calendar.next_opening(saturday), Some(at("2026-11-30T09:00:00+06:00")));
    assert_eq!(calendar.next_opening(early), Some(at("2026-11-30T09:00:00+06:00")));
    assert_eq!(calendar.working_instant(saturday), at("2026-11-30T09:00:00+06:00"));
    assert_eq!(calendar.working_instant(early), early);
    let [day, friday, monday] =
        ["2026-11-29", "2026-11-27", "2026-11-30"].map(|it| it.parse().expect("a day"));
    assert_eq!((calendar.working_day_by(day), calendar.working_day_from(day)), (friday, monday));
    assert_eq!(calendar.working_day_by(monday), monday);
}

/// 2.3: the working days of each year, in both readings of the decrees.
#[test]
fn c2_3_working_days_of_2023_to_2027_are_the_official_ones() {
    let (strict, by_decree) = (official("+06:00"), by_decree());
    let count = |calendar| [2023, 2024, 2025, 2026, 2027].map(|it| working_days(calendar, it));

    assert_eq!(count(&strict), [245, 248, 245, 247, 247]);
    assert_eq!(count(&by_decree), [246, 249, 246, 247, 247]);
}

/// 2.3: a calendar in which no deadline would ever come is refused.
#[test]
fn c2_3_a_calendar_has_working_time() {
    let time = |it: &str| it.parse::<TimeOfDay>().expect("a time");
    let refused = |opens, closes, weekdays: &[Weekday]| {
        let until = date(2027, "12-31");
        match Calendar::new(ALMATY, time(opens), time(closes), weekdays, until) {
            Err(RuleViolation::Invalid(errors)) => {
                errors.into_iter().map(|it| it.pointer).collect()
            }
            Err(other) => panic!("{other:?}"),
            Ok(_) => Vec::new(),
        }
    };

    assert_eq!(refused("18:00", "18:00", &[]), ["/closes", "/weekdays"]);
    assert!(refused("00:00", "24:00", &[Weekday::Sunday]).is_empty());
}

/// The clock in Almaty was put back on 2024-03-01; the offset of the regulation stayed.
#[test]
fn a_calendar_knows_whether_it_follows_local_time() {
    let differs =
        |zone: &str, at: &str| official(zone).differs_from_almaty(at.parse().expect("an instant"));

    assert!(!differs("+06:00", "2024-02-29T17:59:59Z"));
    assert!(differs("+06:00", "2024-02-29T18:00:00Z"));
    assert!(!differs("+05:00", "2024-02-29T18:00:00Z"));
    assert!(!differs("Asia/Almaty", "2024-02-29T18:00:00Z"));
}

#[test]
fn a_calendar_knows_when_it_ends() {
    let calendar = official("+06:00");
    let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");

    assert!(!calendar.is_outdated(at("2027-12-31T17:59:59Z")));
    assert!(calendar.is_outdated(at("2027-12-31T18:00:00Z")));
}
