//! What is read of our own rows to compare them with the source.

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use domain::ticket::Place;

use crate::db::schema::{attachments, comments, companies, projects, ticket_watchers, tickets};

/// Somebody who was imported and cannot sign in yet.
#[derive(QueryableByName)]
pub struct Uninvited {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    pub email: String,
}

pub fn uninvited(
    direction: Option<&str>,
    most: i64,
    conn: &mut PgConnection,
) -> QueryResult<Vec<Uninvited>> {
    diesel::sql_query(include_str!("uninvited.sql"))
        .bind::<Nullable<Text>, _>(direction)
        .bind::<BigInt, _>(most)
        .load(conn)
}

pub fn place_of(project_id: i64, conn: &mut PgConnection) -> QueryResult<Place> {
    let (company_id, direction_id) = projects::table
        .find(project_id)
        .select((projects::company_id, projects::direction_id))
        .first(conn)?;
    Ok(Place { project_id, company_id, direction_id })
}

/// The project of a company in a direction.
pub fn place_in(
    company: &str,
    direction_id: i64,
    conn: &mut PgConnection,
) -> QueryResult<Option<Place>> {
    let found: Option<(i64, i64)> = projects::table
        .inner_join(companies::table)
        .filter(companies::name.eq(company))
        .filter(projects::direction_id.eq(direction_id))
        .select((projects::id, companies::id))
        .first(conn)
        .optional()?;
    Ok(found.map(|(project_id, company_id)| Place { project_id, company_id, direction_id }))
}

pub fn ticket_exists(id: i64, conn: &mut PgConnection) -> QueryResult<bool> {
    diesel::select(exists(tickets::table.find(id))).get_result(conn)
}

/// In the order of their ids.
pub fn watchers(ticket_id: i64, conn: &mut PgConnection) -> QueryResult<Vec<i64>> {
    ticket_watchers::table
        .filter(ticket_watchers::ticket_id.eq(ticket_id))
        .order(ticket_watchers::user_id)
        .select(ticket_watchers::user_id)
        .load(conn)
}

/// A comment: its author, whether it is internal, its text and its time.
pub type CommentValues = (Option<i64>, bool, String, DateTime<Utc>);

pub fn comments(ticket_id: i64, conn: &mut PgConnection) -> QueryResult<Vec<(i64, CommentValues)>> {
    comments::table
        .filter(comments::ticket_id.eq(ticket_id))
        .filter(comments::redacted_at.is_null())
        .select((
            comments::id,
            (comments::author_id, comments::is_internal, comments::body, comments::created_at),
        ))
        .load(conn)
}

#[derive(HasQuery)]
#[diesel(table_name = attachments)]
pub struct FileRow {
    pub id: i64,
    pub filename: String,
    pub description: Option<String>,
    pub size: i64,
    pub is_internal: bool,
    pub sha256: Vec<u8>,
}

pub fn files(ticket_id: i64, conn: &mut PgConnection) -> QueryResult<Vec<FileRow>> {
    FileRow::query()
        .filter(attachments::ticket_id.eq(ticket_id))
        .filter(attachments::redacted_at.is_null())
        .load(conn)
}

pub fn hash_of_article_file(
    id: i64,
    article_id: i64,
    conn: &mut PgConnection,
) -> QueryResult<Option<Vec<u8>>> {
    attachments::table
        .find(id)
        .filter(attachments::article_id.eq(article_id))
        .select(attachments::sha256)
        .first(conn)
        .optional()
}
