//! How much one person, token or address may ask for.

use std::num::NonZeroU32;
use std::str::FromStr;

use clap::Args;

/// The limits, which apply to everybody.
#[derive(Debug, Clone, Args)]
pub struct LimitSettings {
    /// Requests of one person at the database at once; never all connections
    #[arg(long, env = "HELPDESK_PERSON_CONCURRENCY", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=200))]
    pub person_concurrency: u32,

    /// Requests of one person, and of each session: sustained per second / burst; or off
    #[arg(long, env = "HELPDESK_RATE_PERSON", default_value = "20/200")]
    pub rate_person: Rate,

    /// Requests with one API token: sustained per second / burst; or off
    #[arg(long, env = "HELPDESK_RATE_TOKEN", default_value = "50/500")]
    pub rate_token: Rate,

    /// Requests from one address without a session: sustained per second / burst; or off
    #[arg(long, env = "HELPDESK_RATE_ADDRESS", default_value = "100/1000")]
    pub rate_address: Rate,

    /// Tickets that one person files a day, refused ones included; or off
    #[arg(long, env = "HELPDESK_QUOTA_TICKETS", default_value = "200")]
    pub quota_tickets: Quota,

    /// Comments that one person writes a day; or off
    #[arg(long, env = "HELPDESK_QUOTA_COMMENTS", default_value = "2000")]
    pub quota_comments: Quota,

    /// Mails accepted from one person a day; or off
    #[arg(long, env = "HELPDESK_QUOTA_MAILS", default_value = "500")]
    pub quota_mails: Quota,

    /// Files that one person sends a day; or off
    #[arg(long, env = "HELPDESK_QUOTA_UPLOADS", default_value = "500")]
    pub quota_uploads: Quota,
}

/// How often something may be requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    Off,
    Limited {
        per_second: NonZeroU32,
        /// How many at once, after a pause.
        burst: NonZeroU32,
    },
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let limited = || {
            let (per_second, burst) = text.split_once('/')?;
            Some(Self::Limited { per_second: number(per_second)?, burst: number(burst)? })
        };
        match text {
            "off" => Ok(Self::Off),
            _ => limited().ok_or_else(|| "two numbers from 1 to 1000000, 20/200, or off".into()),
        }
    }
}

/// How much of something is permitted per day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quota {
    Off,
    PerDay(NonZeroU32),
}

impl FromStr for Quota {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "off" => Ok(Self::Off),
            _ => number(text)
                .map(Self::PerDay)
                .ok_or_else(|| "a number from 1 to 1000000, or off".into()),
        }
    }
}

impl Quota {
    /// Whether this much exhausts it.
    pub const fn is_spent_by(self, count: u32) -> bool {
        match self {
            Self::Off => false,
            Self::PerDay(limit) => count >= limit.get(),
        }
    }
}

const MAX: u32 = 1_000_000;

fn number(text: &str) -> Option<NonZeroU32> {
    text.parse().ok().filter(|it: &NonZeroU32| it.get() <= MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RS03: a limit is a number, or off; anything else stops the start.
    #[test]
    fn sec_rs03_limits_are_numbers_or_off() {
        let one = NonZeroU32::MIN;

        assert_eq!("off".parse(), Ok(Rate::Off));
        assert_eq!("1/1".parse(), Ok(Rate::Limited { per_second: one, burst: one }));
        assert_eq!(("off".parse(), "1".parse()), (Ok(Quota::Off), Ok(Quota::PerDay(one))));
        for text in ["", "0/1", "1/0", "1", "1/1/1", "-1/1", "1.5/2", "1/1000001", "no"] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
        for text in ["", "0", "-1", "1/1", "1000001", "no"] {
            assert!(text.parse::<Quota>().is_err(), "{text}");
        }
    }
}
