//! Loads the content of a mail about an event, limited to what its reader may see (OU09).

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::ticket::{Change, Details, TextRefs};
use domain::viewer::Owner;
use domain::{NotificationKind, Row, Status, Visibility, registration};
use serde_json::Value;

use crate::db::schema::{comments, events, inbound_mails, releases, ticket_texts, tickets, users};
use crate::db::string_enum::DbEnum;
use crate::events::conceal::conceal;
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::mail::page::Fact;
use crate::notifications::fan_out::is_internal_only;
use crate::notifications::mail::event::{EventMail, NewsOfRelease};
use crate::notifications::mail::required::Standing;
use crate::notifications::mail::{Reader, bulk, changes, quotes};
use crate::problem::Problem;

#[derive(Debug, Queryable)]
struct EventRow {
    kind: String,
    at: DateTime<Utc>,
    is_internal: bool,
    body: String,
    actor: Option<(i64, String, String)>,
}

#[derive(Debug, HasQuery)]
#[diesel(table_name = tickets)]
struct TicketRow {
    id: i64,
    company_id: i64,
    project_id: i64,
    subject: String,
    status: DbEnum<Status>,
    author_id: i64,
    contact_id: Option<i64>,
    release_id: Option<i64>,
    review_on: Option<NaiveDate>,
    confirmed_at: Option<DateTime<Utc>>,
    merged_into: Option<i64>,
    closes_at: Option<DateTime<Utc>>,
    due_at: DateTime<Utc>,
}

/// A release: its version, the day it is planned for, and when it came out.
type Release = (String, Option<NaiveDate>, Option<DateTime<Utc>>);

/// The mail about an event for a reader; none if they may not see it.
pub fn load(
    event_id: i64,
    bulk_id: Option<i64>,
    kind: NotificationKind,
    reader: &Reader<'_>,
    conn: &mut PgConnection,
) -> Result<Option<EventMail>, Problem> {
    let (ticket_id, row): (i64, EventRow) = events::table
        .left_join(users::table)
        .filter(events::id.eq(event_id))
        .select((
            events::ticket_id.assume_not_null(),
            (
                events::type_,
                events::at,
                events::is_internal,
                events::body,
                (users::id, users::first_name, users::last_name).nullable(),
            ),
        ))
        .first(conn)?;
    let ticket = TicketRow::query().filter(tickets::id.eq(ticket_id)).first(conn)?;
    let owner = Owner { company_id: ticket.company_id, project_id: ticket.project_id };
    let mut body: Body = serde_json::from_str(&row.body).map_err(Problem::unexpected)?;
    let event: EventType =
        serde_json::from_value(Value::String(row.kind)).map_err(Problem::unexpected)?;
    let is_internal = row.is_internal || is_internal_only(event, &body);
    if !reader.viewer.may_read(Row::Event(Some(owner), Visibility::of(is_internal))) {
        return Ok(None);
    }
    conceal(vec![&mut body.changes], &reader.viewer, conn)?;
    let may_read_notes = reader.viewer.may_read(Row::Comment(owner, Visibility::Internal));
    let release = release_of(&body, &ticket, conn)?;
    let mut facts = changes::rendered_changes(&body, reader, conn)?;
    let reason = body.reason.as_ref().filter(|_| may_read_notes || !body.reason_is_internal);
    facts.extend(reason.map(|it| Fact::new(&reader.texts.notification.reason, it.trim())));
    let is_own = [Some(ticket.author_id), ticket.contact_id].contains(&Some(reader.user.id));
    let is_receipt = event == EventType::Created && is_own;
    let question = if event == EventType::ClosingNear {
        quotes::last_words(ticket_id, conn)?.unwrap_or_default()
    } else {
        String::new()
    };
    let others = match bulk_id {
        Some(id) => bulk::others(id, ticket_id, reader, conn)?,
        None => Vec::new(),
    };
    let language = reader.user.language.0;
    Ok(Some(EventMail {
        kind,
        event,
        subject: ticket.subject.clone(),
        is_internal,
        is_receipt,
        is_from_mail: is_receipt && is_from_mail(ticket_id, conn)?,
        actor: row.actor.map(|(_, first, last)| format!("{first} {last}")).unwrap_or_default(),
        at: row.at,
        facts,
        edited: changes::edited(&body, language),
        text: words(event, &body, ticket_id, may_read_notes, conn)?,
        question,
        files: quotes::files(&body.attachment_ids, may_read_notes, reader.texts, conn)?,
        hints: if is_receipt { hints(ticket_id, reader, conn)? } else { Vec::new() },
        standing: standing(&body, &ticket, release.as_ref()),
        release: release.filter(|_| body.release_id.is_some()).map(|it| NewsOfRelease {
            version: it.0,
            planned_on: it.1,
            is_out: it.2.is_some(),
        }),
        others,
    }))
}

