//! The rows of articles and of their versions.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{ArticleStatus, ArticleVisibility, Language};

use crate::db::schema::{article_sources, article_versions, articles};
use crate::db::string_enum::DbEnum;

/// An article, without its texts.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, AsChangeset)]
#[diesel(table_name = articles, treat_none_as_null = true)]
pub struct ArticleRow {
    pub id: i64,
    /// The newest of its versions.
    pub version: i32,
    pub status: DbEnum<ArticleStatus>,
    pub visibility: DbEnum<ArticleVisibility>,
    pub published_version: Option<i32>,
    /// When it was last published.
    pub published_at: Option<DateTime<Utc>>,
    pub published_by: Option<i64>,
    /// The original of which it is a translation.
    pub original_id: Option<i64>,
    /// When a text of a source was redacted, if the article has not been published since.
    pub source_redacted_at: Option<DateTime<Utc>>,
    /// When it was first written.
    pub created_at: DateTime<Utc>,
}

/// What an article says in one version.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Insertable)]
#[diesel(table_name = article_versions)]
pub struct VersionRow {
    pub article_id: i64,
    pub version: i32,
    /// The language of the texts.
    pub language: DbEnum<Language>,
    pub title: String,
    pub problem: String,
    /// What to do about it.
    pub solution: String,
    /// The products that it is about.
    pub product_ids: Vec<i64>,
    pub version_from: Option<String>,
    pub version_to: Option<String>,
    pub author_id: i64,
    pub created_at: DateTime<Utc>,
    /// When the texts were blanked.
    pub redacted_at: Option<DateTime<Utc>>,
}

impl ArticleRow {
    /// A draft without a text yet.
    pub fn create(
        original_id: Option<i64>,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> QueryResult<Self> {
        diesel::insert_into(articles::table)
            .values((
                articles::status.eq(DbEnum(ArticleStatus::Draft)),
                articles::original_id.eq(original_id),
                articles::created_at.eq(now),
            ))
            .returning(Self::as_returning())
            .get_result(conn)
    }

    /// One article, locked until the transaction ends.
    pub fn lock(id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().filter(articles::id.eq(id)).for_no_key_update().first(conn)
    }

    /// Writes a row that has changed.
    pub fn save(&self, conn: &mut PgConnection) -> QueryResult<usize> {
        diesel::update(articles::table.find(self.id)).set(self).execute(conn)
    }

    /// What it says in its newest version.
    pub fn newest(&self, conn: &mut PgConnection) -> QueryResult<VersionRow> {
        VersionRow::query()
            .filter(article_versions::article_id.eq(self.id))
            .filter(article_versions::version.eq(self.version))
            .first(conn)
    }

    /// The original of a translation.
    pub fn original(&self) -> i64 {
        self.original_id.unwrap_or(self.id)
    }
}

impl VersionRow {
    pub fn create(&self, conn: &mut PgConnection) -> QueryResult<usize> {
        diesel::insert_into(article_versions::table).values(self).execute(conn)
    }
}

/// Replaces the tickets that an article was made from.
pub fn set_sources(
    article_id: i64,
    ticket_ids: &[i64],
    conn: &mut PgConnection,
) -> QueryResult<usize> {
    let other = article_sources::ticket_id.ne_all(ticket_ids);
    let of_article = article_sources::table.filter(article_sources::article_id.eq(article_id));
    diesel::delete(of_article.filter(other)).execute(conn)?;
    let row =
        |id: &i64| (article_sources::article_id.eq(article_id), article_sources::ticket_id.eq(*id));
    diesel::insert_into(article_sources::table)
        .values(ticket_ids.iter().map(row).collect::<Vec<_>>())
        .on_conflict_do_nothing()
        .execute(conn)
}

/// Flags the articles that were made from a ticket in which a text was redacted: what they took over has
/// to be checked again.
pub fn flag_derived_from(
    ticket_id: i64,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<usize> {
    let from_ticket = article_sources::table
        .filter(article_sources::ticket_id.eq(ticket_id))
        .select(article_sources::article_id);
    diesel::update(articles::table.filter(articles::id.eq_any(from_ticket)))
        .set(articles::source_redacted_at.eq(now))
        .execute(conn)
}
