//! How a list of tickets is asked for the tickets of a figure.

use chrono::NaiveDate;
use domain::calendar::Weekday;
use domain::reports::Span;
use domain::{FieldCode, Role};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::figures::condition::{InFigure, Moment};
use crate::figures::figure::{Counted, Figure};
use crate::figures::in_query;
use crate::http::caller::Caller;
use crate::problem::Problem;

/// After how many working days without a public word of support a ticket is silent.
pub const SILENT_DAYS: i64 = 3;

/// The tickets of a report's figure.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FigureQuery {
    /// Only the tickets that this figure of a report counts, each once: reports link to them.
    #[param(inline, nullable = false)]
    pub figure: Option<Figure>,
    /// With `figure`: the first date of the report, from 1970-01-01 on.
    #[param(nullable = false)]
    pub from: Option<NaiveDate>,
    /// With `figure`: the date before which the report ends.
    #[param(nullable = false)]
    pub to: Option<NaiveDate>,
    /// With a `figure` of the workload: the engineer who had the ticket then, or commented on it publicly. Staff only.
    #[param(minimum = 1, nullable = false)]
    pub engineer_id: Option<i64>,
    /// With `figure`: on which day of the week the ticket was filed.
    #[param(nullable = false)]
    pub weekday: Option<Weekday>,
    /// With `figure`: in which hour of the day it was filed.
    #[param(maximum = 23, nullable = false)]
    pub hour: Option<u8>,
    /// With the `figure` of frequent questions: only the tickets that ask the same as this one, which has no topic.
    #[param(minimum = 1, nullable = false)]
    pub alike_to: Option<i64>,
}

impl FigureQuery {
    /// The condition of the figure; none without a figure.
    /// Errors: `validation_failed` for an invalid period, for parameters that need a figure or a different one, and for
    /// customers who ask for the work of engineers.
    pub fn condition(&self, caller: &Caller) -> Result<Option<InFigure>, Problem> {
        let Some(figure) = self.figure else {
            let stray = [
                ("from", self.from.is_some()),
                ("to", self.to.is_some()),
                ("engineer_id", self.engineer_id.is_some()),
                ("weekday", self.weekday.is_some()),
                ("hour", self.hour.is_some()),
                ("alike_to", self.alike_to.is_some()),
            ];
            let stray = stray.iter().find(|(_, is_given)| *is_given);
            return match stray {
                Some((name, _)) => Err(in_query(name, FieldCode::NotApplicable)),
                None => Ok(None),
            };
        };
        match (figure.is_of_engineers(), self.engineer_id) {
            (true, _) if !caller.role.is_support() => {
                return Err(in_query("figure", FieldCode::NotPermitted));
            }
            (false, Some(_)) => return Err(in_query("engineer_id", FieldCode::NotApplicable)),
            (true, _) | (false, None) => {}
        }
        if self.alike_to.is_some() && figure.counted() != Counted::Asked {
            return Err(in_query("alike_to", FieldCode::NotApplicable));
        }
        let calendar = &caller.rules.calendar;
        let today = calendar.day(caller.now);
        let span = Span::resolve(self.from, self.to, today).map_err(super::of_query)?;
        let moment = Moment {
            span,
            calendar,
            now: caller.now,
            silent_since: silent_since(caller),
            engineer_id: self.engineer_id,
            directions_of: (caller.role == Role::Engineer).then_some(caller.user_id),
            weekday: self.weekday,
            hour: self.hour,
            alike_to: self.alike_to,
        };
        Ok(Some(InFigure::new(figure, &moment)))
    }
}

/// Since when a ticket that is silent now has been without a word.
pub fn silent_since(caller: &Caller) -> chrono::DateTime<chrono::Utc> {
    let calendar = &caller.rules.calendar;
    calendar.sub(caller.now, SILENT_DAYS * calendar.minutes_of_day())
}
