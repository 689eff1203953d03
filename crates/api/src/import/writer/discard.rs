//! Deletes imported data: single tickets that no longer exist in the source, or a whole rehearsal, as
//! long as nobody worked on it. The history is append-only for everybody else: only here, as the owner
//! of the tables, in one transaction.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};

use crate::problem::Problem;

#[derive(QueryableByName)]
struct Key {
    #[diesel(sql_type = Text)]
    storage_key: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Tables with rows of tickets, referring ones first.
const OF_TICKETS: &[&str] = &[
    "delete from notifications where ticket_id = any($1)
        or event_id in (select id from events where ticket_id = any($1))",
    "delete from mails where ticket_id = any($1)",
    "delete from webhook_deliveries where event_id in (select id from events where ticket_id = any($1))",
    "delete from feed_waiting where event_id in (select id from events where ticket_id = any($1))",
    "delete from feed where event_id in (select id from events where ticket_id = any($1))",
    "delete from event_texts where ticket_id = any($1)",
    "delete from events where ticket_id = any($1)",
    "delete from ticket_facts where ticket_id = any($1)",
    "delete from clock_outcomes where ticket_id = any($1)",
    "delete from ticket_reads where ticket_id = any($1)",
    "delete from ticket_watchers where ticket_id = any($1)",
    "delete from ticket_links where ticket_id = any($1) or other_id = any($1)",
    "delete from attachments where ticket_id = any($1)",
    "delete from comment_versions where comment_id in (select id from comments where ticket_id = any($1))",
    "delete from imported where kind = 'note' and id in (select id from comments where ticket_id = any($1))",
    "delete from comments where ticket_id = any($1)",
    "delete from ticket_texts where ticket_id = any($1)",
    "delete from search_of_support where ticket_id = any($1)",
    "delete from search_of_customers where ticket_id = any($1)",
    "delete from imported where kind = 'ticket' and id = any($1)",
    "update tickets set parent_id = null where parent_id = any($1)",
    "delete from tickets where id = any($1)",
];

/// Deletes tickets with everything that belongs to them; returns the keys of bytes without a row.
pub fn tickets(ids: &[i64], conn: &mut PgConnection) -> Result<Vec<String>, Problem> {
    let keys: Vec<Key> = diesel::sql_query(
        "select storage_key from attachments where ticket_id = any($1) and storage_key <> ''",
    )
    .bind::<Array<BigInt>, _>(ids)
    .load(conn)?;
    diesel::sql_query(
        "delete from imported where kind = 'file' and id in (select id from attachments where ticket_id = any($1))",
    )
    .bind::<Array<BigInt>, _>(ids)
    .execute(conn)?;
    guarded(false, conn)?;
    for statement in OF_TICKETS {
        diesel::sql_query(*statement).bind::<Array<BigInt>, _>(ids).execute(conn)?;
    }
    guarded(true, conn)?;
    Ok(keys.into_iter().map(|it| it.storage_key).collect())
}

/// The same for articles that an import has written.
const OF_ARTICLES: &[&str] = &[
    "delete from article_sources where article_id = any($1)",
    "delete from article_versions where article_id = any($1)",
    "delete from imported where kind = 'article' and id = any($1)",
    "delete from articles where id = any($1)",
];

/// Deletes drafts with their files; returns the keys of bytes without a row.
pub fn articles(ids: &[i64], conn: &mut PgConnection) -> Result<Vec<String>, Problem> {
    use crate::db::schema::attachments;

    let own = attachments::table.filter(attachments::article_id.eq_any(ids));
    let own: Vec<i64> = own.select(attachments::id).load(conn)?;
    let keys = files(&own, conn)?;
    for statement in OF_ARTICLES {
        diesel::sql_query(*statement).bind::<Array<BigInt>, _>(ids).execute(conn)?;
    }
    Ok(keys)
}

/// Deletes files; returns the keys of their bytes.
pub fn files(ids: &[i64], conn: &mut PgConnection) -> Result<Vec<String>, Problem> {
    let imported = "delete from imported where kind = 'file' and id = any($1)";
    diesel::sql_query(imported).bind::<Array<BigInt>, _>(ids).execute(conn)?;
    let deleted = "delete from attachments where id = any($1) returning storage_key";
    let keys: Vec<Key> = diesel::sql_query(deleted).bind::<Array<BigInt>, _>(ids).load(conn)?;
    Ok(keys.into_iter().map(|it| it.storage_key).filter(|it| !it.is_empty()).collect())
}

fn guarded(is_on: bool, conn: &mut PgConnection) -> QueryResult<()> {
    let word = if is_on { "enable always" } else { "disable" };
    conn.batch_execute(&format!(
        "alter table events {word} trigger events_append_only; alter table feed {word} trigger feed_append_only"
    ))
}

/// Deletes everything that came from a system; returns the number of tickets
/// and the keys of bytes without a row.
/// Errors: one sentence that names the tickets that people have worked on.
pub fn all(system: &str, conn: &mut PgConnection) -> Result<(usize, Vec<String>), Problem> {
    let touched: Vec<Number> = diesel::sql_query(
        "select imported.id from imported where kind = 'ticket' and id is not null
         and (about ->> 'touched' = 'true' or exists (
             select from events where ticket_id = imported.id and seq > imported.seq
             and actor_id is not null))
         order by 1 limit 20",
    )
    .load(conn)?;
    if !touched.is_empty() {
        return Err(worked_on_problem("tickets", &touched));
    }
    let worked_on: Vec<Number> = diesel::sql_query(
        "select imported.id from imported join articles on articles.id = imported.id
         where kind = 'article' and (status <> 'draft' or version <> (about ->> 'version')::integer)
         order by 1 limit 20",
    )
    .load(conn)?;
    if !worked_on.is_empty() {
        return Err(worked_on_problem("articles", &worked_on));
    }
    let ids = of_kind("ticket", conn)?;
    let mut keys = articles(&of_kind("article", conn)?, conn)?;
    for some in ids.chunks(1000) {
        keys.extend(tickets(some, conn)?);
    }
    for statement in OF_THE_DIRECTORY {
        diesel::sql_query(*statement).execute(conn)?;
    }
    for (kind, deleted) in OWN_ROWS {
        delete_unused(kind, deleted, conn)?;
    }
    diesel::sql_query("delete from imported").execute(conn)?;
    diesel::sql_query("delete from imports where system = $1")
        .bind::<Text, _>(system)
        .execute(conn)?;
    Ok((ids.len(), keys))
}

fn of_kind(kind: &str, conn: &mut PgConnection) -> QueryResult<Vec<i64>> {
    let sql = "select id from imported where kind = $1 and id is not null order by id";
    let rows: Vec<Number> = diesel::sql_query(sql).bind::<Text, _>(kind).load(conn)?;
    Ok(rows.into_iter().map(|it| it.id).collect())
}

fn worked_on_problem(what: &str, worked_on: &[Number]) -> Problem {
    let list: Vec<String> = worked_on.iter().map(|it| it.id.to_string()).collect();
    let list = list.join(", ");
    Problem::unexpected(format!("people have worked on imported {what} ({list}): the import stays"))
}

/// What an import has added to the directory besides rows of its own: memberships, and the keys of the
/// people whom it imported.
const OF_THE_DIRECTORY: &[&str] = &[
    "delete from imported where kind in ('file', 'note')",
    "delete from api_tokens where name = 'Redmine' and user_id in (
         select id from imported where kind = 'person' and 'true' in (about ->> 'created', about ->> 'has_key'))",
    "delete from project_members using imported where imported.kind = 'person'
         and imported.id = project_members.user_id and about -> 'projects' @> to_jsonb(project_members.project_id)",
    "delete from direction_engineers using imported where imported.kind = 'person'
         and imported.id = direction_engineers.user_id
         and about -> 'directions' @> to_jsonb(direction_engineers.direction_id)",
];

/// The rows that an import has created, referring ones first. People who have signed in stay.
const OWN_ROWS: &[(&str, &str)] = &[
    (
        "person",
        "delete from users using imported where users.id = $1 and password_hash is null
         and kind = 'person' and imported.id = users.id and about ->> 'created' = 'true'",
    ),
    ("release", "delete from releases where id = $1"),
    ("product", "delete from products where id = $1"),
    ("place", "delete from projects where id = $1"),
    ("company", "delete from companies where id = $1"),
    ("direction", "delete from directions where id = $1"),
];

/// One by one, since rows that are referred to stay.
fn delete_unused(kind: &str, deleted: &str, conn: &mut PgConnection) -> QueryResult<()> {
    for id in of_kind(kind, conn)? {
        let forgotten =
            conn.transaction(|conn| diesel::sql_query(deleted).bind::<BigInt, _>(id).execute(conn));
        if let Err(cause) = forgotten {
            log::info!("{kind} {id} stays: {cause}");
        }
    }
    Ok(())
}
