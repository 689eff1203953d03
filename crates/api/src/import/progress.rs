//! Progress of long work, reported every few seconds.

use std::time::{Duration, Instant};

const PAUSE: Duration = Duration::from_secs(3);
const WIDTH: i64 = 20;

/// A count towards a total.
pub struct Progress {
    what: &'static str,
    total: i64,
    done: i64,
    began: Instant,
    reported: Instant,
}

impl Progress {
    pub fn new(what: &'static str, total: i64) -> Self {
        let now = Instant::now();
        Self { what, total: total.max(1), done: 0, began: now, reported: now }
    }

    pub fn step(&mut self, by: i64) {
        self.done += by;
        if self.reported.elapsed() >= PAUSE {
            self.reported = Instant::now();
            log::info!("{}", self.line());
        }
    }

    /// A bar, the share, the rate, and the estimated time left.
    fn line(&self) -> String {
        let millis = i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX).max(1);
        let rate = self.done.saturating_mul(1000) / millis;
        let left = (self.total - self.done).max(0) / rate.max(1);
        let full = (self.done * WIDTH / self.total).clamp(0, WIDTH);
        let bar: String = (0..WIDTH).map(|it| if it < full { '#' } else { '.' }).collect();
        format!(
            "[{bar}] {} of {} {}, {rate} a second, {} left",
            self.done,
            self.total,
            self.what,
            span(left)
        )
    }
}

/// A span of time in words.
pub fn span(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{seconds} s"),
        60..7200 => format!("{} min", (seconds + 30) / 60),
        _ => format!("{} h", (seconds + 1800) / 3600),
    }
}