/// The comment of the event.
fn words(
    event: EventType,
    body: &Body,
    ticket_id: i64,
    may_read_notes: bool,
    conn: &mut PgConnection,
) -> QueryResult<String> {
    match body.comment_id.filter(|_| may_read_notes || !body.comment_is_internal) {
        Some(id) => comments::table.find(id).select(comments::body).first(conn),
        None if event == EventType::Created => {
            ticket_texts::table.find(ticket_id).select(ticket_texts::description).first(conn)
        }
        None => Ok(String::new()),
    }
}

/// Whether a mail became the ticket.
fn is_from_mail(ticket_id: i64, conn: &mut PgConnection) -> QueryResult<bool> {
    let mail = inbound_mails::table
        .filter(inbound_mails::ticket_id.eq(ticket_id))
        .filter(inbound_mails::reason.is_null())
        .filter(inbound_mails::is_request);
    diesel::select(diesel::dsl::exists(mail)).get_result(conn)
}

/// The hints about missing details (3.1, 3.2).
fn hints(
    ticket_id: i64,
    reader: &Reader<'_>,
    conn: &mut PgConnection,
) -> QueryResult<Vec<&'static str>> {
    let (software_version, connection_scheme, addresses, steps, cause, expected_result) =
        ticket_texts::table
            .find(ticket_id)
            .select((
                ticket_texts::software_version,
                ticket_texts::connection_scheme,
                ticket_texts::addresses,
                ticket_texts::steps,
                ticket_texts::cause,
                ticket_texts::expected_result,
            ))
            .first(conn)?;
    let details: Details =
        Details { software_version, connection_scheme, addresses, steps, cause, expected_result };
    let language = reader.user.language.0;
    Ok(registration::hints(&details).map(|it| it.meaning.text_in(language)).collect())
}

fn release_of(
    body: &Body,
    ticket: &TicketRow,
    conn: &mut PgConnection,
) -> QueryResult<Option<Release>> {
    let Some(id) = body.release_id.or(ticket.release_id) else { return Ok(None) };
    releases::table
        .find(id)
        .select((releases::version, releases::planned_on, releases::published_at))
        .first(conn)
        .optional()
}

/// The state of the ticket after the event; later changes are ignored.
fn standing(body: &Body, ticket: &TicketRow, release: Option<&Release>) -> Standing {
    let status = |it: &Change<TextRefs>| if let Change::Status(it) = it { it.to } else { None };
    let status = body.changes.0.iter().find_map(status);
    let status = status.unwrap_or(ticket.status.0);
    let standing = Standing {
        ticket_id: ticket.id,
        status,
        due_at: ticket.due_at,
        closes_at: ticket.closes_at,
        review_on: ticket.review_on,
        version: release.map(|it| (it.0.clone(), it.1)),
        is_confirmed: ticket.confirmed_at.is_some(),
        is_merged: ticket.merged_into.is_some(),
    };
    if status == ticket.status.0 { standing } else { standing.moved_on() }
}
