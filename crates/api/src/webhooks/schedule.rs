//! When a message that was not accepted is sent again.

use chrono::{DateTime, TimeDelta, Utc};

/// The pauses before the second and each further attempt, seconds.
const PAUSES: &[i64] = &[5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// How far a pause may differ from the schedule, so that messages that failed together are not
/// retried together: a tenth.
const JITTER: f64 = 0.1;

/// The longest pause that a receiver may ask for.
const MAX_REQUESTED_PAUSE: TimeDelta = TimeDelta::hours(24);

/// After this long with nothing but failures an endpoint is disabled.
pub const MAX_FAILING_TIME: TimeDelta = TimeDelta::days(5);

/// The pause after this many failed attempts; none after the last one. `chance` is between 0
/// and 1. A receiver may ask for a longer pause, not for a shorter one.
pub fn pause(attempts: i32, requested: Option<TimeDelta>, chance: f64) -> Option<TimeDelta> {
    let place = usize::try_from(attempts - 1).ok()?;
    let seconds = *PAUSES.get(place)?;
    let factor = 1.0 + JITTER * (2.0 * chance - 1.0);
    let pause = TimeDelta::milliseconds((seconds as f64 * 1000.0 * factor) as i64);
    Some(pause.max(requested.unwrap_or_default().min(MAX_REQUESTED_PAUSE)))
}

/// What `Retry-After` asks for: seconds, or a date.
pub fn retry_after(header: &str, now: DateTime<Utc>) -> Option<TimeDelta> {
    let seconds = header.trim().parse::<u32>().ok().map(|it| TimeDelta::seconds(it.into()));
    let until = || DateTime::parse_from_rfc2822(header.trim()).ok();
    seconds
        .or_else(|| Some(until()?.with_timezone(&Utc) - now))
        .filter(|it| *it > TimeDelta::zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten attempts: at once, after 5 s, 5 min, … and a day.
    #[test]
    fn there_are_ten_attempts_over_three_days() {
        let pauses: Vec<i64> =
            (1..).map_while(|it| pause(it, None, 0.5)).map(|it| it.num_seconds()).collect();

        assert_eq!(pauses.len() + 1, 10);
        assert_eq!((pauses[0], pauses[8]), (5, 86_400));
        assert_eq!(pause(1, None, 0.0), Some(TimeDelta::milliseconds(4_500)));
        assert_eq!(pause(1, None, 1.0), Some(TimeDelta::milliseconds(5_500)));
        assert_eq!(pause(0, None, 0.5), None);
    }

    /// A receiver may ask for a longer pause, up to a day.
    #[test]
    fn retry_after_is_honoured_within_bounds() {
        let now = DateTime::from_timestamp(1_795_500_000, 0).expect("a time");
        let requested = |header: &str| retry_after(header, now);
        let minute = Some(TimeDelta::minutes(1));

        assert_eq!(requested("60"), minute);
        assert_eq!(requested(&(now + TimeDelta::minutes(1)).to_rfc2822()), minute);
        for nothing in ["", "0", "-5", "soon", "Tue, 24 Nov 2020 09:00:00 GMT"] {
            assert_eq!(requested(nothing), None, "{nothing}");
        }
        assert_eq!(pause(1, minute, 0.5), minute);
        assert_eq!(pause(2, minute, 0.5), Some(TimeDelta::minutes(5)));
        assert_eq!(pause(1, Some(TimeDelta::days(9)), 0.5), Some(MAX_REQUESTED_PAUSE));
    }
}
