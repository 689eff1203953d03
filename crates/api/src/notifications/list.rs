//! `GET /me/notifications`: the inbox.

use actix_web::get;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz};
use domain::{Language, NotificationKind, Role, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::db::cut::size;
use crate::db::named::Named;
use crate::db::string_enum::DbEnum;
use crate::events::view::{Change, Event, by_ids};
use crate::http::caller::Caller;
use crate::http::page::{Page, PageQuery, Paged};
use crate::http::query::Query;
use crate::http::refs::{Person, Ref};
use crate::http::request_db::RequestDb;
use crate::notifications::read::unread_count;
use crate::problem::Problem;
use crate::visibility;

/// Which notifications to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NotificationQuery {
    /// Only unread notifications, or only read ones.
    #[param(nullable = false)]
    pub unread: Option<bool>,
}

/// A notification.
#[derive(Debug, Serialize, ToSchema)]
pub struct Notification {
    /// The unique identifier; later notifications have greater ids.
    pub id: i64,
    /// The kind of the notification.
    pub kind: NotificationKind,
    /// The instant at which it happened.
    pub at: Timestamp,
    /// When you read the notification; null if not yet.
    pub read_at: Option<Timestamp>,
    /// The person, or the rule, that did it.
    pub actor: Person,
    /// What happened, in one sentence in your language.
    pub summary: String,
    /// What changed, by field name, as in the event.
    #[schema(value_type = std::collections::HashMap<String, Change>)]
    pub changes: Map<String, Value>,
    /// The ticket, by its subject; null for a refused request or a webhook.
    pub ticket: Option<Ref>,
    /// The event in the history of the ticket.
    #[schema(format = Int64)]
    pub event_id: Option<i64>,
    /// The comment that belongs to it.
    #[schema(format = Int64)]
    pub comment_id: Option<i64>,
    /// The request that was refused, by its subject.
    pub refusal: Option<Ref>,
    /// The webhook that was disabled, by its URL.
    pub webhook: Option<Ref>,
}

/// A page of notifications.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotificationPage {
    /// The newest comes first.
    pub items: Vec<Notification>,
    /// The number of unread notifications in the whole inbox; at most 1000.
    #[schema(maximum = 1000)]
    pub unread_count: i64,
    /// Where the next page begins; null on the last page.
    pub next_cursor: Option<String>,
}

/// List notifications
///
/// The notifications of the current user, newest first, without those of tickets that the user
/// may no longer see.
#[utoipa::path(
    tag = "me",
    operation_id = "me_notifications_list",
    params(NotificationQuery, PageQuery),
    responses((status = 200, description = "A page of notifications", body = NotificationPage)),
)]
#[get("/me/notifications")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    Query(query): Query<NotificationQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Paged<NotificationPage>, Problem> {
    let page = page.bound_to(("me/notifications", caller.user_id, query.unread))?;
    let work = move |conn: &mut _| {
        let rows = load(&caller, query.unread, page.after, page.limit, conn)?;
        Ok((page.cut(rows, |it| it.id), unread_count(&caller, conn)?))
    };
    let (Page { items, next_cursor }, unread_count) = db.run(work).await?;
    Ok(Paged::of(next_cursor, |next_cursor| NotificationPage { items, unread_count, next_cursor }))
}

#[derive(Debug, QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    kind: DbEnum<NotificationKind>,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    read_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<BigInt>)]
    ticket_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    subject: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    event_id: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    refusal_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    refused: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    webhook_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    url: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    actor_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    first_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    last_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    role: Option<DbEnum<Role>>,
    #[diesel(sql_type = Nullable<BigInt>)]
    comment_id: Option<i64>,
}

/// A page of what `caller` may still see; one row more shows that there is a next page.
fn load(
    caller: &Caller,
    unread: Option<bool>,
    before: Option<i64>,
    limit: i64,
    conn: &mut PgConnection,
) -> Result<Vec<Notification>, Problem> {
    let statement = include_str!("inbox.sql").replace(":size", size(limit + 1));
    let statement = visibility::statement(&statement, &caller.viewer)
        .bind::<BigInt, _>(caller.user_id)
        .bind::<Nullable<Bool>, _>(unread)
        .bind::<Nullable<BigInt>, _>(before);
    let rows: Vec<Row> = Named(statement).load(conn)?;
    let ids: Vec<i64> = rows.iter().filter_map(|it| it.event_id).collect();
    let mut events = by_ids(&ids, &caller.into(), conn)?;
    let shown = rows.into_iter().map(|row| {
        let event = row.event_id.and_then(|it| events.remove(&it));
        Notification::new(row, event, caller.language)
    });
    Ok(shown.collect())
}

impl Notification {
    fn new(row: Row, event: Option<Event>, language: Language) -> Self {
        let named = |id: Option<i64>, name: Option<String>| {
            id.zip(name).map(|(id, name)| Ref::new(id, name))
        };
        let person = row.actor_id.zip(row.first_name).zip(row.last_name).zip(row.role);
        let person = person.map(|(((id, first), last), role)| (id, first, last, role));
        let actor = Person::of(person, language);
        let (summary, changes) = match event {
            Some(event) => (event.summary, event.changes),
            None => (summary_of_kind(row.kind.0, &actor, language), Map::new()),
        };
        Self {
            id: row.id,
            kind: row.kind.0,
            at: row.at.into(),
            read_at: row.read_at.map(Timestamp),
            actor,
            summary,
            changes,
            ticket: named(row.ticket_id, row.subject),
            event_id: row.event_id,
            comment_id: row.comment_id,
            refusal: named(row.refusal_id, row.refused),
            webhook: named(row.webhook_id, row.url),
        }
    }
}

/// The summary of a notification without an event.
fn summary_of_kind(kind: NotificationKind, actor: &Person, language: Language) -> String {
    format!("{}: {}", actor.name, kind.label().text_in(language))
}
