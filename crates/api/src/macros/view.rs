//! How macros are shown in responses.

use diesel::PgConnection;
use diesel::prelude::*;
use domain::ticket::Thing;
use domain::{CloseReason, Language, RefusalReason, RootCause, Status, Timestamp, WaitingOn};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::page::{Listed, Page};
use crate::http::refs::Ref;
use crate::macros::store::{MacroRow, Names as PlaceNames};
use crate::names::Names;

/// Steps that engineers take again and again: comment, transition and assignment at once.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketMacro {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// The title by which engineers find the macro.
    pub title: String,
    /// The language of the comment.
    pub language: Language,
    /// The direction that the macro is for; null: all directions.
    pub direction: Option<Ref>,
    /// The product that the macro is for; null: all products.
    pub product: Option<Ref>,
    /// The comment, with variables.
    pub comment: Option<String>,
    /// Whether the comment is an internal note.
    pub internal: bool,
    /// The status that it moves a ticket to.
    pub to: Option<Status>,
    /// Why the ticket is closed.
    pub close_reason: Option<CloseReason>,
    /// Why the ticket is rejected.
    pub refusal_reason: Option<RefusalReason>,
    /// What the ticket waits for.
    pub waiting_on: Option<WaitingOn>,
    /// What the ticket was about.
    pub topic: Option<Ref>,
    /// The root cause of the problem.
    pub root_cause: Option<RootCause>,
    /// The engineer who gets the ticket.
    pub assignee: Option<Ref>,
    /// Whether whoever uses the macro gets the ticket.
    pub assigns_me: bool,
    /// When the macro was created.
    pub created_at: Timestamp,
    /// The version number, incremented with every change.
    pub version: i32,
}

impl TicketMacro {
    /// One macro, as it is shown.
    /// Errors: `NotFound` where there is none.
    pub fn load(id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        let found = vec![MacroRow::find(id, conn)?];
        Self::all(found, conn)?.pop().ok_or(diesel::NotFound)
    }

    /// Macros in their order, with the names of what their steps refer to.
    pub fn all(
        rows: Vec<(MacroRow, PlaceNames)>,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<Self>> {
        let named = rows.iter().flat_map(|(row, _)| {
            let steps = &row.steps.0;
            let topic = steps.topic_id.map(|it| (Thing::Topic, it));
            topic.into_iter().chain(steps.assignee_id.map(|it| (Thing::Person, it)))
        });
        let names = Names::of(named, conn)?;
        Ok(rows.into_iter().map(|row| Self::new(row, &names)).collect())
    }

    fn new((row, (direction, product)): (MacroRow, PlaceNames), names: &Names) -> Self {
        let named = |(id, name): (i64, String)| Ref::new(id, name);
        let steps = row.steps.0;
        Self {
            id: row.id,
            title: row.title,
            language: row.language.0,
            direction: row.direction_id.zip(direction).map(named),
            product: row.product_id.zip(product).map(named),
            comment: steps.comment,
            internal: steps.internal,
            to: steps.to,
            close_reason: steps.close_reason,
            refusal_reason: steps.refusal_reason,
            waiting_on: steps.waiting_on,
            topic: steps.topic_id.map(|it| names.of_thing(Thing::Topic, it)),
            root_cause: steps.root_cause,
            assignee: steps.assignee_id.map(|it| names.of_thing(Thing::Person, it)),
            assigns_me: steps.assigns_me,
            created_at: row.created_at.into(),
            version: row.version,
        }
    }
}

pub type MacroPage = Page<TicketMacro>;

impl Listed for TicketMacro {
    const PAGE_NAME: &'static str = "MacroPage";
    const PAGE_DESCRIPTION: &'static str = "A page of macros.";
    const ORDER: &'static str = "In order of creation.";
}
