//! Lists that are narrowed down by what search finds.

use diesel::prelude::*;
use domain::RuleViolation;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::db::schema::tickets;
use crate::figures::condition::InFigure;
use crate::http::caller::Caller;
use crate::problem::Problem;
use crate::search::find::candidates::{Hit, Ids, MAX_LISTED};
use crate::search::find::found::{SearchScope, find, parsed, parsed_at};
use crate::search::find::tsquery::Places;
use crate::tickets::lists::condition::{Condition, condition};
use crate::tickets::lists::filter::{TicketFilter, filtered};
use crate::tickets::lists::questions::Asked;

/// What is looked for in the tickets of a list.
#[derive(Debug, Clone, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TicketWords {
    /// Only tickets that `GET /search` finds by this, of the 1,000 newest.
    #[param(min_length = 1, max_length = 500, nullable = false)]
    #[expect(dead_code, reason = "for the document: it is read as a member of the list")]
    pub q: Option<String>,
}

/// Which tickets a list is of: those that pass every filter, and that search finds.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct TicketList {
    #[serde(flatten)]
    #[schema(inline)]
    pub filter: TicketFilter,
    /// Only tickets that `GET /search` finds by this, of the 1,000 newest.
    #[schema(min_length = 1, max_length = 500)]
    pub q: Option<String>,
}

/// The tickets of a list, once it is known what search finds.
pub struct Selection {
    filter: TicketFilter,
    /// The numbers of what was found; none where nothing is looked for.
    found: Option<Vec<i64>>,
    figure: Option<InFigure>,
    /// For a figure of questions: who asks them.
    asked: Option<Asked>,
    /// Whether there are more than were looked at.
    pub is_truncated: bool,
}

impl From<TicketFilter> for TicketList {
    fn from(filter: TicketFilter) -> Self {
        Self { filter, q: None }
    }
}

impl TicketList {
    /// Checks what is looked for, as a member of a body.
    /// Errors: a field error for what has no word to look for.
    pub fn check(&self, pointer: &str) -> Result<(), Problem> {
        let Some(typed) = &self.q else { return Ok(()) };
        let checked = parsed_at(typed, &format!("{pointer}/q"));
        checked.map(drop).map_err(|it| RuleViolation::Invalid(vec![it]).into())
    }

    /// Checks what is looked for, as a parameter.
    /// Errors: `validation_failed` for what has no word to look for.
    pub fn check_query(&self) -> Result<(), Problem> {
        self.q.as_deref().map_or(Ok(()), |it| parsed(it).map(drop))
    }

    /// Finds what is looked for.
    /// Errors: `validation_failed` for what has no word to look for.
    pub fn select(&self, caller: &Caller, conn: &mut PgConnection) -> Result<Selection, Problem> {
        let mut selection = Selection {
            filter: self.filter.clone(),
            found: None,
            figure: None,
            asked: None,
            is_truncated: false,
        };
        if let Some(typed) = &self.q {
            let ids = filtered(&self.filter, caller);
            let tickets = Some((Places::default(), ids));
            let scope = SearchScope { tickets, max_tickets: MAX_LISTED, articles: None };
            let found = find(&parsed(typed)?, scope, &caller.viewer, conn)?;
            let ids = found.results.iter().filter_map(|it| match it.hit {
                Hit::Ticket(id) => Some(id),
                Hit::Article(_) => None,
            });
            selection.found = Some(ids.collect());
            selection.is_truncated = !found.is_all;
        }
        Ok(selection)
    }
}

impl Selection {
    /// Only those that a figure of a report counts, if there is one.
    pub fn in_figure(
        self,
        figure: Option<InFigure>,
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> QueryResult<Self> {
        let questions = figure.as_ref().and_then(|it| it.questions);
        let asked = questions.map(|it| Asked::load(it, &self.filter, caller, conn)).transpose()?;
        Ok(Self { figure, asked, ..self })
    }

    /// That the caller may read a ticket, and that it is one of the list.
    pub fn condition(&self, caller: &Caller) -> Condition {
        let mut all = condition(&self.filter, caller);
        if let Some(found) = &self.found {
            all = Box::new(all.and(tickets::id.eq_any(found.clone())));
        }
        if let Some(figure) = &self.figure {
            all = Box::new(all.and(figure.clone()));
        }
        if let Some(asked) = &self.asked {
            all = Box::new(all.and(asked.condition()));
        }
        all
    }

    /// The numbers of its tickets.
    pub fn ids(&self, caller: &Caller) -> Ids {
        tickets::table.select(tickets::id).filter(self.condition(caller)).into_boxed()
    }
}
