//! What admins configure about time: targets, warnings, head starts, reminders (2.4).

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Array, ArrayBuilder, ObjectBuilder, Type};

use crate::calendar::Calendar;
use crate::priority::{Complexity, Priority};
use crate::violation::{FieldCode, FieldError, RuleViolation};

/// The rules of time in force: everything that a deadline is computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// When support works (2.3).
    pub calendar: Calendar,
    /// How long things may take (2.4).
    pub sla: Sla,
    /// What solved tickets have to state, and who gets reports.
    pub reports: ReportSettings,
    /// The version of the settings that they come from: later versions are greater.
    pub version: i32,
}

/// What tickets have to state so that reports can show it, and who gets reports by mail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportSettings {
    /// Whether support has to name a topic when it resolves or closes a ticket that has none. Each direction
    /// then needs topics of its own.
    pub needs_topic: bool,
    /// Whether support has to name a root cause when it resolves or closes a ticket that has none.
    pub needs_root_cause: bool,
    /// Whether each company gets its own report by mail on the first working day of each month.
    pub mails_companies: bool,
}

/// The deadlines, in working minutes unless stated otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sla {
    /// For accepting a new ticket (2.4.1).
    #[schema(minimum = 1, maximum = 100_000, example = 60)]
    pub acceptance_minutes: i32,
    /// For answering an accepted ticket (2.4.2).
    pub response_minutes: ResponseMinutes,
    /// After an answer that leaves the ticket in progress, the next one is due within this time.
    pub next_update_minutes: NextUpdateMinutes,
    /// How long before the acceptance deadline support is warned.
    #[schema(minimum = 0, maximum = 100_000, example = 15)]
    pub acceptance_warning_minutes: i32,
    /// How long before the response deadline support is warned.
    #[schema(minimum = 0, maximum = 100_000, example = 30)]
    pub response_warning_minutes: i32,
    /// How far each priority is moved ahead of its deadline in the queue.
    pub head_start_minutes: HeadStarts,
    /// How many days before an inactive ticket is closed the customer is reminded.
    #[schema(schema_with = reminder_days)]
    pub reminder_days: Vec<i16>,
    /// After how many working days a waiting ticket is due for review.
    #[schema(minimum = 1, maximum = 250, example = 5)]
    pub review_after_working_days: i16,
}

/// How soon an answer is due, by the complexity that an engineer assigns (2.4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResponseMinutes {
    /// For a simple question.
    #[schema(minimum = 1, maximum = 100_000, example = 120)]
    pub simple: i32,
    /// For a normal question.
    #[schema(minimum = 1, maximum = 100_000, example = 240)]
    pub normal: i32,
    /// For a complex question.
    #[schema(minimum = 1, maximum = 100_000, example = 540)]
    pub complex: i32,
    /// For any question of critical priority.
    #[schema(minimum = 1, maximum = 100_000, example = 120)]
    pub critical: i32,
}

/// How soon the next answer is due after one that leaves the ticket in progress, by priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NextUpdateMinutes {
    /// For critical tickets; null: no further answer is due.
    #[schema(required = true, minimum = 1, maximum = 100_000, example = 540)]
    pub critical: Option<i32>,
    /// For tickets of high priority; null: no further answer is due.
    #[schema(required = true, minimum = 1, maximum = 100_000, example = 540)]
    pub high: Option<i32>,
    /// For tickets of medium priority; null: no further answer is due.
    #[schema(required = true, minimum = 1, maximum = 100_000, example = 540)]
    pub medium: Option<i32>,
    /// For tickets of low priority; null: no further answer is due.
    #[schema(required = true, minimum = 1, maximum = 100_000, example = 540)]
    pub low: Option<i32>,
}

impl NextUpdateMinutes {
    /// The same for every priority.
    pub const fn all(minutes: Option<i32>) -> Self {
        Self { critical: minutes, high: minutes, medium: minutes, low: minutes }
    }
}

