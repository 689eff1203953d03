//! Every way in which the rules refuse something.

mod detail;
mod format;

use std::fmt;

use chrono::NaiveDate;

use crate::reasons::RefusalReason;
use crate::status::Status;
use crate::timestamp::Timestamp;

pub use format::{Format, JsonType};

/// Why a rule refuses, with what the caller needs in order to act on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleViolation {
    /// 2.5: there is no such transition from this status for this person.
    NoSuchTransition {
        /// The current status of the ticket.
        current: Status,
        /// The statuses that this person may move it to.
        allowed: Vec<Status>,
    },
    /// Fields are missing or wrong, all of them at once.
    Invalid(Vec<FieldError>),
    /// 2.5: a ticket is closed only after the customer confirmed the solution.
    ConfirmationMissing,
    /// 2.5: a finished ticket takes no comments of customers and no edits.
    TicketClosed,
    /// The ticket goes on in another one, into which it was merged.
    Merged,
    /// A ticket is merged into an open one; this one is finished, or was merged into another one itself.
    TargetFinished { merged_into: Option<i64> },
    /// No clock runs that a customer's comment started.
    NoAnswerDue,
    /// A parent with open children cannot be closed.
    OpenChildren(Vec<i64>),
    /// 2.5: only a resolved ticket can be confirmed.
    NotResolved,
    /// 3.4: support may refuse to register this request.
    Registration(RefusalReason),
}

impl RuleViolation {
    pub fn field(pointer: &str, code: FieldCode) -> Self {
        Self::Invalid(vec![FieldError::new(pointer, code)])
    }
}

/// The field errors of two sources in one list; if two concern one field, the first.
pub fn merged(mut errors: Vec<FieldError>, others: Vec<FieldError>) -> Vec<FieldError> {
    for error in others {
        if errors.iter().all(|it| it.pointer != error.pointer) {
            errors.push(error);
        }
    }
    errors
}

/// Ok if there are no errors.
/// Errors: [`RuleViolation::Invalid`] with all of them.
pub fn check_none(errors: Vec<FieldError>) -> Result<(), RuleViolation> {
    if errors.is_empty() { Ok(()) } else { Err(RuleViolation::Invalid(errors)) }
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field as a JSON pointer (RFC 6901).
    pub pointer: String,
    pub code: FieldCode,
    /// The clause behind it, where there is one.
    pub clause: Option<&'static str>,
}

impl FieldError {
    /// An error without a clause.
    pub fn new(pointer: impl Into<String>, code: FieldCode) -> Self {
        Self { pointer: pointer.into(), code, clause: None }
    }

    /// The same error, with the clause it comes from.
    pub fn by_clause(self, clause: &'static str) -> Self {
        Self { clause: Some(clause), ..self }
    }
}

/// The ways a field can be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldCode {
    /// The field is not there.
    Required,
    /// The field has no visible character.
    Blank,
    /// More characters than this.
    TooLong(u64),
    /// Fewer characters than this.
    TooShort(u64),
    /// More elements than this.
    TooMany(u64),
    /// Fewer elements than this.
    TooFew(u64),
    TooSmall(i64),
    TooLarge(i64),
    /// None of the JSON types that the field has.
    WrongType(Vec<JsonType>),
    WrongFormat(Format),
    /// Not one of these words.
    NotOneOf(Vec<String>),
    /// A member that the operation does not know.
    UnknownField,
    /// A member that the resource shows, but that a change may not have.
    ReadOnlyField,
    /// The same element twice.
    Repeated,
    /// A character that texts may not contain, above all U+0000.
    ForbiddenCharacter,
    /// No such thing, or not one that the caller may know of.
    NotFound,
    /// Two fields of which only one may be given; the other one is named.
    Conflicts(&'static str),
    /// The caller's role may not set it.
    NotPermitted,
    /// It may be set, but not to what this value names.
    Unsuitable,
    /// The field does not apply to what is being done.
    NotApplicable,
    /// A thing cannot refer to itself, directly or through others.
    Circular,
    /// What it refers to is inactive.
    Inactive,
    /// The company that it refers to is closed.
    CompanyClosed,
    /// A variable of a prepared text that does not exist.
    UnknownVariable(String),
    /// A variable of a prepared text that the ticket has no value for.
    NoValue(String),
    Taken,
    /// Too easy to guess.
    WeakPassword,
    /// Not the current password.
    WrongPassword,
    /// Before the earliest day or instant that is accepted.
    TooEarly(Moment),
    /// After the latest one that is accepted.
    TooLate(Moment),
    /// A span that is longer than this.
    SpanTooLong(SpanLimit),
    /// A span divided into more parts than this.
    TooManyParts(u64),
    /// Another number was found: this one.
    CountDiffers(u64),
}

