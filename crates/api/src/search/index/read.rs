//! The searchable texts of tickets and articles.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Text};
use domain::search::{Document, SearchPlace};

use crate::db::named::Named;

/// A ticket as it is indexed.
pub struct Indexed {
    pub ticket_id: i64,
    pub project_id: i64,
    pub company_id: i64,
    /// For support.
    pub whole: Document,
    /// For the customer: nothing internal.
    pub public: Document,
}

#[derive(QueryableByName)]
struct TextRow {
    #[diesel(sql_type = BigInt)]
    ticket_id: i64,
    #[diesel(sql_type = BigInt)]
    project_id: i64,
    #[diesel(sql_type = BigInt)]
    company_id: i64,
    #[diesel(sql_type = Text)]
    place: String,
    #[diesel(sql_type = Bool)]
    is_internal: bool,
    #[diesel(sql_type = Text)]
    text: String,
}

/// The texts of tickets, as documents.
pub fn documents(ticket_ids: &[i64], conn: &mut PgConnection) -> QueryResult<Vec<Indexed>> {
    let statement =
        diesel::sql_query(include_str!("texts.sql")).bind::<Array<BigInt>, _>(ticket_ids);
    let rows: Vec<TextRow> = Named(statement).load(conn)?;
    let of_one_ticket = rows.chunk_by(|one, next| one.ticket_id == next.ticket_id);
    Ok(of_one_ticket.filter_map(Indexed::of).collect())
}

impl Indexed {
    /// A ticket by its texts.
    fn of(rows: &[TextRow]) -> Option<Self> {
        let &TextRow { ticket_id, project_id, company_id, .. } = rows.first()?;
        let document = |is_read: fn(&TextRow) -> bool| {
            let mut document = Document::of_ticket(ticket_id);
            for row in rows.iter().filter(|it| is_read(it)) {
                if let Ok(place) = row.place.parse::<SearchPlace>() {
                    document.add(place, &row.text);
                }
            }
            document
        };
        let whole = document(|_| true);
        let has_internal = rows.iter().any(|it| it.is_internal);
        let public = if has_internal { document(|it| !it.is_internal) } else { whole.clone() };
        Some(Self { ticket_id, project_id, company_id, whole, public })
    }
}

/// A published article as it is indexed.
pub struct IndexedArticle {
    pub article_id: i64,
    /// Whether it is for customers, too.
    pub is_public: bool,
    pub document: Document,
}

#[derive(QueryableByName)]
struct ArticleText {
    #[diesel(sql_type = BigInt)]
    article_id: i64,
    #[diesel(sql_type = Bool)]
    is_public: bool,
    #[diesel(sql_type = Text)]
    place: String,
    #[diesel(sql_type = Text)]
    text: String,
}

/// The texts of the published ones among some articles, as documents.
pub fn articles(ids: &[i64], conn: &mut PgConnection) -> QueryResult<Vec<IndexedArticle>> {
    let statement =
        diesel::sql_query(include_str!("article_texts.sql")).bind::<Array<BigInt>, _>(ids);
    let rows: Vec<ArticleText> = Named(statement).load(conn)?;
    let mut articles: BTreeMap<i64, IndexedArticle> = BTreeMap::new();
    for ArticleText { article_id, is_public, place, text } in rows {
        let article = articles.entry(article_id).or_insert_with(|| IndexedArticle {
            article_id,
            is_public,
            document: Document::default(),
        });
        if let Ok(place) = place.parse::<SearchPlace>() {
            article.document.add(place, &text);
        }
    }
    Ok(articles.into_values().collect())
}