/// How far each priority is moved ahead of its deadline in the queue, in working minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HeadStarts {
    /// For critical tickets.
    #[schema(minimum = 0, maximum = 100_000, example = 1080)]
    pub critical: i32,
    /// For tickets of high priority.
    #[schema(minimum = 0, maximum = 100_000, example = 240)]
    pub high: i32,
    /// For tickets of medium priority.
    #[schema(minimum = 0, maximum = 100_000, example = 60)]
    pub medium: i32,
    /// For tickets of low priority.
    #[schema(minimum = 0, maximum = 100_000, example = 0)]
    pub low: i32,
}

/// The first and last day on which a reminder can come before two months are over.
const REMINDER_DAYS: std::ops::RangeInclusive<i16> = 1..=58;

/// The maximum number of reminders.
const MAX_REMINDERS: usize = 5;

/// The days of reminders in the document: each has its bounds.
fn reminder_days() -> Array {
    let day = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(*REMINDER_DAYS.start()))
        .maximum(Some(*REMINDER_DAYS.end()));
    ArrayBuilder::new()
        .description(Some(
            "How many days before an inactive ticket is closed the customer is reminded; one reminder for each value.",
        ))
        .items(day)
        .max_items(Some(MAX_REMINDERS))
        .unique_items(true)
        .build()
}

impl Default for Sla {
    /// The regulation's times, and for what it leaves open, what product and support agreed on.
    fn default() -> Self {
        Self {
            acceptance_minutes: 60,
            response_minutes: ResponseMinutes {
                simple: 120,
                normal: 240,
                complex: 540,
                critical: 120,
            },
            next_update_minutes: NextUpdateMinutes::all(Some(540)),
            acceptance_warning_minutes: 15,
            response_warning_minutes: 30,
            head_start_minutes: HeadStarts { critical: 1080, high: 240, medium: 60, low: 0 },
            reminder_days: vec![14, 3],
            review_after_working_days: 5,
        }
    }
}

impl Sla {
    /// Checks that the reminders lie within the two months, each listed once.
    /// Errors: [`RuleViolation::Invalid`] naming each one that is not.
    pub fn check(&self) -> Result<(), RuleViolation> {
        let mut seen = HashSet::new();
        let wrong = |it: &i16, is_new: bool| match it {
            it if it < REMINDER_DAYS.start() => {
                Some(FieldCode::TooSmall(i64::from(*REMINDER_DAYS.start())))
            }
            it if it > REMINDER_DAYS.end() => {
                Some(FieldCode::TooLarge(i64::from(*REMINDER_DAYS.end())))
            }
            _ if !is_new => Some(FieldCode::Repeated),
            _ => None,
        };
        let days = self.reminder_days.iter().enumerate();
        let errors: Vec<FieldError> = days
            .filter_map(|(index, it)| {
                let code = wrong(it, seen.insert(*it))?;
                Some(FieldError::new(format!("/reminder_days/{index}"), code))
            })
            .collect();
        if errors.is_empty() { Ok(()) } else { Err(RuleViolation::Invalid(errors)) }
    }

    /// How soon the next answer is due after one that leaves the ticket in progress; none: it is not.
    pub fn next_update(&self, priority: Priority) -> Option<i64> {
        let minutes = self.next_update_minutes;
        let of_priority = match priority {
            Priority::Critical => minutes.critical,
            Priority::High => minutes.high,
            Priority::Medium => minutes.medium,
            Priority::Low => minutes.low,
        };
        of_priority.map(i64::from)
    }

    /// How soon an answer is due (2.4.2).
    pub fn response(&self, grade: Grade) -> i64 {
        let minutes = self.response_minutes;
        i64::from(match (grade.priority, grade.complexity) {
            (Priority::Critical, _) => minutes.critical,
            (_, Complexity::Simple) => minutes.simple,
            (_, Complexity::Normal) => minutes.normal,
            (_, Complexity::Complex) => minutes.complex,
        })
    }
}

/// What the response deadline of a ticket depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grade {
    /// The priority, as given or as derived from impact and urgency.
    pub priority: Priority,
    /// How complex the answer is.
    pub complexity: Complexity,
}

#[cfg(test)]
mod tests;
