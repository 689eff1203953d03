//! How comments are shown in responses.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{Language, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::attachments::store::of_comments;
use crate::attachments::view::Attachment;
use crate::db::cut::first_rows_named;
use crate::db::schema::{article_versions, articles, attachments, comments, releases, users};
use crate::http::caller::Caller;
use crate::http::chronology::Chronology;
use crate::http::page::{Listed, Page};
use crate::http::refs::{Person, PersonColumns, Ref};
use crate::problem::{Code, Problem};
use crate::visibility;

/// A comment on a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct Comment {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// The ticket.
    pub ticket_id: i64,
    /// The author of the comment.
    pub author: Person,
    /// The text; empty once it has been redacted.
    pub body: String,
    /// The release that was provided with the comment: `name` is its version.
    pub release: Option<Ref>,
    /// The article that the comment refers to, by its title; null once you may no longer read it.
    pub article: Option<Ref>,
    /// Whether this is an internal note, which only staff can see.
    pub internal: bool,
    /// The files that came with it.
    pub attachments: Vec<Attachment>,
    /// When it was created.
    pub created_at: Timestamp,
    /// The version number, starting at 1 and incremented with every edit.
    pub version: i32,
    /// When the text was last edited; null if never.
    pub edited_at: Option<Timestamp>,
    /// When the text was redacted; null if it was not.
    pub redacted_at: Option<Timestamp>,
}

pub type CommentPage = Page<Comment>;

impl Listed for Comment {
    const PAGE_NAME: &'static str = "CommentPage";
    const PAGE_DESCRIPTION: &'static str = "A page of comments.";
    const ORDER: &'static str = "Oldest first (App. 2), unless `sort` says otherwise.";
}

type Row = (
    i64,
    i64,
    Option<PersonColumns>,
    String,
    Option<(i64, String)>,
    bool,
    DateTime<Utc>,
    (i32, Option<DateTime<Utc>>, Option<DateTime<Utc>>, Option<i64>),
    bool,
);

/// The comments of a ticket that `caller` may read, from a cursor on; one more than `limit`
/// shows that there is a next page.
pub fn readable(
    ticket_id: i64,
    caller: &Caller,
    chronology: Chronology,
    (cursor, limit): (Option<i64>, i64),
    conn: &mut PgConnection,
) -> QueryResult<Vec<Comment>> {
    let (after, before) = chronology.bounds(cursor);
    let files = attachments::table.filter(attachments::comment_id.eq(comments::id.nullable()));
    let query = comments::table
        .left_join(users::table)
        .left_join(releases::table)
        .filter(comments::ticket_id.eq(ticket_id))
        .filter(comments::id.gt(after))
        .filter(comments::id.lt(before))
        .filter(visibility::comments(&caller.viewer))
        .order(chronology.order("comments.id"))
        .select((
            comments::id,
            comments::ticket_id,
            (users::id, users::first_name, users::last_name, users::role).nullable(),
            comments::body,
            (releases::id, releases::version).nullable(),
            comments::is_internal,
            comments::created_at,
            (comments::version, comments::edited_at, comments::redacted_at, comments::article_id),
            diesel::dsl::exists(files),
        ));
    let rows: Vec<Row> = first_rows_named(query, limit + 1, conn)?;
    let with_files: Vec<i64> =
        rows.iter().filter(|(.., has_files)| *has_files).map(|(id, ..)| *id).collect();
    let of_article = |it: &Row| it.7.3;
    let articles = titles(rows.iter().filter_map(of_article).collect(), caller, conn)?;
    let comment = |it: Row| {
        let article = of_article(&it).and_then(|id| Some(Ref::new(id, articles.get(&id)?)));
        Comment { article, ..Comment::new(it, caller.language) }
    };
    let mut items: Vec<Comment> = rows.into_iter().map(comment).collect();
    add_files(&mut items, &with_files, conn)?;
    Ok(items)
}

/// The titles of the articles that `caller` may read: of those that are published as they are published.
fn titles(
    ids: Vec<i64>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<HashMap<i64, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let published = article_versions::version.nullable().eq(articles::published_version);
    let newest = article_versions::version.eq(articles::version);
    let titles: Vec<(i64, String)> = articles::table
        .inner_join(article_versions::table.on(article_versions::article_id.eq(articles::id)))
        .filter(articles::id.eq_any(ids))
        .filter(visibility::articles(&caller.viewer))
        .filter(published.or(articles::published_version.is_null().and(newest)))
        .select((articles::id, article_versions::title))
        .load(conn)?;
    Ok(titles.into_iter().collect())
}

fn add_files(items: &mut [Comment], ids: &[i64], conn: &mut PgConnection) -> QueryResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    for file in of_comments(ids, conn)?.into_iter().map(Attachment::from) {
        if let Some(of) = items.iter_mut().find(|it| Some(it.id) == file.comment_id) {
            of.attachments.push(file);
        }
    }
    Ok(())
}

/// One comment, if `caller` may read it.
pub fn readable_one(
    ticket_id: i64,
    id: i64,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Comment, Problem> {
    let found = readable(ticket_id, caller, Chronology::after(id - 1), (None, 0), conn)?;
    found.into_iter().find(|it| it.id == id).ok_or_else(|| Problem::new(Code::NotFound))
}

impl Comment {
    fn new(row: Row, language: Language) -> Self {
        let (id, ticket_id, author, body, release, internal, created_at, state, _) = row;
        let (version, edited_at, redacted_at, _) = state;
        Self {
            id,
            ticket_id,
            author: Person::of(author, language),
            body,
            release: release.map(|(id, version)| Ref::new(id, version)),
            article: None,
            internal,
            attachments: Vec::new(),
            created_at: created_at.into(),
            version,
            edited_at: edited_at.map(Timestamp),
            redacted_at: redacted_at.map(Timestamp),
        }
    }
}
