//! `POST /tickets/{id}/redact`: redacts a text of the ticket that should never have been written.

use actix_web::post;
use actix_web::web::Path;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamptz};
use domain::ticket::{Action, Facts, TicketText};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::articles::store::flag_derived_from;
use crate::events::done::Done;
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag};
use crate::http::validation::Valid;
use crate::idempotency;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::search::index;
use crate::tickets::lifecycle::apply::apply_silently;
use crate::tickets::store::lock::lock_for_edit;
use crate::tickets::store::mails::delete_filing_mail;
use crate::tickets::view::Ticket;

/// Which text of a ticket is redacted, and why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({ "field": "steps", "reason": "В выводе был пароль администратора." }))]
pub struct TicketRedaction {
    /// The member that holds the text.
    pub field: TicketText,
    /// The reason. Everybody who can read the history can read it, so do not
    /// repeat the redacted text.
    #[schema(max_length = 2000, pattern = r"\S")]
    pub reason: String,
}

/// Redact a text of a ticket
///
/// Blanks the text in the ticket, wherever its history has stored it, and in the refused request and the
/// e-mail that the ticket came from. What e-mails of the ticket quote is deleted. The history shows that it was redacted.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_redact",
    params(("id" = i64, Path, description = "The ticket number"), Idempotent),
    request_body = TicketRedaction,
    responses((status = 200, description = "The ticket without the text", body = Ticket)),
)]
#[post("/tickets/{id}/redact")]
pub async fn redact(
    once: Idempotent,
    caller: Caller,
    id: Path<i64>,
    Valid(redaction): Valid<TicketRedaction>,
) -> Result<ApiResponse, Problem> {
    let work = move |conn: &mut _| {
        let event = apply_redaction(*id, redaction, &caller, conn)?;
        let ticket = Ticket::load(*id, &caller, conn)?;
        Ok(Done::new(WithEtag::new(ticket.version, ticket)).with_events(event))
    };
    once.run(work).await
}

/// Redacts a text; returns its event.
fn apply_redaction(
    id: i64,
    redaction: TicketRedaction,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    let ticket = lock_for_edit(id, None, caller, conn)?;
    let redacted_texts = blank_past(id, redaction.field.as_str(), caller.now, conn)?;
    delete_filing_mail(id, redaction.field == TicketText::Subject, conn)?;
    let action = Action::Redact {
        text: redaction.field,
        reason: redaction.reason,
        is_past_blanked: !redacted_texts.is_empty(),
    };
    let event = apply_silently(&ticket, action, &Facts::default(), &caller.into(), conn)?.event;
    let Some(mut event) = event else { return Ok(None) };
    idempotency::store::blank(id, conn)?;
    index::refresh(&[id], conn)?;
    flag_derived_from(id, caller.now, conn)?;
    event.body.redacted_texts = redacted_texts;
    Ok(Some(event))
}

#[derive(QueryableByName)]
struct Blanked {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Blanks the text in the history and in a refused request; returns the texts of the history.
fn blank_past(
    id: i64,
    field: &str,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<Vec<i64>> {
    let texts = "update event_texts set body = '', salt = null, redacted_at = $3
        where ticket_id = $1 and redacted_at is null and id in (
            select (body::jsonb #>> array['changes', $2, side])::bigint
            from events cross join (values ('from_text'), ('to_text')) as sides (side)
            where events.ticket_id = $1
        )
        returning id";
    let blanked: Vec<Blanked> = diesel::sql_query(texts)
        .bind::<BigInt, _>(id)
        .bind::<Text, _>(field)
        .bind::<Timestamptz, _>(now)
        .load(conn)?;
    diesel::sql_query(
        // The text in the markup of another system is the same text.
        "with former as (
            update imported set about = about - 'original'
            where kind = 'ticket' and id = $1 and $2 = 'description'
        )
        update refusals set request = request || jsonb_build_object($2, ''),
            subject = case $2 when 'subject' then '' else subject end
        where ticket_id = $1",
    )
    .bind::<BigInt, _>(id)
    .bind::<Text, _>(field)
    .execute(conn)?;
    Ok(blanked.into_iter().map(|it| it.id).collect())
}