/// A day, or an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    Day(NaiveDate),
    Instant(Timestamp),
}

impl From<NaiveDate> for Moment {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self::Instant(at)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Instant(at) => at.fmt(f),
        }
    }
}

/// How long a span of time may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanLimit {
    Days(u64),
    Years(u64),
}

/// The codes and their meanings.
pub const FIELD_CODES: &[(&str, &str)] = &[
    ("required", "It is missing."),
    ("blank", "It has no visible character."),
    ("too_long", "It has too many characters or elements."),
    ("too_short", "It has too few characters or elements."),
    ("too_small", "The number is too small."),
    ("too_large", "The number is too large."),
    ("wrong_type", "It has the wrong JSON type."),
    ("wrong_format", "It is not in the format that is documented."),
    ("not_one_of", "It is not one of the documented values."),
    ("unknown_field", "The operation has no such field."),
    ("read_only_field", "The field is shown and cannot be changed here."),
    ("repeated", "An element occurs more than once."),
    ("forbidden_character", "It has a character that no text may have, such as U+0000."),
    ("not_found", "It does not exist, or the caller may not see it."),
    ("conflicts", "It cannot be combined with another given field."),
    ("not_permitted", "The caller's role may not set it, or nobody may set it to this value."),
    ("not_applicable", "It does not apply to what is being done."),
    ("circular", "It would refer to itself, directly or through others."),
    ("inactive", "What it refers to is inactive."),
    ("company_closed", "The company that it refers to is closed."),
    ("unknown_variable", "The text names a variable that does not exist."),
    ("no_value", "The text names a variable that the ticket has no value for."),
    ("taken", "It is already in use."),
    ("weak_password", "The password is too easy to guess."),
    ("wrong_password", "It is not the current password."),
    ("too_early", "The day or the instant is too early."),
    ("too_late", "The day or the instant is too late."),
    ("span_too_long", "The period is too long."),
    ("too_many_parts", "The period would be divided into too many parts."),
    ("count_differs", "It is not the number that was found."),
];

impl FieldCode {
    /// The stable code that clients branch on.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Blank => "blank",
            Self::TooLong(_) | Self::TooMany(_) => "too_long",
            Self::TooShort(_) | Self::TooFew(_) => "too_short",
            Self::TooSmall(_) => "too_small",
            Self::TooLarge(_) => "too_large",
            Self::WrongType(_) => "wrong_type",
            Self::WrongFormat(_) => "wrong_format",
            Self::NotOneOf(_) => "not_one_of",
            Self::UnknownField => "unknown_field",
            Self::ReadOnlyField => "read_only_field",
            Self::Repeated => "repeated",
            Self::ForbiddenCharacter => "forbidden_character",
            Self::NotFound => "not_found",
            Self::Conflicts(_) => "conflicts",
            Self::NotPermitted | Self::Unsuitable => "not_permitted",
            Self::NotApplicable => "not_applicable",
            Self::Circular => "circular",
            Self::Inactive => "inactive",
            Self::CompanyClosed => "company_closed",
            Self::UnknownVariable(_) => "unknown_variable",
            Self::NoValue(_) => "no_value",
            Self::Taken => "taken",
            Self::WeakPassword => "weak_password",
            Self::WrongPassword => "wrong_password",
            Self::TooEarly(_) => "too_early",
            Self::TooLate(_) => "too_late",
            Self::SpanTooLong(_) => "span_too_long",
            Self::TooManyParts(_) => "too_many_parts",
            Self::CountDiffers(_) => "count_differs",
        }
    }
}
