//! The articles of a page, with the words that were found in them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Jsonb, Text, Timestamptz};
use domain::search::{Excerpts, SearchPlace, SearchPlan};
use domain::{ArticleVisibility, Language};
use serde_json::Value;

use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::http::refs::Ref;
use crate::tickets::search_results::view::{ArticleSummary, FoundIn, SearchKind, SearchResult};
use crate::visibility;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Text)]
    problem: String,
    #[diesel(sql_type = Text)]
    solution: String,
    #[diesel(sql_type = Text)]
    language: DbEnum<Language>,
    #[diesel(sql_type = Text)]
    visibility: DbEnum<ArticleVisibility>,
    #[diesel(sql_type = Timestamptz)]
    published_at: DateTime<Utc>,
    /// Pairs of an id and a name.
    #[diesel(sql_type = Jsonb)]
    products: Value,
    /// Pairs of an id, and name and text.
    #[diesel(sql_type = Jsonb)]
    files: Value,
}

/// The given articles that the caller may read, as results.
pub fn load(
    ids: &[i64],
    plan: &SearchPlan,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<HashMap<i64, SearchResult>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Row> = visibility::statement(include_str!("articles.sql"), &caller.viewer)
        .bind::<Array<BigInt>, _>(ids)
        .load(conn)?;
    let mut excerpts = Excerpts::of(plan);
    Ok(rows.into_iter().map(|it| (it.id, it.result(&mut excerpts))).collect())
}

/// Pairs that the database has encoded as JSON.
fn pairs(of: Value) -> Vec<(i64, String)> {
    serde_json::from_value(of).unwrap_or_default()
}

impl Row {
    fn result(self, excerpts: &mut Excerpts<'_>) -> SearchResult {
        let texts = [&self.title, &self.problem, &self.solution].into_iter().cloned();
        let texts = texts.map(|it| (None, it));
        let files = pairs(self.files).into_iter().map(|(id, text)| (Some(id), text));
        let found = |(attachment_id, text): (Option<i64>, String)| {
            let excerpt = excerpts.excerpt(&text)?.into_iter().map(Into::into).collect();
            Some(FoundIn { place: SearchPlace::Articles, comment_id: None, attachment_id, excerpt })
        };
        let found_in = texts.chain(files).filter_map(found).collect();
        let products = pairs(self.products).into_iter();
        let article = ArticleSummary {
            id: self.id,
            title: self.title,
            language: self.language.0,
            products: products.map(|(id, name)| Ref::new(id, name)).collect(),
            visibility: self.visibility.0,
            published_at: self.published_at.into(),
        };
        let (kind, article) = (SearchKind::Article, Some(article));
        SearchResult { kind, ticket: None, article, found_in, solution: None }
    }
}
